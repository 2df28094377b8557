import { UpstreamError } from '../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { CatalogSource } from '../../core/ports.ts';
import { idOfRow, type RecordId } from '../../core/record-id.ts';
import type { Resource } from '../../core/resource.ts';
import { createBaseUrl, type BaseUrl } from './base-url.ts';
import { isNoPage, NO_PAGE, pageOf } from './list-page.ts';
import { readList, type ListBody } from './list-shapes.ts';
import {
  cursorAfter,
  cursorOfNext,
  cursorText,
  parseCursor,
  type PageCursor,
} from './page-cursor.ts';
import type { Wanted } from './outage-watch.ts';
import { createUpstreamClient, type UpstreamParts } from './upstream-client.ts';

export interface HttpSourceSettings {
  /** With or without the trailing slash; no query. */
  readonly baseUrl: string;
  readonly siteId?: string;
  /** Asked for; a supplier may send another number. */
  readonly pageSize: number;
  /** Requests in flight at once, at most. */
  readonly concurrency: number;
  /** One deadline for each attempt: connecting, headers and body together. */
  readonly timeoutMs: number;
}

/** Decoded bytes of one answer. Details come 32 at once and are kept until they are stored; a record
 *  takes 350 KB at the most. */
const MAX_LIST_BYTES = 8 * 1024 * 1024;
const MAX_DETAIL_BYTES = 384 * 1024;

/** Reads a supplier's catalogue over HTTP, keep-alive. One source is made for one invocation. */
export function createHttpSource(
  settings: HttpSourceSettings,
  parts: UpstreamParts,
): CatalogSource {
  const base = createBaseUrl(settings.baseUrl);
  const { protocol } = base.resolve('');
  const client = createUpstreamClient({ ...settings, protocol }, parts);
  const named = naming(parts);

  const wantedPage = (resource: Resource, text: string | null, signal: AbortSignal) => {
    const url = pageUrl(resource, parseCursor(text), base, settings);
    const read = (body: Json) => named(url, () => readList(body, resource.name));
    const kind = `${resource.name} page`;
    return { url, maxBodyBytes: MAX_LIST_BYTES, signal, read, kind };
  };
  /** What a supplier that is there always has. */
  const firstPage = (resource: Resource, signal: AbortSignal): Wanted => ({
    ...wantedPage(resource, null, signal),
    sure: () => [],
  });
  const wantedDetail = (
    resource: Resource,
    id: RecordId,
    signal: AbortSignal,
    sure: Wanted['sure'],
  ) => {
    const url = base.resolve(resource.detailPath(id));
    const read = (body: Json) => named(url, () => readDetail(body));
    const kind = `${resource.name} detail`;
    return { url, maxBodyBytes: MAX_DETAIL_BYTES, signal, read, kind, sure };
  };
  /** Ids of the last pages whose details a run reads, by resource: what the supplier says that it has. */
  const listed = new Map<string, readonly RecordId[]>();
  const noteListed = (resource: Resource, entries: readonly Json[]): void => {
    const known = listed.get(resource.name) ?? [];
    listed.set(resource.name, [...known, ...idsOf(entries, resource)].slice(-MOST_LISTED));
  };
  /** Some details that should be there, since the list has just named them; none where it named few, of
   *  which all may be bad. */
  const namedDetails = (resource: Resource, but: RecordId, signal: AbortSignal): Wanted[] => {
    const others = (listed.get(resource.name) ?? []).filter((id) => id !== but);
    if (others.length < SURE_DETAILS) return [];
    const some = spread(others, SURE_DETAILS, parts.clock.nowMs());
    return some.map((id) => wantedDetail(resource, id, signal, () => []));
  };

  const page: CatalogSource['page'] = async (resource, text, signal) => {
    const cursor = parseCursor(text);
    const wanted = wantedPage(resource, text, signal);
    const { url: asked } = wanted;
    const isFirst = text === null;
    const sure = () => (isFirst ? [] : [firstPage(resource, signal)]);
    let list: ListBody;
    try {
      list = await client.get({ ...wanted, sure });
    } catch (error) {
      if (isNoPage(error, text)) return NO_PAGE;
      throw error;
    }
    noteListed(resource, list.entries);
    return pageOf(list, text, (next) =>
      named(asked, () => cursorText(cursorOfNext(next, { cursor, asked, base }))),
    );
  };

  const detail: CatalogSource['detail'] = async (resource, id, signal, known = () => []) => {
    const sure = (): Wanted[] => {
      const before = known().map((one) => wantedDetail(resource, one, signal, () => []));
      const details = [...namedDetails(resource, id, signal), ...before];
      return details.length > 0 ? details : [firstPage(resource, signal)];
    };
    return client.get(wantedDetail(resource, id, signal, sure));
  };

  return {
    page,
    detail,
    cursorAfter: (_resource, text) => cursorAfter(text),
    counters: client.counters,
    health: client.health,
    takeFailures: client.takeFailures,
    concurrency: settings.concurrency,
  };
}

/** How many details are asked for at once to find out whether any is served. */
const SURE_DETAILS = 4;
/** Two pages and more: the last one may be short, empty, or all bad. */
const MOST_LISTED = 250;

/** Up to `count` of them, evenly spread, and others each time: some may be bad for good. */
function spread<Value>(all: readonly Value[], count: number, turn: number): readonly Value[] {
  const step = Math.max(1, all.length / count);
  const places = Array.from({ length: Math.min(count, all.length) }, (_, at) => turn + at * step);
  return places.flatMap((place) => all.at(Math.floor(place) % all.length) ?? []);
}

const idsOf = (entries: readonly Json[], { needsDetail }: Resource): readonly RecordId[] =>
  entries.flatMap((entry) =>
    isJsonObject(entry) && needsDetail(entry) ? (idOfRow(entry) ?? []) : [],
  );

function pageUrl(
  { listPath }: Resource,
  cursor: PageCursor,
  base: BaseUrl,
  { pageSize, siteId }: HttpSourceSettings,
): URL {
  if (cursor.kind === 'place') return base.resolve(cursor.path);
  const url = base.resolve(listPath);
  url.searchParams.set('page', String(cursor.page));
  url.searchParams.set('page_size', String(pageSize));
  if (siteId !== undefined) url.searchParams.set('site_id', siteId);
  return url;
}

/** What has no id is about no record: a notice, say, that would leave a list entry to stand alone. */
function readDetail(body: Json): JsonObject {
  if (isJsonObject(body) && idOfRow(body) !== null) return body;
  throw new UpstreamError('invalid', 'the answer is JSON, but no record with an id');
}

/** Names the request in the errors of reading its answer: a `next` may hold what nobody is to read. */
const naming =
  ({ redact }: Pick<UpstreamParts, 'redact'>) =>
  <Read>(asked: URL, read: () => Read): Read => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      const message = redact(`GET ${asked.pathname}${asked.search}: ${error.message}`);
      throw new UpstreamError(error.failure, message, { cause: error });
    }
  };
