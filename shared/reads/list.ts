import { VersionGoneError } from '../core/errors.ts';
import { compareIds, type RecordId } from '../core/record-id.ts';
import type { ListedRecord, Resource, Snapshot, ViewContext } from '../core/resource.ts';
import { unchanged, type Answer, type Shown } from './answer.ts';
import { openCatalog, type OpenCatalog, type ReadPorts, type ReadRequest } from './catalog.ts';
import { cursorText, parseCursor, type Cursor } from './cursor.ts';
import { CATEGORIES, filtersOf, matching } from './matching.ts';
import type { ListQuery } from './query.ts';
import { rendered } from './rendering.ts';

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
  readonly snapshot: Snapshot;
  readonly context: ViewContext;
  readonly filters: string;
  /** All that match the filters, newest id first. */
  readonly all: readonly ListedRecord[];
  /** Where this page starts in `all`. */
  readonly start: number;
}

/**
 * A list: all that match, newest id first, in one answer; or a page of it. A cursor names the versions
 * that its walk began on and the id it comes after: all pages of a walk show one version. Once that is
 * no longer kept (a day after it was replaced) the walk goes on in the newest, where it neither loses
 * nor repeats a record that stays.
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
  const { snapshot, context } = await catalog.load();
  const all = matching(resource, snapshot, query, context);
  const start = cursor === null ? 0 : startAfter(all, cursor.after);
  const walk: Walk = { resource, request, catalog, snapshot, context, filters, all, start };
  const left = all.length - start;
  return {
    kind: 'found',
    lastSuccessAtMs: catalog.lastSuccessAtMs,
    most: Math.min(left, query.page_size ?? left),
    show: (most) => page(walk, most),
  };
}

function page(walk: Walk, most: number): Shown {
  const { resource, catalog, snapshot, context, filters, all, start } = walk;
  const records = all.slice(start, start + most);
  const key = `${filters} ${start} ${most}`;
  const { bulk, changesAtMs } = rendered(resource, { snapshot, records, key }, context);
  const head = {
    count: all.length,
    next: nextLink(walk, start + most),
    previous: previousLink(walk, most),
  };
  return {
    before: `${JSON.stringify(head).slice(0, -1)},"results":[`,
    bulk,
    after: `],"sync":${JSON.stringify(catalog.freshness)}}`,
    tag: catalog.tagUntil(changesAtMs),
  };
}

function nextLink(walk: Walk, end: number): string | null {
  return end < walk.all.length ? linkBefore(walk, end) : null;
}

/** As many records back as a page has; null on the first page. */
function previousLink(walk: Walk, most: number): string | null {
  const pageSize = walk.request.query.page_size ?? Math.max(1, most);
  return walk.start === 0 ? null : linkBefore(walk, Math.max(0, walk.start - pageSize));
}

/** The address of the page that starts at `position`: the first one keeps its versions too. */
function linkBefore({ request, all, catalog, filters }: Walk, position: number): string {
  const after = all[position - 1]?.id ?? null;
  return request.link(cursorText({ after, pins: catalog.pins, filters }));
}

/** By halves: `all` is in the order of ids. */
function startAfter(all: readonly ListedRecord[], after: RecordId | null): number {
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
