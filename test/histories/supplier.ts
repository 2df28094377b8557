import { createBaseUrl } from '../../shared/adapters/http/base-url.ts';
import { isNoPage, NO_PAGE, pageOf } from '../../shared/adapters/http/list-page.ts';
import {
  cursorOfNext,
  cursorText,
  parseCursor,
  type PageCursor,
} from '../../shared/adapters/http/page-cursor.ts';
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
const LIES = [
  'count_lies',
  'empty_list',
  'empty_page',
  'half_list',
  'next_elsewhere',
  'next_loops',
] as const;
/** What can be wrong with an answer of the supplier. */
export const SUPPLIER_FAULTS = [...UPSTREAM_FAILURES, ...LIES] as const;
export type SupplierFault = (typeof SUPPLIER_FAULTS)[number];

export type Change = 'insert' | 'edit' | 'remove' | 'remove_many' | 'break' | 'hide' | 'heal';

interface Row extends ListedRow {
  /** Listed, but its detail answers 404. */
  readonly isHidden: boolean;
}

/** What a supplier answers to a page past its last one; `everything` also to any other. */
export const PAST_THE_END = [
  'empty',
  'not_found',
  'last_again',
  'first_again',
  'all_over_again',
  'everything',
] as const;

/** How a supplier lists. */
export interface ListManner {
  readonly pageSize: number;
  /** Whether its lists say how many records there are. */
  readonly counts: boolean;
  /** Whether its pages say which one is next. */
  readonly namesNext: boolean;
  readonly pastTheEnd: (typeof PAST_THE_END)[number];
  /** Newest change first, so that the list shifts while it is paged through; else what is new comes last. */
  readonly isNewestFirst: boolean;
}

/** What one answer was, as the history notes it. */
export interface PageAnswer {
  readonly url: string;
  readonly page: number;
  readonly rows: readonly ListedRow[] | null;
  readonly isLost: boolean;
  readonly isGone: boolean;
  readonly isLast: boolean;
  readonly isPast: boolean;
  readonly count: number | null;
  readonly result: Page | UpstreamError;
}

/** A supplier in memory. */
export interface ModelSupplier {
  rows: Row[];
  readonly manner: ListManner;
  /** Of its next answers, one each; null is none. */
  readonly faults: (SupplierFault | null)[];
  readonly nextVersion: () => number;
}

const base = createBaseUrl(BASE_URL);
const { redact } = createRedactor([CANARY_KEY]);

export function createModelSupplier(
  records: number,
  manner: ListManner,
  nextVersion: () => number,
): ModelSupplier {
  const supplier: ModelSupplier = { rows: [], manner, faults: [], nextVersion };
  for (let made = 0; made < records; made += 1) change(supplier, 'insert', 0);
  return supplier;
}

/** Applies a change to the catalogue; `which` picks the record. */
export function change(supplier: ModelSupplier, what: Change, which: number): void {
  const { rows, manner, nextVersion } = supplier;
  const at = rows.length === 0 ? 0 : which % rows.length;
  const row = rows[at];
  const others = rows.filter((_, index) => index !== at);
  const version = nextVersion();
  if (what === 'insert' || row === undefined) {
    const fresh = { id: String(version), version, isValid: true, isHidden: false };
    supplier.rows = manner.isNewestFirst ? [fresh, ...rows] : [...rows, fresh];
    return;
  }
  const edited = (isValid: boolean): Row[] => {
    const now = { ...row, version, isValid };
    return manner.isNewestFirst ? [now, ...others] : rows.with(at, now);
  };
  switch (what) {
    case 'remove':
      supplier.rows = others;
      return;
    case 'remove_many':
      supplier.rows = rows.slice(0, Math.floor(rows.length / 3));
      return;
    case 'edit':
      supplier.rows = edited(true);
      return;
    case 'break':
      supplier.rows = edited(false);
      return;
    case 'hide':
      supplier.rows = rows.with(at, { ...row, isHidden: true });
      return;
    case 'heal':
      supplier.rows = rows.map(healed);
  }
}

const healed = ({ id, version }: Row): Row => ({ id, version, isValid: true, isHidden: false });

