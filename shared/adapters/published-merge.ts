import { compareIds, type RecordId } from '../core/record-id.ts';
import type { ListedRecord } from '../core/resource.ts';

/** What one commit changed over a published base. */
export interface PublishedChange {
  readonly rows: readonly ListedRecord[];
  readonly removed: readonly RecordId[];
}

/** Records in their order, newest id first, with changes applied one after the other. */
export function overlaid(
  base: readonly ListedRecord[],
  changes: readonly PublishedChange[],
): readonly ListedRecord[] {
  const changed = new Map<RecordId, ListedRecord | null>();
  for (const { rows, removed } of changes) {
    for (const row of rows) changed.set(row.id, row);
    for (const id of removed) changed.set(id, null);
  }
  if (changed.size === 0) return base;
  const kept = base.filter(({ id }) => !changed.has(id));
  const added = [...changed.values()].filter((record) => record !== null);
  return merged(
    kept,
    added.toSorted((a, b) => compareIds(b.id, a.id)),
  );
}

/** Two lists in the same order as one. */
function merged(
  kept: readonly ListedRecord[],
  added: readonly ListedRecord[],
): readonly ListedRecord[] {
  const all: ListedRecord[] = [];
  let next = 0;
  for (const record of kept) {
    for (let first = added[next]; first !== undefined; first = added[next]) {
      if (compareIds(first.id, record.id) < 0) break;
      all.push(first);
      next += 1;
    }
    all.push(record);
  }
  return [...all, ...added.slice(next)];
}
