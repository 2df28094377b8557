import { compareIds, type RecordId } from '../core/record-id.ts';
import type { ListedRecord, Resource, Snapshot, ViewContext } from '../core/resource.ts';
import { hasCategory } from '../resources/category-tree.ts';
import type { OpenCatalog, ReadPorts } from './catalog.ts';
import type { Cursor } from './cursor.ts';
import { CATEGORIES, matching } from './matching.ts';
import type { ListQuery } from './query.ts';
import { theOnly } from './sources.ts';

/** What one source has for a walk. */
export interface Shelf {
  readonly source: string;
  readonly snapshot: Snapshot;
  readonly context: ViewContext;
  /** All that match the filters, newest id first. */
  readonly all: readonly ListedRecord[];
  /** How many are on the shelves before. */
  readonly before: number;
}

/** What matches in each source; with a category, in the one source whose category that is: see `locate`. */
export async function stocked(
  resource: Resource,
  query: ListQuery,
  catalog: OpenCatalog,
  ports: Pick<ReadPorts, 'sources' | 'reader'>,
): Promise<readonly Shelf[]> {
  const { category } = query;
  const loaded = await Promise.all(
    catalog.sources.map(async ({ source, load }) => ({ source, ...(await load()) })),
  );
  const having = loaded.filter(
    ({ context }) => category !== undefined && hasCategory(context.related(CATEGORIES), category),
  );
  const [first] = catalog.sources;
  const owner = await ownerOf(
    category,
    having.map(({ source }) => source),
    first.source,
    ports,
  );
  const isAsked = (source: string): boolean => category === undefined || source === owner;
  let before = 0;
  return loaded.map(({ source, snapshot, context }) => {
    const all = isAsked(source) ? matching(resource, snapshot, query, context) : [];
    const shelf = { source, snapshot, context, all, before };
    before += all.length;
    return shelf;
  });
}

/** The source whose category it is, of those that have one with this id; the first where none has. */
async function ownerOf(
  category: RecordId | undefined,
  having: readonly string[],
  first: string,
  ports: Pick<ReadPorts, 'sources' | 'reader'>,
): Promise<string> {
  const isOfOthers = having.length > 0 && having[0] !== first;
  if (category === undefined || !isOfOthers) return first;
  const own = await ports.reader.lookUp({ source: first, resource: CATEGORIES }, category);
  return own === 'removed' ? first : (theOnly(having, ports) ?? first);
}

/** The records from `start` to `end`, counted over all shelves, by the shelves that they are on. */
export function cut(shelves: readonly Shelf[], start: number, end: number) {
  return shelves.flatMap((shelf) => {
    const from = Math.max(0, start - shelf.before);
    const records = shelf.all.slice(from, Math.max(from, end - shelf.before));
    return records.length === 0 ? [] : [{ shelf, from, records }];
  });
}

/** Where a walk goes on; at its start, if its source is not among those any more. */
export function startAfter(shelves: readonly Shelf[], { after, source }: Cursor): number {
  const shelf = shelves.find((one) => source === undefined || one.source === source);
  return shelf === undefined ? 0 : shelf.before + placeAfter(shelf.all, after);
}

/** By halves: `all` is in the order of ids. */
function placeAfter(all: readonly ListedRecord[], after: RecordId | null): number {
  if (after === null) return 0;
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const record = all[middle];
    if (record !== undefined && compareIds(record.id, after) < 0) high = middle;
    else low = middle + 1;
  }
  return low;
}
