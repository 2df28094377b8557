import type { Batch } from './batch.ts';
import type { RecentRecord } from './control.ts';
import { isJsonObject } from './json.ts';
import { LIMITS } from './limits.ts';
import { recentChanges } from './recent-changes.ts';
import type { RecordId } from './record-id.ts';
import type { RunPorts } from './run-ports.ts';

type Stored = Batch['stored'][number];

/**
 * The last ones stored, with what their update changes: those are read as they were before. Not of a batch
 * of many updates in the middle of the list: what comes after it is all that will be seen.
 */
export async function told(
  { stored, writes, counted, pageEnds }: Batch,
  { ref, store }: RunPorts,
): Promise<readonly Stored[]> {
  const last = stored.slice(-LIMITS.recent);
  const updated = last.filter(({ change }) => change === 'updated').map(({ id }) => id);
  const isSeen = counted.updated <= LIMITS.recent || pageEnds.at(-1)?.next === null;
  if (updated.length === 0 || !isSeen) return last;
  const before = await store.bodies(ref, updated);
  const after = new Map(
    writes.flatMap((write) => (write.kind === 'upsert' ? [[write.id, write.json] as const] : [])),
  );
  const changesOf = (id: RecordId): Pick<Stored, 'changes'> => {
    const was = before.get(id);
    const is: unknown = JSON.parse(after.get(id) ?? 'null');
    return was !== undefined && isJsonObject(is) ? { changes: recentChanges(was, is) } : {};
  };
  const withChanges = (record: Stored): Stored => ({ ...record, ...changesOf(record.id) });
  return last.map(withChanges);
}

/** The list of the last stored ones after a batch, without what it removes; null when that is as before. */
export function recentAfter(
  recent: readonly RecentRecord[],
  { stored, writes }: { readonly stored: readonly Stored[]; readonly writes: Batch['writes'] },
  syncedAt: string,
): readonly RecentRecord[] | null {
  const removed = new Set(
    writes.flatMap((write) => (write.kind === 'tombstone' ? [write.id] : [])),
  );
  const left = recent.filter(({ id }) => !removed.has(id));
  if (stored.length === 0 && left.length === recent.length) return null;
  const newest = stored.map((record) => ({ ...record, syncedAt })).toReversed();
  return [...newest, ...left].slice(0, LIMITS.recent);
}
