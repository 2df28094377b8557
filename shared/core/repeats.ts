import type { PageRead } from './pages.ts';
import { idOfRow, type RecordId } from './record-id.ts';

interface Known {
  /** What the run has processed, also under other leases. */
  readonly seen: ReadonlySet<RecordId>;
  /** Whether the first page that is read is the list's. */
  readonly beginsAtFirst: boolean;
}

/** A page of which every row was listed before; it is kept back until the next one tells what it is. */
interface Repeat {
  readonly read: PageRead;
  readonly ids: ReadonlySet<RecordId>;
  /** It has the rows of the page right before it. */
  readonly isAsBefore: boolean;
}

/**
 * Ends a list that says nothing of its end (`isGuess`) where it begins to repeat itself: some suppliers
 * answer their first page past the end, some their last, some everything whatever page is asked. Their
 * repeats are dropped.
 *
 * But a page may also repeat because so many rows were put before it meanwhile: the supplier lists what was
 * edited first. So the next page decides. Where it is another one the list goes on, and the rows of the
 * repeat count as the duplicates that they are: absence from such a scan proves nothing. So they do where a
 * list ends in the same page twice, which can't be told from one that moved.
 *
 * A resumed run's first page, which it reads again, is none. What comes in circles from there on is over
 * when as many rows in a row were known as there are.
 */
export async function* withoutRepeats(
  pages: AsyncIterable<PageRead>,
  { seen, beginsAtFirst }: Known,
): AsyncGenerator<PageRead> {
  const listed = new Set<RecordId>();
  let first: ReadonlySet<RecordId> | null = null;
  let before: ReadonlySet<RecordId> = new Set();
  let held: Repeat | null = null;
  let knownInARow = 0;

  for await (const read of pages) {
    if (!read.isGuess) {
      if (held !== null) yield held.read;
      held = null;
      yield read;
      continue;
    }
    const ids = idsOf(read);
    const isKnown = (id: RecordId): boolean => listed.has(id) || seen.has(id);
    const isRepeat = first !== null && ids.size > 0 && [...ids].every(isKnown);
    const isAsBefore = areSame(ids, before);
    knownInARow = isRepeat ? knownInARow + ids.size : 0;

    const isFirstAgain = isRepeat && beginsAtFirst && !isAsBefore && areSame(ids, first);
    const isTwice = isRepeat && held !== null && isAsBefore;
    const isRound = held !== null && knownInARow >= Math.max(listed.size, seen.size);
    if (held !== null && !(isTwice && isClean(held, listed, seen))) yield held.read;
    held = null;
    if (isFirstAgain || isTwice || isRound) {
      yield { ...read, entries: [], next: null };
      return;
    }
    if (isRepeat) held = { read, ids, isAsBefore };
    else yield read;

    for (const id of ids) listed.add(id);
    first ??= ids;
    before = ids;
  }
  if (held !== null) yield held.read;
}

/** Whether a page that came again tells nothing of a shift: it is the whole list, or not the one before it. */
function isClean(
  { ids, isAsBefore }: Repeat,
  listed: ReadonlySet<RecordId>,
  seen: ReadonlySet<RecordId>,
): boolean {
  const isWhole = [listed, seen].every((known) => [...known].every((id) => ids.has(id)));
  return isWhole || !isAsBefore;
}

export const idsOf = ({ entries }: PageRead): ReadonlySet<RecordId> =>
  new Set(entries.flatMap((row) => idOfRow(row) ?? []));

export const areSame = (
  some: ReadonlySet<RecordId>,
  others: ReadonlySet<RecordId> | null,
): boolean =>
  others !== null && some.size === others.size && [...some].every((id) => others.has(id));
