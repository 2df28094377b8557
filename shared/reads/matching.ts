import { folded } from '../core/folded.ts';
import type { ListedRecord, Resource, Snapshot, ViewContext } from '../core/resource.ts';
import { withDescendants } from '../resources/category-tree.ts';
import type { ListQuery } from './query.ts';

/** The resource whose ids the `category` filter takes. */
export const CATEGORIES = 'categories';

/** The filters of a walk as a text, which its cursors carry. */
export function filtersOf({ name }: Resource, query: ListQuery): string {
  const { category = null, availability, updated_since: since = null, search, source } = query;
  const ofSource = source === undefined ? [] : [source];
  return JSON.stringify([name, availability, since, category, wordsOf(search), ...ofSource]);
}

/** Filters whose matches are kept for each published version. */
const KEPT = 8;
const keptOf = new WeakMap<Snapshot, Map<string, readonly ListedRecord[]>>();

/** All records that match the filters, newest id first; looked for once in each published version. */
export function matching(
  resource: Resource,
  snapshot: Snapshot,
  query: ListQuery,
  context: ViewContext,
): readonly ListedRecord[] {
  const kept = keptOf.get(snapshot) ?? new Map<string, readonly ListedRecord[]>();
  keptOf.set(snapshot, kept);
  const name = `${filtersOf(resource, query)} ${treeOf(query, context)}`;
  const found = kept.get(name) ?? snapshot.records.filter(matcher(resource, query, context));
  kept.delete(name);
  kept.set(name, found);
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  return found;
}

/** The version of the tree that tells what matches; 0 where none does. */
export const treeOf = ({ category }: ListQuery, context: ViewContext): number =>
  category === undefined ? 0 : context.related(CATEGORIES).version;

function matcher({ view }: Resource, query: ListQuery, context: ViewContext) {
  const { category, updated_since: since, availability } = query;
  const inside =
    category === undefined ? null : withDescendants(context.related(CATEGORIES), category);
  const words = wordsOf(query.search);
  return (record: ListedRecord): boolean => {
    const { body, syncedAt, search = '' } = record;
    return (
      (availability === 'all' || view.isAvailable(body)) &&
      (since === undefined || Date.parse(syncedAt) >= since) &&
      (inside === null || inside.has(view.categoryOf(record) ?? '')) &&
      words.every((word) => search.includes(word))
    );
  };
}

/** What `search` asks for: each word has to be somewhere in a record's searched texts. */
const wordsOf = (search = ''): readonly string[] => folded(search).split(' ').filter(Boolean);
