import type { Json } from '../core/json.ts';
import { compareIds, type RecordId } from '../core/record-id.ts';
import type { Resource, StoredRecord, ViewContext } from '../core/resource.ts';
import { earliest, unchanged, type Answer, type Shown } from './answer.ts';
import { openCatalog, type OpenCatalog, type ReadPorts, type ReadRequest } from './catalog.ts';
import { withDescendants } from '../resources/category-tree.ts';
import { cursorText, parseCursor } from './cursor.ts';
import type { ListQuery } from './query.ts';

/** The resource whose ids the `category` filter takes. */
export const CATEGORIES = 'categories';

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
  readonly context: ViewContext;
  readonly filters: string;
  /** All that match the filters, newest id first. */
  readonly matching: readonly StoredRecord[];
  /** Where this page starts in `matching`. */
  readonly start: number;
}

/**
 * A list: all that match, newest id first, in one answer; or a page of it. A cursor names the id it
 * comes after, so that a walk over a catalogue that changes meanwhile neither loses nor repeats a
 * record that stays; the tag of each page tells the version it shows.
 * @throws ReadError `bad_cursor`; StoreUnavailableError
 */
export async function list(
  resource: Resource,
  request: ListRequest,
  ports: ReadPorts,
): Promise<Answer> {
  const { query } = request;
  const filters = filtersOf(resource, query);
  const cursor = query.cursor === undefined ? null : parseCursor(query.cursor, filters);
  const also = query.category === undefined ? [] : [CATEGORIES];
  const catalog = await openCatalog(resource, request, ports, also);
  if (catalog.unchangedTag !== null) return unchanged(catalog.unchangedTag, catalog);
  const { snapshot, context } = await catalog.load();
  const matching = snapshot.records.filter(matcher(resource, query, context));
  const start = cursor === null ? 0 : startAfter(matching, cursor.after);
  const walk: Walk = { resource, request, catalog, context, filters, matching, start };
  const left = matching.length - start;
  return {
    kind: 'found',
    lastSuccessAtMs: catalog.lastSuccessAtMs,
    most: Math.min(left, query.page_size ?? left),
    show: (most) => page(walk, most),
  };
}

function page(walk: Walk, most: number): Shown {
  const { resource, catalog, context, matching, start } = walk;
  const { view } = resource;
  const records = matching.slice(start, start + most);
  const boundary = earliest(records.map(({ body }) => view.changesAtMs(body, catalog.nowMs)));
  const body = {
    count: matching.length,
    next: nextLink(walk, start + most),
    previous: previousLink(walk, most),
    results: records.map((record): Json => view.inList(record, context)),
    sync: { ...catalog.freshness },
  };
  return { body, tag: catalog.tagUntil(boundary) };
}

function nextLink(walk: Walk, end: number): string | null {
  return end < walk.matching.length ? linkBefore(walk, end) : null;
}

/** As many records back as a page has; null on the first page. */
function previousLink(walk: Walk, most: number): string | null {
  const pageSize = walk.request.query.page_size ?? Math.max(1, most);
  return walk.start === 0 ? null : linkBefore(walk, Math.max(0, walk.start - pageSize));
}

/** The address of the page that starts at `position`. */
function linkBefore({ request, matching, catalog, filters }: Walk, position: number): string {
  const after = matching[position - 1]?.id ?? null;
  if (after === null) return request.link(null);
  return request.link(cursorText({ after, version: catalog.version, filters }));
}

function startAfter(matching: readonly StoredRecord[], after: RecordId | null): number {
  if (after === null) return 0;
  const start = matching.findIndex(({ id }) => compareIds(id, after) < 0);
  return start === -1 ? matching.length : start;
}

function matcher(resource: Resource, query: ListQuery, context: ViewContext) {
  const { view } = resource;
  const { category, updated_since: since } = query;
  const inside =
    category === undefined ? null : withDescendants(context.related(CATEGORIES), category);
  return ({ body, syncedAt }: StoredRecord): boolean =>
    (query.availability === 'all' || view.isAvailable(body)) &&
    (since === undefined || Date.parse(syncedAt) >= since) &&
    (inside === null || inside.has(view.categoryOf(body) ?? ''));
}

/** The filters of a walk, as its cursors carry them. */
function filtersOf({ name }: Resource, query: ListQuery): string {
  const { category = '', availability, updated_since: since = '' } = query;
  return [name, availability, since, category].join(' ');
}
