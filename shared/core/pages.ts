import type { ActiveControl } from './control.ts';
import { isGone, isOwnFailure, UpstreamError } from './errors.ts';
import { LIMITS } from './limits.ts';
import { createListHead } from './list-head.ts';
import { areSame, listedId } from './listed-id.ts';
import type { Guess, PageRead } from './page-read.ts';
import type { Page } from './ports.ts';
import { withoutRepeats } from './repeats.ts';
import type { RunPorts } from './run-ports.ts';

/**
 * Reads list pages from the run's cursor on, each next one while this one is being worked on. Ends
 * behind the last page, or behind any page once `stepIsOver`.
 *
 * @throws UpstreamError when the supplier, and not one page, is the trouble.
 */
export function pages(
  control: ActiveControl,
  ports: RunPorts,
  signal: AbortSignal,
  stepIsOver: () => boolean,
): AsyncGenerator<PageRead> {
  const read = pagesAsListed(control, ports, signal, stepIsOver);
  const head = createListHead(control.run.cursor === null, () => headIds(ports, signal));
  return withoutRepeats(read, ports.ledger.seen, head);
}

/** @throws UpstreamError when the supplier, and not that page, is the trouble. */
async function headIds(ports: RunPorts, signal: AbortSignal): Promise<ReadonlySet<string> | null> {
  try {
    return idsOf(await ports.source.page(ports.resource, null, signal), ports);
  } catch (error) {
    if (isOwnFailure(error)) return null;
    throw error;
  }
}

/** Where a walk through the list is. */
interface Place {
  readonly cursor: string | null;
  /** Whether the page before it named it; of a resumed run's first one that is not known. */
  readonly isNamed: boolean;
  /** Pages that could not be read before it; null: none was read yet. */
  readonly lostInARow: number | null;
  /** On the pages before it. */
  readonly rowsRead: number;
  readonly expected: number | null;
  /** What the rows of the last page are known by that said nothing of a next one. */
  readonly before: ReadonlySet<string>;
}

async function* pagesAsListed(
  { run }: ActiveControl,
  ports: RunPorts,
  signal: AbortSignal,
  stepIsOver: () => boolean,
): AsyncGenerator<PageRead> {
  const ask = askingOnce((cursor) => readAhead(cursor, ports, signal));
  const met = new Set([run.cursor]);
  let { pagesRead, rowsRead, expected, cursor } = run;
  let lostInARow = 0;
  let isNamed = true;
  let before: ReadonlySet<string> = new Set();
  let reading: Promise<Page> | null = ask(cursor);
  while (reading !== null) {
    const read = await pageRead(
      reading,
      {
        cursor,
        isNamed,
        lostInARow: pagesRead > 0 ? lostInARow : null,
        rowsRead,
        expected,
        before,
      },
      ports,
      ask,
    );
    if (read.lost === null) pagesRead += 1;
    lostInARow = read.lost === null ? 0 : lostInARow + 1;
    if (pagesRead > LIMITS.pages) throw endless();
    rowsRead += read.entries.length;
    expected = read.count ?? expected;
    const { next } = read;
    const isCircle = next !== null && met.has(next);
    met.add(next);
    [cursor, isNamed] = [next, read.lost === null && read.guess === null];
    before = read.guess?.ids ?? before;
    // What tells where such a list ends is known to this walk alone.
    const isOver = read.guess === null ? stepIsOver() : ports.shouldStop();
    const isLast = next === null || isCircle || isOver;
    // Behind a page that only repeats the one before it there may be nothing: no request ahead of its turn.
    const isRepeat = read.guess?.isAsBefore === true;
    reading = isLast || isRepeat ? null : ask(next);
    yield isCircle ? { ...read, fault: circular() } : read;
    if (isRepeat && !isLast) reading = ask(next);
  }
}

function readAhead(cursor: string | null, ports: RunPorts, signal: AbortSignal): Promise<Page> {
  const page = ports.source.page(ports.resource, cursor, signal);
  page.catch(() => {}); // read before its turn: thrown when its turn comes
  return page;
}

type Ask = (cursor: string | null) => Promise<Page>;

/** Asks for no page twice in a row: one that was to tell whether the list goes on is read in its turn, too. */
function askingOnce(ask: Ask): Ask {
  let last: { readonly cursor: string | null; readonly page: Promise<Page> } | null = null;
  return (cursor) => {
    if (last?.cursor !== cursor) last = { cursor, page: ask(cursor) };
    return last.page;
  };
}

/** @throws UpstreamError */
async function pageRead(
  reading: Promise<Page>,
  place: Place,
  ports: RunPorts,
  ask: Ask,
): Promise<PageRead> {
  let page: Page;
  try {
    page = await reading;
  } catch (error) {
    return lost(error, place, ports);
  }
  if (page.isNotFound === true) return notThere(place, ports, ask);
  const { entries, next, count, isGuess = false, nextFault } = page;
  if (nextFault !== undefined) return astray(page, nextFault, place, ports);
  if (isGuess && entries.length === 0) return empty(page, place, ports, ask);
  const guess = isGuess ? guessOf(page, place, ports) : null;
  return { ...NO_ROWS, entries, next, count, guess };
}

