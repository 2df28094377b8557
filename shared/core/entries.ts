import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { madeUpId, type Digest } from './listed-id.ts';
import type { PageRead } from './page-read.ts';
import { idOfRow, type RecordId } from './record-id.ts';
import type { RunState } from './control.ts';
import type { RunPorts } from './run-ports.ts';

/** What the list says, one row at a time, in its order. */
export type Listed =
  | ListedRow
  /** An id that this run has met before: the first one won. On another page, unless the list names it
   *  twice on this one, it has moved. */
  | { readonly kind: 'duplicate'; readonly hasMoved: boolean }
  /** End of a page: the run may resume after it. */
  | PageEnd;

export type ListedRow =
  | { readonly kind: 'entry'; readonly id: RecordId; readonly entry: JsonObject }
  /** No object, or no usable id: `id` is made up from its content, and starts with `?`. */
  | { readonly kind: 'unusable'; readonly id: string; readonly payload: Json };

export interface PageEnd {
  readonly kind: 'page_end';
  /** Null behind the last page. */
  readonly next: string | null;
  readonly count: number | null;
  /** Rows on the page, usable or not: what upstream's `count` counts. */
  readonly rows: number;
  /** Why it, or the list behind it, could not be read; null when it was. */
  readonly lost: string | null;
  /** The list was seen to have shifted since the pages before it were read. */
  readonly hasMoved: boolean;
}

/**
 * The rows of pages, each id once. A resumed run reads its page again: as many rows as it had committed of
 * it are passed over in silence, as is whatever is not in the run's scope; more of them came down from the
 * page before. Ends in mid-page when the host must stop; that page is then not ended.
 */
export async function* entries(
  pagesRead: AsyncIterable<PageRead>,
  ports: RunPorts,
  run: RunState,
): AsyncGenerator<Listed> {
  const { chunks, scope } = run;
  const isResumed = chunks > 0;
  const wanted = scope === 'rejects' ? new Set(ports.ledger.rejects) : null;
  const met = new Set<string>();
  const committed = new Set(isResumed ? ports.ledger.seen : []);
  let silent = isResumed ? committedOfPage(run) : 0;
  for await (const read of pagesRead) {
    const onThisPage = new Set<string>();
    for (const row of read.entries) {
      if (ports.shouldStop()) return;
      const listed = toListed(row, ports.digest);
      const isCommitted = committed.has(listed.id);
      const isSilent = isCommitted && silent > 0;
      const isRepeated = isCommitted || met.has(listed.id);
      const hasMoved = !onThisPage.has(listed.id);
      met.add(listed.id);
      onThisPage.add(listed.id);
      if (isSilent) silent -= 1;
      if (isSilent || wanted?.has(listed.id) === false) continue;
      yield isRepeated ? { kind: 'duplicate', hasMoved } : listed;
    }
    if (read.fault !== null) throw read.fault;
    yield pageEnd(read);
    silent = 0;
  }
}

/** How many rows of the page that it is on a run has committed; of a partial run, which counts no others,
 *  all that it comes upon. */
const committedOfPage = ({ scope, stats, doneBefore }: RunState): number =>
  scope === 'full' ? stats.total + stats.duplicates - doneBefore : Infinity;

function toListed(row: Json, digest: Digest): ListedRow {
  const id = idOfRow(row);
  if (isJsonObject(row) && id !== null) return { kind: 'entry', id, entry: row };
  return { kind: 'unusable', id: madeUpId(row, digest), payload: row };
}

const pageEnd = ({ entries: rows, next, count, lost, hasMoved }: PageRead): PageEnd => ({
  kind: 'page_end',
  next,
  count,
  rows: rows.length,
  lost: lost?.message ?? null,
  hasMoved,
});
