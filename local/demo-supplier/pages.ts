import { json, noSuchPage, type Answer } from './answers.ts';

/** How the supplier cuts its lists into pages. */
export interface Paging {
  /** Whether `page_size` counts, up to 100; else every page has 20 records. */
  readonly pageSize: 'honoured' | 'ignored';
}

const DEFAULT_PAGE_SIZE = 20;
const MOST_PAGE_SIZE = 100;

/** One page of `records` as `{count, next, previous, results}`; `next` and `previous` are absolute. */
export function page<Listed>(
  records: readonly Listed[],
  url: URL,
  { pageSize }: Paging,
  toWire: (record: Listed) => unknown,
): Answer {
  const size = pageSize === 'ignored' ? DEFAULT_PAGE_SIZE : sizeAsked(url);
  const number = wholeNumber(url.searchParams.get('page') ?? '1');
  const pageCount = Math.max(1, Math.ceil(records.length / size));
  if (number === null || number > pageCount) return noSuchPage();
  const results = records.slice((number - 1) * size, number * size).map(toWire);
  return json(200, {
    count: records.length,
    next: number < pageCount ? linkTo(url, number + 1) : null,
    previous: number > 1 ? linkTo(url, number - 1) : null,
    results,
  });
}

function sizeAsked(url: URL): number {
  const asked = wholeNumber(url.searchParams.get('page_size') ?? '');
  return Math.min(asked ?? DEFAULT_PAGE_SIZE, MOST_PAGE_SIZE);
}

function wholeNumber(text: string): number | null {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

/** The first page is named by having no number. */
function linkTo(url: URL, number: number): string {
  const query = new URLSearchParams(number > 1 ? { page: String(number) } : {});
  for (const [name, value] of url.searchParams) if (name !== 'page') query.append(name, value);
  const text = query.toString();
  return `${url.origin}${url.pathname}${text && `?${text}`}`;
}