const NO_ROWS = { entries: [], count: null, guess: null, hasMoved: false, lost: null, fault: null };

function guessOf(page: Page, { before }: Place, ports: RunPorts): Guess {
  const ids = idsOf(page, ports);
  return { ids, isAsBefore: areSame(ids, before) };
}

const idsOf = ({ entries }: Page, { digest }: RunPorts): ReadonlySet<string> =>
  new Set(entries.map((row) => listedId(row, digest)));

/** Skips an unreadable page where there is a way on; else rethrows. */
function lost(error: unknown, place: Place, ports: RunPorts): PageRead {
  if (!isOwnFailure(error) || isGone(error)) throw error;
  const next = wayOn(error, place, ports);
  if (next === null) throw error;
  return { ...NO_ROWS, next, lost: error };
}

/** The page behind one that is lost, if another was read before and it is known; null: the list ends here. */
function wayOn(
  error: UpstreamError,
  { cursor, lostInARow }: Place,
  { source, resource, log }: RunPorts,
): string | null {
  const next = source.cursorAfter(resource, cursor);
  const tooMany = lostInARow === null || lostInARow + 1 >= LIMITS.failedPagesInARow;
  if (next === null || tooMany) return null;
  log.warn('page_lost', { resource: resource.name, cursor, error });
  return next;
}

/**
 * Upstream has no such page. Where the one behind it has rows this one is lost; else the list ends here. One
 * that the page before it named is gone since, so that the list has shifted, unless all that was announced
 * has come. It hides the rest where fewer came than were announced, or where it is a place that only its
 * name leads to: a token, say, that is no longer good.
 */
async function notThere(place: Place, ports: RunPorts, ask: Ask): Promise<PageRead> {
  const error = new UpstreamError('invalid', 'a page within the list was not found', {
    status: 404,
  });
  const next = ports.source.cursorAfter(ports.resource, place.cursor);
  if (await goesOn(next, ask)) return lost(error, place, ports);
  const hasMoved = place.isNamed && !isWhole(place);
  const hidesRest = hasMoved && (place.expected !== null || next === null);
  return { ...NO_ROWS, next: null, lost: hidesRest ? error : null, hasMoved };
}

/** A list that says nothing of its end is over at an empty page, unless one of the next two has rows. Then
 *  this one may be short of its own: absence from such a scan proves nothing. */
async function empty(page: Page, place: Place, ports: RunPorts, ask: Ask): Promise<PageRead> {
  const { count } = page;
  const isAll = isWhole({ ...place, expected: count ?? place.expected });
  let next = isAll ? null : ports.source.cursorAfter(ports.resource, place.cursor);
  for (let inARow = 1; inARow < LIMITS.emptyPagesInARow && next !== null; inARow += 1) {
    if (await goesOn(next, ask))
      return { ...NO_ROWS, next, count, guess: guessOf(page, place, ports), hasMoved: true };
    next = ports.source.cursorAfter(ports.resource, next);
  }
  return { ...NO_ROWS, next: null, count };
}

/** Whether all that was announced has come. */
const isWhole = ({ expected, rowsRead }: Pick<Place, 'expected' | 'rowsRead'>): boolean =>
  expected !== null && rowsRead >= expected;

/** Whether the list has rows at `next`, or a page that can't be read.
 *  @throws UpstreamError where the supplier, and not that page, is the trouble. */
const goesOn = async (next: string | null, ask: Ask): Promise<boolean> =>
  next !== null && ask(next).then(hasRows, isThere);

const hasRows = ({ entries }: Page): boolean => entries.length > 0;

/** Whether a page that could not be read is one all the same. Where the supplier is the trouble that is not
 *  known: it is asked again by who resumes the run. */
function isThere(error: unknown): boolean {
  if (isOwnFailure(error)) return true;
  throw error;
}

/** Its rows are sound, its `next` is not: the page behind it is tried where it is known, else the list ends
 *  in a failure that no resuming would mend. */
function astray(page: Page, error: UpstreamError, place: Place, ports: RunPorts): PageRead {
  const { entries, count } = page;
  const read = { ...NO_ROWS, entries, count, lost: error };
  const next = wayOn(error, place, ports);
  if (next !== null) return { ...read, next };
  const { failure, message } = error;
  const fault = new UpstreamError(failure, message, { isEndless: true, cause: error });
  return { ...read, next: null, fault };
}

function endless(): UpstreamError {
  const message = `the list did not end within ${LIMITS.pages} pages`;
  return new UpstreamError('invalid', message, { isEndless: true });
}

function circular(): UpstreamError {
  const message = 'the list leads back to a page already read: it never ends';
  return new UpstreamError('invalid', message, { isEndless: true });
}
