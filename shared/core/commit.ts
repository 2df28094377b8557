import { emptyBatch, type Batch } from './batch.ts';
import type { ActiveControl, RecentRecord, RunState, RunStats } from './control.ts';
import { LEASE_MS } from './decide.ts';
import { mergedHealth } from './health.ts';
import { LIMITS } from './limits.ts';
import type { CatalogWrite, Chunk } from './ports.ts';
import { recentAfter, told } from './recent.ts';
import type { RunPorts } from './run-ports.ts';

/** Writes a batch and the run's new state as one, and makes the ledger follow.
 *  @throws LeaseLostError when the lease is no longer ours: nothing was written. */
export async function commit(
  control: ActiveControl,
  batch: Batch,
  ports: RunPorts,
): Promise<ActiveControl> {
  const { clock, lease, ref, store } = ports;
  const stored = await told(batch, ports);
  lease.check();
  const sentAtMs = clock.monotonicMs();
  const storedAt = new Date(clock.nowMs()).toISOString();
  const recent = recentAfter(ports.ledger.recent, { ...batch, stored }, storedAt);
  const chunk: Chunk = { writes: batch.writes, seen: batch.seen, recent, storedAt };
  const after = committed(control, batch, ports);
  await store.commit(ref, { fence: control.fence, runId: control.run.runId }, after, chunk);
  lease.extended(sentAtMs);
  follow(ports, batch, recent);
  ports.observe(after);
  await ports.ahead.committed(batch.writes, storedAt);
  return after;
}

/** Commits writes that no row of the list asked for, in as many chunks as they need. */
export async function commitWrites(
  control: ActiveControl,
  writes: readonly CatalogWrite[],
  ports: RunPorts,
  { hasJudged = false }: Partial<Pick<Batch, 'hasJudged'>> = {},
): Promise<ActiveControl> {
  let current = control;
  for (let start = 0; start < writes.length; start += LIMITS.chunkWrites) {
    const batch = { ...emptyBatch(), hasJudged };
    batch.writes.push(...writes.slice(start, start + LIMITS.chunkWrites));
    batch.counted.removed = batch.writes.filter(({ kind }) => kind === 'tombstone').length;
    current = await commit(current, batch, ports);
  }
  return current;
}

function committed(control: ActiveControl, batch: Batch, ports: RunPorts): ActiveControl {
  const nowMs = ports.clock.nowMs();
  const { created, updated, removed } = batch.counted;
  const changes = created + updated + removed;
  const version = control.version + (changes > 0 ? 1 : 0);
  const { published } = control;
  return {
    ...control,
    run: runAfter(control.run, batch, ports, nowMs),
    leaseExpiresAtMs: nowMs + LEASE_MS,
    version,
    published: {
      ...published,
      // The first sync of all fills the shop as it goes; any other is seen when it is over.
      version: control.lastSuccessAtMs === null ? version : published.version,
      commits: published.commits + (changes > 0 ? 1 : 0),
      changes: published.changes + changes,
    },
    liveCount: control.liveCount + created - removed,
    removedCount: control.removedCount + removed,
    keyRefusedAtMs: isServed(batch) ? null : control.keyRefusedAtMs,
  };
}

/** Whether the supplier served any of it. */
const isServed = ({ counted, pageEnds }: Batch): boolean =>
  counted.total > 0 || pageEnds.some(({ lost }) => lost === null);

/** What only extends the lease is none. */
const isProgress = (batch: Batch): boolean => isServed(batch) || batch.counted.removed > 0;

function runAfter(run: RunState, batch: Batch, ports: RunPorts, nowMs: number): RunState {
  const { pageEnds } = batch;
  const { skipped } = ports.served;
  const counts = pageEnds.flatMap(({ count }) => count ?? []);
  const isCountOther = counts.some((count) => count !== (run.expected ?? counts[0]));
  const hasMoved = isCountOther || batch.hasMoved;
  const last = pageEnds.at(-1);
  const { total, duplicates } = run.stats;
  const lost = pageEnds.filter((page) => page.lost !== null).length;
  const { health } = ports.source;
  return {
    ...run,
    phase: last !== undefined && last.next === null ? 'closing' : run.phase,
    cursor: last === undefined ? run.cursor : last.next,
    chunks: run.chunks + 1,
    pagesRead: run.pagesRead + pageEnds.length - lost,
    pagesFailed: run.pagesFailed + lost,
    rowsRead: run.rowsRead + pageEnds.reduce((rows, page) => rows + page.rows, 0),
    expected: counts.at(-1) ?? run.expected,
    ...(hasMoved && { hasMoved }),
    ...(batch.hasJudged && { hasJudged: true }),
    doneBefore: last === undefined ? run.doneBefore : total + duplicates + batch.atPageEnd,
    stats: statsAfter(run.stats, batch, ports),
    checkpointAtMs: isProgress(batch) ? nowMs : run.checkpointAtMs,
    ...(skipped && { skippedDetails: true }),
    ...(health !== undefined && { health: mergedHealth(ports.spent.health, health) }),
  };
}

function statsAfter(stats: RunStats, { counted }: Batch, { source, spent }: RunPorts): RunStats {
  return {
    total: stats.total + counted.total,
    created: stats.created + counted.created,
    updated: stats.updated + counted.updated,
    unchanged: stats.unchanged + counted.unchanged,
    removed: stats.removed + counted.removed,
    errors: stats.errors + counted.errors,
    duplicates: stats.duplicates + counted.duplicates,
    upstream_requests: spent.requests + source.counters.requests,
    retries: spent.retries + source.counters.retries,
  };
}

function follow({ ledger }: RunPorts, batch: Batch, recent: readonly RecentRecord[] | null): void {
  for (const write of batch.writes) followWrite(ledger, write);
  for (const id of batch.seen) ledger.seen.add(id);
  if (recent !== null) ledger.recent = recent;
}

function followWrite(ledger: RunPorts['ledger'], write: CatalogWrite): void {
  switch (write.kind) {
    case 'upsert':
      ledger.manifest.set(write.id, { hash: write.hash, missing: false });
      ledger.seen.add(write.id);
      ledger.overBase += 1;
      return;
    case 'tombstone':
      ledger.manifest.delete(write.id);
      ledger.overBase += 1;
      return;
    case 'reject':
      ledger.rejects.add(write.key);
      return;
    case 'clear_reject':
      ledger.rejects.delete(write.key);
  }
}
