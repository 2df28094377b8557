import { NO_STATS, type RecentRecord, type RunStats } from './control.ts';
import { LIMITS } from './limits.ts';
import type { PageEnd } from './entries.ts';
import type { Planned } from './plan.ts';
import type { CatalogWrite, Clock } from './ports.ts';

/** What one commit will cover: rows in the list's order, and the ends of pages among them. */
export interface Batch {
  readonly writes: CatalogWrite[];
  /** Ids processed without an upsert. */
  readonly seen: string[];
  /** Newest last. */
  readonly stored: Omit<RecentRecord, 'syncedAt'>[];
  readonly pageEnds: PageEnd[];
  /** Rows counted, repeated or not, when the last of these pages ended. */
  atPageEnd: number;
  /** The list was seen to shift. */
  hasMoved: boolean;
  /** What is missing was judged before. */
  readonly hasJudged: boolean;
  readonly counted: { -readonly [Count in keyof RunStats]: number };
  /** Of the bodies. */
  bytes: number;
  /** Of the ids in `seen`. */
  seenBytes: number;
}

export const emptyBatch = (): Batch => ({
  writes: [],
  seen: [],
  stored: [],
  pageEnds: [],
  atPageEnd: 0,
  hasMoved: false,
  hasJudged: false,
  counted: { ...NO_STATS },
  bytes: 0,
  seenBytes: 0,
});

/**
 * Gathers rows into batches of at most one transaction. Also yields what it has, be it nothing, every
 * `flushMs`: a commit extends the lease, however slow the supplier is. What came before a failure is
 * yielded before it is thrown.
 */
export async function* batched(rows: AsyncIterator<Planned>, clock: Clock): AsyncGenerator<Batch> {
  let arrival = arrivalOf(rows);
  for (;;) {
    const batch = emptyBatch();
    const timer = new AbortController();
    const time = clock.sleep(LIMITS.flushMs, timer.signal).then((): Arrival => ({ kind: 'time' }));
    let arrived: Arrival = { kind: 'time' };
    do {
      arrived = await Promise.race([arrival, time]);
      if (arrived.kind !== 'row') break;
      add(batch, arrived.row);
      arrival = arrivalOf(rows);
    } while (!isFull(batch));
    timer.abort('full');
    yield batch;
    if (arrived.kind === 'end') return;
    if (arrived.kind === 'failure') throw arrived.error;
  }
}

type Arrival =
  | { readonly kind: 'row'; readonly row: Planned }
  | { readonly kind: 'end' }
  | { readonly kind: 'failure'; readonly error: unknown }
  | { readonly kind: 'time' };

function arrivalOf(rows: AsyncIterator<Planned>): Promise<Arrival> {
  return rows.next().then(
    ({ done, value }): Arrival => (done === true ? { kind: 'end' } : { kind: 'row', row: value }),
    (error: unknown): Arrival => ({ kind: 'failure', error }),
  );
}

function isFull({ writes, seen, seenBytes, bytes }: Batch): boolean {
  const most = writes.length < seen.length ? LIMITS.chunkFewWrites : LIMITS.chunkWrites;
  return (
    writes.length >= most ||
    seen.length >= LIMITS.chunkSeen ||
    seenBytes >= LIMITS.chunkSeenBytes ||
    bytes >= LIMITS.chunkBytes - LIMITS.recordBytes
  );
}

function add(batch: Batch, row: Planned): void {
  const { counted } = batch;
  if (row.kind === 'page_end') {
    batch.pageEnds.push(row);
    batch.atPageEnd = counted.total + counted.duplicates;
    batch.hasMoved ||= row.hasMoved;
    return;
  }
  counted[row.kind] += 1;
  if (row.kind === 'duplicates') {
    batch.hasMoved ||= row.hasMoved;
    return;
  }
  counted.total += 1;
  batch.writes.push(...row.writes);
  if (!('title' in row)) {
    batch.seen.push(row.id);
    batch.seenBytes += Buffer.byteLength(row.id);
    return;
  }
  batch.stored.push({ id: row.id, title: row.title, change: row.kind, ...row.preview });
  batch.bytes += row.bytes;
}
