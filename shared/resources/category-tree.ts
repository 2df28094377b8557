import type { JsonObject } from '../core/json.ts';
import type { RecordId } from '../core/record-id.ts';
import type { Snapshot, ViewContext } from '../core/resource.ts';
import { categoryFields } from './categories-view.ts';
import { categoryIndex } from './category-index.ts';

/**
 * JSON that is nested deeper than about 500 levels (two for each category) breaks its writers and
 * readers: Node's own `JSON.stringify` runs out of stack, PHP stops at 512, Python at 1,000.
 */
const MAX_NESTED = 200;

/** Every category exactly once. */
export type CategoryTree = {
  /** The roots: see `CategoryIndex`; each as in a list, with all that is below it in `children`. */
  readonly main_categories: readonly JsonObject[];
  readonly total_main: number;
  /** The categories below a root. */
  readonly total_sub: number;
};

/** The categories of `context.related('categories')`, nested. `nested_apart` is true for one that has
 *  its parent's place among the roots only because it is 200 levels, or a multiple, below its root. */
export function categoryTree(context: ViewContext): CategoryTree {
  const snapshot = context.related('categories');
  const { roots, childrenOf, depthOf } = categoryIndex(snapshot);
  const nested = new Map<RecordId, JsonObject[]>();
  const main: JsonObject[] = [];
  const place = (siblings: JsonObject[], record: Snapshot['records'][number]) => {
    const depth = depthOf.get(record.id) ?? 0;
    const isApart = depth > 0 && depth % MAX_NESTED === 0;
    const children: JsonObject[] = [];
    nested.set(record.id, children);
    const node = { ...categoryFields(record, context, children), nested_apart: isApart };
    (isApart ? main : siblings).push(node);
  };
  for (const root of roots) place(main, root);
  // Also visits what `place` adds meanwhile: breadth first, without recursion.
  for (const [id, siblings] of nested) {
    for (const child of childrenOf.get(id) ?? []) place(siblings, child);
  }
  return { main_categories: main, total_main: main.length, total_sub: nested.size - main.length };
}

/** The category and all that are below it, for the `category` filter; also when it is not (yet) in the
 *  catalogue, since products may name it before it arrives. */
export function withDescendants(snapshot: Snapshot, id: RecordId): ReadonlySet<RecordId> {
  const { childrenOf } = categoryIndex(snapshot);
  const ids = new Set([id]);
  for (const parent of ids) {
    for (const child of childrenOf.get(parent) ?? []) ids.add(child.id);
  }
  return ids;
}

/** Whether there is such a category. */
export const hasCategory = (snapshot: Snapshot, id: RecordId): boolean =>
  categoryIndex(snapshot).byId.has(id);
