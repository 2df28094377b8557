import { createBaseUrl } from '../../shared/adapters/http/base-url.ts';
import { cursorOfNext, cursorText, parseCursor } from '../../shared/adapters/http/page-cursor.ts';
import { createRedactor } from '../../shared/adapters/redaction.ts';
import {
  UPSTREAM_FAILURES,
  UpstreamError,
  type UpstreamFailure,
} from '../../shared/core/errors.ts';
import type { JsonObject } from '../../shared/core/json.ts';
import type { Page } from '../../shared/core/ports.ts';
import type { Resource } from '../../shared/core/resource.ts';
import type { ListedRow } from './history.ts';
import { BASE_URL, CANARY_KEY } from './model.ts';

/** Answers that come, and are wrong. */
const LIES = ['count_lies', 'empty_list', 'half_list', 'next_elsewhere', 'next_loops'] as const;
/** What can be wrong with an answer of the supplier. */
export const SUPPLIER_FAULTS = [...UPSTREAM_FAILURES, ...LIES] as const;
export type SupplierFault = (typeof SUPPLIER_FAULTS)[number];

export type Change = 'insert' | 'edit' | 'remove' | 'remove_many' | 'break' | 'hide' | 'heal';

interface Row extends ListedRow {
  /** Listed, but its detail answers 404. */
  readonly isHidden: boolean;
}

/** What one answer was, as the history notes it. */
export interface PageAnswer {
  readonly url: string;
  readonly page: number;
  readonly rows: readonly ListedRow[] | null;
  readonly isLast: boolean;
  readonly count: number | null;
  readonly result: Page | UpstreamError;
}

/** A supplier in memory: newest change first, so that it shifts while it is paged through. */
export interface ModelSupplier {
  rows: Row[];
  readonly pageSize: number;
  /** Whether its lists say how many records there are. */
  readonly counts: boolean;
  /** Of its next answers, one each; null is none. */
  readonly faults: (SupplierFault | null)[];
  readonly nextVersion: () => number;
}

const base = createBaseUrl(BASE_URL);
const { redact } = createRedactor([CANARY_KEY]);

export function createModelSupplier(
  {
    records,
    pageSize,
    counts,
  }: { readonly records: number; readonly pageSize: number; readonly counts: boolean },
  nextVersion: () => number,
): ModelSupplier {
  const supplier: ModelSupplier = { rows: [], pageSize, counts, faults: [], nextVersion };
  for (let made = 0; made < records; made += 1) change(supplier, 'insert', 0);
  return supplier;
}

/** Applies a change to the catalogue; `which` picks the record. */
export function change(supplier: ModelSupplier, what: Change, which: number): void {
  const { rows, nextVersion } = supplier;
  const at = rows.length === 0 ? 0 : which % rows.length;
  const row = rows[at];
  const others = rows.filter((_, index) => index !== at);
  const version = nextVersion();
  if (what === 'insert' || row === undefined) {
    const fresh = { id: String(version), version, isValid: true, isHidden: false };
    supplier.rows = [fresh, ...rows];
    return;
  }
  switch (what) {
    case 'remove':
      supplier.rows = others;
      return;
    case 'remove_many':
      supplier.rows = rows.slice(0, Math.floor(rows.length / 3));
      return;
    case 'edit':
      supplier.rows = [{ ...row, version, isValid: true }, ...others];
      return;
    case 'break':
      supplier.rows = [{ ...row, version, isValid: false }, ...others];
      return;
    case 'hide':
      supplier.rows = rows.with(at, { ...row, isHidden: true });
      return;
    case 'heal':
      supplier.rows = rows.map(healed);
  }
}

const healed = ({ id, version }: Row): Row => ({ id, version, isValid: true, isHidden: false });

/** Answers a list page at the cursor, following the same rules of `next` as the HTTP source. */
export function answerPage(
  supplier: ModelSupplier,
  resource: Resource,
  cursor: string | null,
): PageAnswer {
  const at = parseCursor(cursor);
  const page = at.kind === 'number' ? at.page : 0;
  const asked = base.resolve(`${resource.listPath}?page=${page}&page_size=${supplier.pageSize}`);
  const fault = supplier.faults.shift() ?? null;
  const where = { url: asked.href, page };
  const failed = (error: UpstreamError): PageAnswer => ({
    ...where,
    rows: null,
    isLast: false,
    count: null,
    result: error,
  });
  const failure = failureIn(fault);
  if (failure !== undefined) return failed(upstreamError(failure));
  const { rows, count, next } = listed(supplier, page, fault, asked);
  try {
    const following = next === null ? null : cursorOfNext(next, { cursor: at, asked, base });
    const result = {
      entries: rows.map(wireOf),
      count,
      next: following === null ? null : cursorText(following),
    };
    return { ...where, rows, isLast: next === null, count, result };
  } catch (error) {
    if (error instanceof UpstreamError) return failed(error);
    throw error;
  }
}

function listed(supplier: ModelSupplier, page: number, fault: SupplierFault | null, asked: URL) {
  const { rows: all, pageSize } = supplier;
  const shown =
    fault === 'empty_list' ? [] : fault === 'half_list' ? all.slice(0, all.length >> 1) : all;
  const end = page * pageSize;
  const link = asked.href.replace(`page=${page}&`, `page=${page + 1}&`);
  const more = end < shown.length ? link : null;
  const next =
    fault === 'next_elsewhere'
      ? 'https://evil.example/steal?token=1'
      : fault === 'next_loops'
        ? asked.href
        : more;
  const told = fault === 'count_lies' ? shown.length + 3 : shown.length;
  const count = supplier.counts ? told : null;
  return { rows: shown.slice(end - pageSize, end), count, next };
}

/** One record's detail, or why it can't be had. */
export function answerDetail(
  supplier: ModelSupplier,
  resource: Resource,
  id: string,
): { readonly url: string; readonly result: ListedRow | UpstreamError } {
  const url = base.resolve(resource.detailPath(id)).href;
  const failure = failureIn(supplier.faults.shift() ?? null);
  if (failure !== undefined) return { url, result: upstreamError(failure) };
  const row = supplier.rows.find((one) => one.id === id);
  if (row === undefined || row.isHidden) return { url, result: upstreamError('not_found') };
  return { url, result: row };
}

export const wireOf = ({ id, version, isValid }: ListedRow): JsonObject => ({
  id,
  name: isValid ? `record ${id}` : 7,
  version,
});

const failureIn = (fault: SupplierFault | null): UpstreamFailure | undefined =>
  UPSTREAM_FAILURES.find((failure) => failure === fault);

const STATUS: Readonly<Record<UpstreamFailure, number | null>> = {
  key_refused: 403,
  untrusted: null,
  no_credential: null,
  throttled: 429,
  not_found: 404,
  unavailable: 503,
  invalid: 200,
  retry_budget: 500,
};

/** As the HTTP client makes it: an answer that echoes the key is redacted before it is kept. */
function upstreamError(failure: UpstreamFailure): UpstreamError {
  const message = redact(`the supplier says ${failure} to ${CANARY_KEY}`);
  const retryAfterMs = failure === 'throttled' ? 45_000 : null;
  return new UpstreamError(failure, message, { status: STATUS[failure], retryAfterMs });
}
