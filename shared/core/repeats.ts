import type { PageRead } from './page-read.ts';

/**
 * Ends a list that says nothing of its end (`guess`) where it begins to repeat itself: some suppliers
 * answer their first page past the end, some their last, some everything whatever page is asked. Their
 * repeats are dropped.
 *
 * But a page may also repeat because so many rows were put before it meanwhile: the supplier lists what was
 * edited first. So the next page decides. Where it is another one the list goes on, and the rows of the
 * repeat count as the duplicates that they are: absence from such a scan proves nothing. So they do where a
 * list ends in the same page twice, which can't be told from one that moved.
 *
 * A resumed run's first page, which it reads again, is none. What comes in circles is over when as many
 * rows in a row were known as there are, and the next page is known, too.
 *
 * @param seen what the run has processed, also under other leases
 */
export async function* withoutRepeats(
  pages: AsyncIterable<PageRead>,
  seen: ReadonlySet<string>,
): AsyncGenerator<PageRead> {
  const listed = new Set<string>();
  let isFirst = true;
  let previous: ReadonlySet<string> = new Set();
  /** A page of which every row was listed before, kept back until the next one tells what it is. */
  let held: PageRead | null = null;
  /** What the page before it is known by. */
  let beforeHeld: ReadonlySet<string> = previous;
  /** Rows of the last pages, all of which were known; each once, however often it came. */
  let knownInARow = new Set<string>();

  for await (const read of pages) {
    if (read.guess === null) {
      if (held !== null) yield held;
      held = null;
      yield read;
      continue;
    }
    const { ids, isAsBefore } = read.guess;
    const isKnown = (id: string): boolean => listed.has(id) || seen.has(id);
    const isRepeat = !isFirst && ids.size > 0 && [...ids].every(isKnown);
    const knownBefore = knownInARow.size;
    if (isRepeat) for (const id of ids) knownInARow.add(id);
    else knownInARow = new Set();

    const isTwice = isRepeat && held !== null && isAsBefore;
    const isRound = isRepeat && knownBefore >= Math.max(listed.size, seen.size);
    if (held !== null && !(isTwice && isClean(held, { listed, seen, before: beforeHeld })))
      yield held;
    held = null;
    if (isTwice || isRound) {
      yield { ...read, entries: [], next: null };
      return;
    }
    if (isRepeat) [held, beforeHeld] = [read, previous];
    else yield read;

    for (const id of ids) listed.add(id);
    isFirst = false;
    previous = ids;
  }
  if (held !== null) yield held;
}

interface Met {
  readonly listed: ReadonlySet<string>;
  readonly seen: ReadonlySet<string>;
  /** On the page before. */
  readonly before: ReadonlySet<string>;
}

/** Whether a page that came again tells nothing of a shift: it is the whole list, or has nothing of the page
 *  before it, as its last rows would have. */
function isClean({ guess }: PageRead, { listed, seen, before }: Met): boolean {
  const ids = guess?.ids ?? new Set<string>();
  const isWhole = [listed, seen].every((known) => [...known].every((id) => ids.has(id)));
  return isWhole || ![...ids].some((id) => before.has(id));
}

export const areSame = (some: ReadonlySet<string>, others: ReadonlySet<string> | null): boolean =>
  others !== null && some.size === others.size && [...some].every((id) => others.has(id));
