import { VersionGoneError } from '../core/errors.ts';
import { compareIds, type RecordId } from '../core/record-id.ts';
import type { ListedRecord, Resource, Snapshot, ViewContext } from '../core/resource.ts';
import { hasCategory } from '../resources/category-tree.ts';
import { earliest, unchanged, type Answer, type Shown } from './answer.ts';
import { openCatalog, type OpenCatalog, type ReadPorts, type ReadRequest } from './catalog.ts';
import { cursorText, parseCursor, type Cursor } from './cursor.ts';
import { CATEGORIES, filtersOf, matching } from './matching.ts';
import type { ListQuery } from './query.ts';
import { rendered, sideBySide } from './rendering.ts';
import { theOnly } from './sources.ts';

export interface ListRequest extends ReadRequest {
  readonly query: ListQuery;
  /** The address of the same list at a cursor; null is its start. */
  readonly link: (cursor: string | null) => string;
}

/** What a page is cut out of. */
interface Walk {
  readonly resource: Resource;
  readonly request: ListRequest;
  readonly catalog: OpenCatalog;
  readonly filters: string;
  readonly shelves: readonly Shelf[];
  /** How many there are on all shelves. */
  readonly count: number;
  /** Where this page starts, counted over all shelves. */
  readonly start: number;
}

/** What one source has for a walk. */
interface Shelf {
  readonly source: string;
  readonly snapshot: Snapshot;
  readonly context: ViewContext;
  /** All that match the filters, newest id first. */
  readonly all: readonly ListedRecord[];
  /** How many are on the shelves before. */
  readonly before: number;
}

/**
 * A list: all that match, one source after the other, each newest id first, in one answer; or a page of
 * it. A cursor names the versions that its walk began on and the id it comes after: all pages of a walk
 * show one version of each source. Once that is no longer kept (a day after it was replaced) the walk
 * goes on in the newest, where it neither loses nor repeats a record that stays.
 * @throws ReadError `bad_cursor`, `bad_parameter`; StoreUnavailableError
 */
export async function list(
  resource: Resource,
  request: ListRequest,
  ports: ReadPorts,
): Promise<Answer> {
  const { query } = request;
  const filters = filtersOf(resource, query);
  const cursor = query.cursor === undefined ? null : parseCursor(query.cursor, filters);
  try {
    return await listAt(cursor, resource, request, ports);
  } catch (error) {
    if (!(error instanceof VersionGoneError) || cursor === null) throw error;
    return listAt({ ...cursor, pins: {} }, resource, request, ports);
  }
}

async function listAt(
  cursor: Cursor | null,
  resource: Resource,
  request: ListRequest,
  ports: ReadPorts,
): Promise<Answer> {
  const { query } = request;
  const filters = filtersOf(resource, query);
  const also = query.category === undefined ? [] : [CATEGORIES];
  const catalog = await openCatalog(resource, request, ports, { also, pins: cursor?.pins ?? {} });
  if (catalog.unchangedTag !== null) return unchanged(catalog.unchangedTag, catalog);
  const shelves = await stocked(resource, query, catalog, ports);
  const last = shelves.at(-1);
  const count = last === undefined ? 0 : last.before + last.all.length;
  const start = cursor === null ? 0 : startAfter(shelves, cursor);
  const walk: Walk = { resource, request, catalog, filters, shelves, count, start };
  const left = count - start;
  return {
    kind: 'found',
    lastSuccessAtMs: catalog.lastSuccessAtMs,
    most: Math.min(left, query.page_size ?? left),
    show: (most) => page(walk, most),
  };
}

/** What matches in each source; with a category, in the one source whose category that is. */
async function stocked(
  resource: Resource,
  query: ListQuery,
  catalog: OpenCatalog,
  ports: ReadPorts,
): Promise<readonly Shelf[]> {
  const { category } = query;
  const loaded = await Promise.all(
    catalog.sources.map(async ({ source, load }) => ({ source, ...(await load()) })),
  );
  const having = loaded.filter(
    ({ context }) => category !== undefined && hasCategory(context.related(CATEGORIES), category),
  );
  const only = theOnly(
    having.map(({ source }) => source),
    ports,
  );
  const [first] = catalog.sources;
  const isAsked = (source: string): boolean =>
    category === undefined || source === (only ?? first.source);
  let before = 0;
  return loaded.map(({ source, snapshot, context }) => {
    const all = isAsked(source) ? matching(resource, snapshot, query, context) : [];
    const shelf = { source, snapshot, context, all, before };
    before += all.length;
    return shelf;
  });
}

function page(walk: Walk, most: number): Shown {
  const { resource, catalog, filters, count, start } = walk;
  const parts = cut(walk, start, start + most).map(({ shelf, from, records }) => {
    const key = `${filters} ${from} ${records.length}`;
    return rendered(resource, { snapshot: shelf.snapshot, records, key }, shelf.context);
  });
  const head = {
    count,
    next: nextLink(walk, start + most),
    previous: previousLink(walk, most),
  };
  return {
    before: `${JSON.stringify(head).slice(0, -1)},"results":[`,
    bulk: sideBySide(parts.map(({ bulk }) => bulk)),
    after: `],"sync":${JSON.stringify(catalog.freshness)}}`,
    tag: catalog.tagUntil(earliest(parts.map(({ changesAtMs }) => changesAtMs))),
  };
}

/** The records from `start` to `end`, counted over all shelves, by the shelves that they are on. */
function cut({ shelves }: Walk, start: number, end: number) {
  return shelves.flatMap((shelf) => {
    const from = Math.max(0, start - shelf.before);
    const records = shelf.all.slice(from, Math.max(from, end - shelf.before));
    return records.length === 0 ? [] : [{ shelf, from, records }];
  });
}

function nextLink(walk: Walk, end: number): string | null {
  return end < walk.count ? linkBefore(walk, end) : null;
}

/** As many records back as a page has; null on the first page. */
function previousLink(walk: Walk, most: number): string | null {
  const pageSize = walk.request.query.page_size ?? Math.max(1, most);
  return walk.start === 0 ? null : linkBefore(walk, Math.max(0, walk.start - pageSize));
}

/** The address of the page that starts at `position`: the first one keeps its versions too. */
function linkBefore(walk: Walk, position: number): string {
  const { request, catalog, filters, shelves } = walk;
  const last = cut(walk, position - 1, position)[0];
  const after = last?.records[0]?.id ?? null;
  const isFirst = last === undefined || last.shelf === shelves[0];
  const source = isFirst ? {} : { source: last.shelf.source };
  return request.link(cursorText({ after, ...source, pins: catalog.pins, filters }));
}

/** Where a walk goes on; at its start, if its source is not among those any more. */
function startAfter(shelves: readonly Shelf[], { after, source }: Cursor): number {
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
