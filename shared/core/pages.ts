import type { ActiveControl } from './control.ts';
import { isGone, isOwnFailure, UpstreamError } from './errors.ts';
import { LIMITS } from './limits.ts';
import type { Page } from './ports.ts';
import { idOfRow, type RecordId } from './record-id.ts';
import type { RunPorts } from './run-ports.ts';

/** One page of the list, or the news that it was skipped. */
export type PageRead =
  | { readonly kind: 'page'; readonly page: Page }
  /** It could not be read although others can; the run goes on behind it, and is no success. */
  | { readonly kind: 'lost'; readonly next: string; readonly error: UpstreamError };

/**
 * Reads list pages from the run's cursor on, each next one while this one is being worked on. Ends
 * behind the last page, or behind any page once `stepIsOver`.
 *
 * @throws UpstreamError when the supplier, and not one page, is the trouble.
 */
export async function* pages(
  { run }: ActiveControl,
  ports: RunPorts,
  signal: AbortSignal,
  stepIsOver: () => boolean,
): AsyncGenerator<PageRead> {
  let pagesRead = run.pagesRead;
  let lostInARow = 0;
  let cursor = run.cursor;
  const met = new Set([cursor]);
  const isNothingNew = repetition(ports);
  let reading: Promise<Page> | null = readAhead(cursor, ports, signal);
  while (reading !== null) {
    const result: PageRead = await reading.then(
      (page) => ({ kind: 'page', page: isNothingNew(page) ? endOf(page) : page }),
      (error: unknown) => lost(error, cursor, ports, pagesRead > 0 ? lostInARow : null),
    );
    const next: string | null = result.kind === 'page' ? result.page.next : result.next;
    if (result.kind === 'page') {
      pagesRead += 1;
      lostInARow = 0;
    } else lostInARow += 1;
    if (pagesRead > LIMITS.pages) throw endless();
    if (next !== null && met.has(next)) throw circular();
    met.add(next);
    cursor = next;
    reading = next === null || stepIsOver() ? null : readAhead(next, ports, signal);
    yield result;
  }
}

function readAhead(cursor: string | null, ports: RunPorts, signal: AbortSignal): Promise<Page> {
  const page = ports.source.page(ports.resource, cursor, signal);
  page.catch(() => {}); // read before its turn: thrown when its turn comes
  return page;
}

/** Skips an unreadable page if another was read before and its successor is known; else rethrows. */
function lost(
  error: unknown,
  cursor: string | null,
  { source, resource, log }: RunPorts,
  lostInARow: number | null,
): PageRead {
  const skippable = isOwnFailure(error) && !isGone(error);
  const next = source.cursorAfter(resource, cursor);
  const tooMany = lostInARow === null || lostInARow + 1 >= LIMITS.failedPagesInARow;
  if (!skippable || next === null || tooMany) throw error;
  log.warn('page_lost', { resource: resource.name, cursor, error });
  return { kind: 'lost', next, error };
}

/**
 * Tells pages of a list that says nothing of its end which bring no record that was not listed before:
 * it began anew. Not the first one of a lease, which a resumed run reads again.
 */
function repetition({ ledger }: RunPorts): (page: Page) => boolean {
  const listed = new Set<RecordId>();
  return ({ entries, isGuess = false }) => {
    // A list that names its next page needs no such watch, which keeps every id.
    if (!isGuess) return false;
    const ids = entries.flatMap((row) => idOfRow(row) ?? []);
    const isKnown = (id: RecordId): boolean => listed.has(id) || ledger.seen.has(id);
    const isOld = listed.size > 0 && ids.length > 0 && ids.every(isKnown);
    for (const id of ids) listed.add(id);
    return isOld;
  };
}

const endOf = ({ count }: Page): Page => ({ entries: [], next: null, count });

function endless(): UpstreamError {
  const message = `the list did not end within ${LIMITS.pages} pages`;
  return new UpstreamError('invalid', message, { isEndless: true });
}

function circular(): UpstreamError {
  const message = 'the list leads back to a page already read: it never ends';
  return new UpstreamError('invalid', message, { isEndless: true });
}