/** Answers a list page at the cursor, which is read as the HTTP source reads it. */
export function answerPage(
  supplier: ModelSupplier,
  resource: Resource,
  cursor: string | null,
): PageAnswer {
  const at = parseCursor(cursor);
  const page = at.kind === 'number' ? at.page : 0;
  const { pageSize } = supplier.manner;
  const asked = base.resolve(`${resource.listPath}?page=${page}&page_size=${pageSize}`);
  const fault = supplier.faults.shift() ?? null;
  const where = { url: asked.href, page };
  const failure = failureIn(fault);
  if (failure !== undefined) {
    const result = resultOf(upstreamError(failure), cursor);
    return { ...where, ...NO_LIST, isGone: result === NO_PAGE, result };
  }
  const { entries, next, ...told } = listed(supplier, page, fault, asked);
  if (entries === null) {
    const result = resultOf(upstreamError('not_found'), cursor);
    return { ...where, ...told, count: null, rows: [], isLost: false, isGone: true, result };
  }
  const body = { entries: entries.map(wireOf), next, count: told.count };
  const result = pageOf(body, cursor, (link) => followed(link, at, asked));
  const isLost = result.nextFault !== undefined;
  return { ...where, ...told, rows: entries, isLost, isGone: false, result };
}

const NO_LIST = { rows: null, isLost: true, isLast: false, isPast: false, count: null };

const resultOf = (error: UpstreamError, cursor: string | null): Page | UpstreamError =>
  isNoPage(error, cursor) ? NO_PAGE : error;

const followed = (next: string, cursor: PageCursor, asked: URL): string =>
  cursorText(cursorOfNext(next, { cursor, asked, base }));

/** A page, true or not; entries are null where upstream says that there is no such page. */
interface Listed {
  readonly entries: readonly Row[] | null;
  readonly count: number | null;
  /** Undefined where its pages never name it. */
  readonly next: string | null | undefined;
  /** Whether the list is over with it. */
  readonly isLast: boolean;
  /** Whether the list was over before it. */
  readonly isPast: boolean;
}

function listed(
  { rows: all, manner }: ModelSupplier,
  page: number,
  fault: SupplierFault | null,
  asked: URL,
): Listed {
  const { counts, namesNext, pastTheEnd } = manner;
  const shown =
    fault === 'empty_list' ? [] : fault === 'half_list' ? all.slice(0, all.length >> 1) : all;
  const pageSize = pastTheEnd === 'everything' ? Math.max(1, shown.length) : manner.pageSize;
  const pages = Math.max(1, Math.ceil(shown.length / pageSize));
  const isPast = page > pages;
  const told = fault === 'count_lies' ? shown.length + 3 : shown.length;
  const count = counts ? told : null;
  const rowsOf = (one: number): readonly Row[] => shown.slice((one - 1) * pageSize, one * pageSize);
  // Not three in a row, which are the end of a list that says nothing of it.
  const ofPage = fault === 'empty_page' && page % 3 !== 0 ? [] : rowsOf(page);
  const entries = isPast ? rowsPastTheEnd(pastTheEnd, { page, pages, rowsOf }) : ofPage;
  if (!namesNext) {
    const isLast = isPast || shown.length === 0;
    return { entries, count, next: undefined, isLast, isPast };
  }
  const link = asked.href.replace(`page=${page}&`, `page=${page + 1}&`);
  const more = page < pages ? link : null;
  const next =
    fault === 'next_elsewhere'
      ? 'https://evil.example/steal?token=1'
      : fault === 'next_loops'
        ? asked.href
        : more;
  return { entries, count, next, isLast: next === null, isPast };
}

function rowsPastTheEnd(
  how: ListManner['pastTheEnd'],
  {
    page,
    pages,
    rowsOf,
  }: { page: number; pages: number; rowsOf: (page: number) => readonly Row[] },
): readonly Row[] | null {
  switch (how) {
    case 'empty':
      return [];
    case 'not_found':
      return null;
    case 'all_over_again':
      return rowsOf(((page - 1) % pages) + 1);
    case 'last_again':
      return rowsOf(pages);
    case 'first_again':
    case 'everything':
      return rowsOf(1);
  }
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
