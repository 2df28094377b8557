import { UpstreamError } from '../../shared/core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../shared/core/json.ts';
import { recordId } from '../../shared/core/record-id.ts';
import type { CatalogSource, Page } from '../../shared/core/ports.ts';

/** An upstream in memory: what it lists, page by page, and what is wrong with it. */
export interface FakeSource extends CatalogSource {
  rows: Json[];
  pageSize: number;
  /** The list's `count`, when it is to lie. */
  count: number | null;
  /** Called before each request; throws to fail it. `call` counts from 1. */
  before: (call: {
    readonly call: number;
    readonly kind: 'page' | 'detail';
    readonly of: string;
  }) => void;
  /** Details that differ from their list entries, by id. */
  readonly details: Map<string, Json>;
  readonly calls: string[];
}

/** Serves `rows` as list entries and, unless `details` says otherwise, as details. */
export function fakeSource(rows: Json[], pageSize = 20): FakeSource {
  const counters = { requests: 0, retries: 0 };
  const request = (kind: 'page' | 'detail', of: string): void => {
    counters.requests += 1;
    source.calls.push(`${kind} ${of}`);
    source.before({ call: counters.requests, kind, of });
  };
  const source: FakeSource = {
    rows,
    pageSize,
    count: null,
    before: () => {},
    details: new Map(),
    calls: [],
    counters,
    concurrency: 4,
    page: async (_resource, cursor) => {
      await Promise.resolve();
      const number = Number(cursor ?? 1);
      request('page', String(number));
      return pageOf(source, number);
    },
    cursorAfter: (_resource, cursor) => String(Number(cursor ?? 1) + 1),
    detail: async (_resource, id) => {
      await Promise.resolve();
      request('detail', id);
      const found = source.details.get(id) ?? source.rows.find((row) => idOf(row) === id);
      if (found === undefined) throw new UpstreamError('not_found', 'HTTP 404', { status: 404 });
      return found;
    },
  };
  return source;
}

function pageOf({ rows, pageSize, count }: FakeSource, number: number): Page {
  const end = number * pageSize;
  const next = end < rows.length ? String(number + 1) : null;
  return { entries: rows.slice(end - pageSize, end), next, count: count ?? rows.length };
}

const idOf = (row: Json): string | null => (isJsonObject(row) ? recordId(row['id']) : null);

/** `many(3)`: rows with ids 3, 2, 1, newest first, as upstream lists them. */
export function many(count: number, fields: (id: number) => JsonObject = () => ({})): JsonObject[] {
  return Array.from({ length: count }, (_, index) => {
    const id = count - index;
    return { id, name: `Record ${id}`, ...fields(id) };
  });
}

/** The same source, whose lists say nothing of how many records there are. */
export function uncounted(source: FakeSource): void {
  const { page } = source;
  const without: Pick<CatalogSource, 'page'> = {
    page: async (...asked) => ({ ...(await page(...asked)), count: null }),
  };
  Object.assign(source, without);
}
