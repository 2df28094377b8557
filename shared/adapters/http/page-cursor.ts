import { UpstreamError } from '../../core/errors.ts';
import type { BaseUrl } from './base-url.ts';

/**
 * Where a list page is. As text, at most 300 characters: `2` is page 2; `2~` is page 2 guessed, because no
 * page said that there is one; `/path?query` is a place below the base URL.
 */
export type PageCursor =
  | { readonly kind: 'number'; readonly page: number; readonly isGuess: boolean }
  | { readonly kind: 'place'; readonly path: string };

const FIRST_PAGE: PageCursor = { kind: 'number', page: 1, isGuess: false };

const MAX_CURSOR_CHARACTERS = 300;
/** An older version wrote a fingerprint behind the mark of a guess. */
const NUMBERED = /^([1-9]\d{0,8})(~[\w-]*)?$/;

/** @throws UpstreamError `invalid` for a text that `cursorText` did not make */
export function parseCursor(text: string | null): PageCursor {
  if (text === null) return FIRST_PAGE;
  if (text.startsWith('/')) return { kind: 'place', path: text.slice(1) };
  const [, page, guess] = NUMBERED.exec(text) ?? [];
  if (page === undefined) throw new UpstreamError('invalid', 'a list cursor is malformed');
  return { kind: 'number', page: Number(page), isGuess: guess !== undefined };
}

/** @throws UpstreamError `invalid` when it is too long to be kept */
export function cursorText(cursor: PageCursor): string {
  const text = cursor.kind === 'place' ? `/${cursor.path}` : numberedText(cursor);
  if (text.length > MAX_CURSOR_CHARACTERS) {
    throw new UpstreamError('invalid', `"next" is longer than ${MAX_CURSOR_CHARACTERS} characters`);
  }
  return text;
}

const numberedText = ({ page, isGuess }: PageCursor & { kind: 'number' }): string =>
  isGuess ? `${page}~` : String(page);

/** The page to try after one that said nothing of a next one, or could not be read; null where only that
 *  page could tell. */
export function cursorAfter(text: string | null): string | null {
  const cursor = parseCursor(text);
  if (cursor.kind === 'place') return null;
  return cursorText({ kind: 'number', page: cursor.page + 1, isGuess: true });
}

/**
 * The page that `next` names. Of a page number only the number is taken, and asked for at our own
 * list address: so a supplier behind a proxy, whose `next` names its inner host or plain http, can be
 * read, and still nothing is sent to where it points. Any other `next` is followed as it stands, only
 * within the base URL's origin and path.
 *
 * @param asked the request whose answer held `next`, which may be relative to it
 * @throws UpstreamError `invalid` when it leads elsewhere, or not forward (it would loop)
 */
export function cursorOfNext(
  next: string,
  { cursor, asked, base }: { cursor: PageCursor; asked: URL; base: BaseUrl },
): PageCursor {
  if (!URL.canParse(next, asked.href)) throw new UpstreamError('invalid', '"next" is not a URL');
  const url = new URL(next, asked.href);
  const page = pageNumberIn(url, asked);
  if (page !== null && cursor.kind === 'number') return numberedAfter(cursor.page, page);
  const path = base.relative(url);
  if (path === null) {
    const rule = 'it is followed only within the base URL’s origin and path';
    throw new UpstreamError('invalid', `"next" leads elsewhere: ${rule}; no request was sent`);
  }
  if (url.pathname + url.search === asked.pathname + asked.search) throw loops();
  return { kind: 'place', path };
}

/** The page number, when `next` says nothing else that we did not say ourselves. */
function pageNumberIn(next: URL, asked: URL): number | null {
  const foreign = [...next.searchParams.keys()].filter((name) => !asked.searchParams.has(name));
  const page = next.searchParams.get('page') ?? '';
  return foreign.length === 0 && /^\d{1,9}$/.test(page) ? Number(page) : null;
}

function numberedAfter(current: number, next: number): PageCursor {
  if (next <= current) throw loops();
  if (next > current + 1) {
    throw new UpstreamError('invalid', `"next" jumps from page ${current} to ${next}`);
  }
  return { kind: 'number', page: next, isGuess: false };
}

function loops(): UpstreamError {
  return new UpstreamError('invalid', '"next" leads back to a page already read: the list loops');
}
