import type { Resource } from '../core/resource.ts';
import { earliest, unchanged, type Answer, type Shown } from './answer.ts';
import { openCatalog, type OpenCatalog, type ReadPorts, type ReadRequest } from './catalog.ts';
import { cursorText, parseCursor, type Cursor } from './cursor.ts';
import { CATEGORIES, filtersOf, treeOf } from './matching.ts';
import type { ListQuery } from './query.ts';
import { rendered, sideBySide } from './rendering.ts';
import { withSecondLook } from './second-look.ts';
import { cut, startAfter, stocked, type Shelf } from './shelves.ts';

export interface ListRequest extends ReadRequest {
  readonly query: ListQuery;
  /** The address of the same list at a cursor, of one source where it is about one. */
  readonly link: (cursor: string, source: string | undefined) => string;
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
  /** Where this page starts or, when it goes back, ends; counted over all shelves. */
  readonly place: number;
  readonly isBack: boolean;
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
  const inNewest = cursor && { ...cursor, pins: {} };
  return withSecondLook(request.sync, ports, (sync, known, look) =>
    listAt(look === 'first' ? cursor : inNewest, resource, { ...request, filters, sync }, known),
  );
}

async function listAt(
  cursor: Cursor | null,
  resource: Resource,
  request: ListRequest & { readonly filters: string },
  ports: ReadPorts,
): Promise<Answer> {
  const { query, filters } = request;
  const also = query.category === undefined ? [] : [CATEGORIES];
  const catalog = await openCatalog(resource, request, ports, { also, pins: cursor?.pins ?? {} });
  if (catalog.unchanged !== null) return unchanged(catalog.unchanged, catalog);
  const shelves = await stocked(resource, query, catalog, ports);
  const last = shelves.at(-1);
  const count = last === undefined ? 0 : last.before + last.all.length;
  const place = cursor === null ? 0 : startAfter(shelves, cursor);
  const isBack = cursor?.isBack === true;
  const walk: Walk = { resource, request, catalog, filters, shelves, count, place, isBack };
  const left = isBack ? place : count - place;
  return {
    kind: 'found',
    nowMs: catalog.nowMs,
    lastSuccessAtMs: catalog.lastSuccessAtMs,
    most: Math.min(left, query.page_size ?? left),
    show: (most) => page(walk, most),
  };
}

function page(walk: Walk, most: number): Shown {
  const { resource, request, catalog, filters, shelves, count, place, isBack } = walk;
  const { query } = request;
  const start = isBack ? place - most : place;
  const end = start + most;
  const parts = cut(shelves, start, end).map(({ shelf, from, records }) => {
    const key = `${filters} ${treeOf(query, shelf.context)} ${from} ${records.length}`;
    return rendered(resource, { snapshot: shelf.snapshot, records, key }, shelf.context);
  });
  const head = {
    count,
    next: end < count ? link(walk, end, {}) : null,
    previous: start > 0 ? link(walk, start, { isBack: true }) : null,
  };
  return {
    before: `${JSON.stringify(head).slice(0, -1)},"results":[`,
    bulk: sideBySide(parts.map(({ bulk }) => bulk)),
    after: `],"sync":${JSON.stringify(catalog.freshness)}}`,
    ...catalog.tagUntil(earliest(parts.map(({ changesAtMs }) => changesAtMs))),
  };
}

/** The address of the page that starts at `position` or, going back, ends there. */
function link(walk: Walk, position: number, way: Pick<Cursor, 'isBack'>): string {
  const { request, catalog, filters, shelves } = walk;
  const last = cut(shelves, position - 1, position)[0];
  const after = last?.records[0]?.id ?? null;
  const isFirst = last === undefined || last.shelf === shelves[0];
  const source = isFirst ? {} : { source: last.shelf.source };
  const cursor = cursorText({ after, ...way, ...source, pins: catalog.pins, filters });
  return request.link(cursor, request.query.source);
}
