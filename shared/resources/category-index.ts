import { compareIds, recordId, type RecordId } from '../core/record-id.ts';
import type { Snapshot, StoredRecord } from '../core/resource.ts';
import { memoised } from './memoised.ts';

/** The categories of one snapshot as a forest. Upstream's parents may form cycles or point nowhere;
 *  here every category has one place, and every walk ends. */
export interface CategoryIndex {
  readonly byId: ReadonlyMap<RecordId, StoredRecord>;
  /** Children of each category that has some, sorted as shops show them. */
  readonly childrenOf: ReadonlyMap<RecordId, readonly StoredRecord[]>;
  /** Those without a parent, those whose parent is missing, and those in a cycle. */
  readonly roots: readonly StoredRecord[];
  /** Members of a cycle of parents (a category that is its own parent is one): nobody's children. */
  readonly cyclic: ReadonlySet<RecordId>;
  /** How far below its root each category is; 0 is a root. */
  readonly depthOf: ReadonlyMap<RecordId, number>;
}

/** The forest of a snapshot of categories, computed once for each. Nothing in it recurses: a chain of
 *  any length is safe. */
export const categoryIndex = memoised(({ records }: Snapshot): CategoryIndex => {
  const byId = new Map(records.map((record) => [record.id, record]));
  const cyclic = cyclicIds(byId);
  const { childrenOf, roots } = placed(records.toSorted(inShopOrder), byId, cyclic);
  return { byId, childrenOf, roots, cyclic, depthOf: depths(roots, childrenOf) };
});

/** The parent that upstream names, whether it exists or not. */
export function parentOf({ body }: StoredRecord): RecordId | null {
  return recordId(body['parent']);
}

/** Follows parents from each category, each step once: who meets their own trail is in a cycle. */
function cyclicIds(byId: ReadonlyMap<RecordId, StoredRecord>): Set<RecordId> {
  const cyclic = new Set<RecordId>();
  const settled = new Set<RecordId>();
  for (const start of byId.values()) {
    const trail = new Set<RecordId>();
    let at: StoredRecord | undefined = start;
    while (at !== undefined && !settled.has(at.id) && !trail.has(at.id)) {
      trail.add(at.id);
      at = byId.get(parentOf(at) ?? '');
    }
    if (at !== undefined && trail.has(at.id)) for (const id of from(trail, at.id)) cyclic.add(id);
    for (const id of trail) settled.add(id);
  }
  return cyclic;
}

function from(trail: ReadonlySet<RecordId>, first: RecordId): readonly RecordId[] {
  const ids = [...trail];
  return ids.slice(ids.indexOf(first));
}

function placed(
  records: readonly StoredRecord[],
  byId: ReadonlyMap<RecordId, StoredRecord>,
  cyclic: ReadonlySet<RecordId>,
) {
  const childrenOf = new Map<RecordId, StoredRecord[]>();
  const roots: StoredRecord[] = [];
  for (const record of records) {
    const parent = parentOf(record);
    if (parent === null || !byId.has(parent) || cyclic.has(record.id)) roots.push(record);
    else if (childrenOf.has(parent)) childrenOf.get(parent)?.push(record);
    else childrenOf.set(parent, [record]);
  }
  return { childrenOf, roots };
}

function depths(
  roots: readonly StoredRecord[],
  childrenOf: ReadonlyMap<RecordId, readonly StoredRecord[]>,
): Map<RecordId, number> {
  const depthOf = new Map(roots.map(({ id }) => [id, 0]));
  // A map visits what is added to it while it is walked: breadth first, without a queue of our own.
  for (const [id, depth] of depthOf) {
    for (const child of childrenOf.get(id) ?? []) depthOf.set(child.id, depth + 1);
  }
  return depthOf;
}

/** By upstream's order, then name, then id; those without an order come last. */
function inShopOrder(a: StoredRecord, b: StoredRecord): number {
  const byOrder = orderOf(a) - orderOf(b);
  const byName = nameOf(a).localeCompare(nameOf(b), 'fr');
  return byOrder || byName || compareIds(a.id, b.id);
}

function nameOf({ body }: StoredRecord): string {
  return typeof body['name'] === 'string' ? body['name'] : '';
}

function orderOf({ body }: StoredRecord): number {
  return typeof body['order'] === 'number' ? body['order'] : Number.MAX_SAFE_INTEGER;
}
