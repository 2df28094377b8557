import type { ListHead } from './list-head.ts';
import type { PageRead } from './page-read.ts';

/**
 * Ends a list that says nothing of its end (`guess`) where it begins to repeat itself: some suppliers
 * answer their first page past the end, some their last, some everything whatever page is asked. Their
 * repeats are dropped.
 *
 * But a page may also repeat because so many rows were put before it meanwhile: the supplier lists what was
 * edited first. So the next page decides. Where it is another one the list goes on, and the rows of the
 * repeat count as the duplicates that they are: absence from such a scan proves nothing. So they do where a
 * list ends in the same page twice, which might have shifted twice: then its first page tells.
 *
 * A resumed run's first page, which it reads again, is none. What comes in circles is over when as many
 * rows in a row were known as there are (or twice as many came, since some of them are gone), the next page is
 * known, too, and the first one has not changed.
 *
 * @param seen what the run has processed, also under other leases
 * @throws UpstreamError of asking for the first page
 */
export async function* withoutRepeats(
  pages: AsyncIterable<PageRead>,
  seen: ReadonlySet<string>,
  head: ListHead,
): AsyncGenerator<PageRead> {
  const listed = new Set<string>();
  let isFirst = true;
  /** A page of which every row was listed before, kept back until the next one tells what it is. */
  let held: PageRead | null = null;
  /** Rows of the last pages, all of which were known; each once, however often it came. */
  let knownInARow = new Set<string>();
  /** The same, as often as they came. */
  let rowsInARow = 0;

  for await (const read of pages) {
    if (read.guess === null) {
      if (held !== null) yield held;
      held = null;
      yield read;
      continue;
    }
    const { ids, isAsBefore } = read.guess;
    if (isFirst) head.begins(ids);
    const isKnown = (id: string): boolean => listed.has(id) || seen.has(id);
    const isRepeat = !isFirst && ids.size > 0 && [...ids].every(isKnown);
    const [knownBefore, rowsBefore] = [knownInARow.size, rowsInARow];
    if (!isRepeat) knownInARow = new Set();
    else for (const id of ids) knownInARow.add(id);
    rowsInARow = isRepeat ? rowsInARow + ids.size : 0;

    const isTwice = isRepeat && held !== null && isAsBefore;
    const all = Math.max(listed.size, seen.size);
    const isRound = isRepeat && (knownBefore >= all || rowsBefore >= 2 * all);
    const told = isTwice || isRound ? await head.tells(ids) : 'shifted';
    if (held !== null && told !== 'first') yield held;
    held = null;
    if (told !== 'shifted') {
      yield { ...read, entries: [], next: null };
      return;
    }
    if (isRepeat) held = read;
    else yield read;

    for (const id of ids) listed.add(id);
    isFirst = false;
  }
  if (held !== null) yield held;
}
