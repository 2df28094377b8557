import type { PageRead } from './pages.ts';
import { listedId } from './entries.ts';

interface Known {
  /** What the run has processed, also under other leases. */
  readonly seen: ReadonlySet<string>;
  /** Whether the first page that is read is the list's. */
  readonly beginsAtFirst: boolean;
  readonly digest: (text: string) => string;
}

/** A page of which every row was listed before; it is kept back until the next one tells what it is. */
interface Repeat {
  readonly read: PageRead;
  readonly ids: ReadonlySet<string>;
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
  { seen, beginsAtFirst, digest }: Known,
): AsyncGenerator<PageRead> {
  const listed = new Set<string>();
  let first: ReadonlySet<string> | null = null;
  let before: ReadonlySet<string> = new Set();
  let held: Repeat | null = null;
  let knownInARow = 0;

  for await (const read of pages) {
    if (!read.isGuess) {
      if (held !== null) yield held.read;
      held = null;
      yield read;
      continue;
    }
    const ids = idsOf(read, digest);
    const isKnown = (id: string): boolean => listed.has(id) || seen.has(id);
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
  listed: ReadonlySet<string>,
  seen: ReadonlySet<string>,
): boolean {
  const isWhole = [listed, seen].every((known) => [...known].every((id) => ids.has(id)));
  return isWhole || !isAsBefore;
}

/** What a page's rows are known by, also those without an id: a list may have no others. */
export const idsOf = ({ entries }: PageRead, digest: Known['digest']): ReadonlySet<string> =>
  new Set(entries.map((row) => listedId(row, digest)));

export const areSame = (some: ReadonlySet<string>, others: ReadonlySet<string> | null): boolean =>
  others !== null && some.size === others.size && [...some].every((id) => others.has(id));
