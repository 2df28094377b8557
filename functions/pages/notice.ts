import { html } from 'hono/html';
import type { Caller } from '../../shared/core/access.ts';
import type { HttpResult } from '../http/result.ts';
import { NOTHING } from './format.ts';
import type { Language } from './language.ts';
import { pageResult } from './layout.ts';
import { WORDS, type Words } from './words.ts';

type NoticeKey<Key> = Key extends `notice_${infer Name}` ? Name : never;

/** A page that says one thing and offers the way on. */
export type Notice = NoticeKey<keyof Words>;

/** Seconds after which a browser or a monitor may ask again for what can't be done now. */
const RETRY_SECONDS = 5;

export function noticePage(
  statusCode: number,
  notice: Notice,
  language: Language,
  {
    retry,
    link = null,
    caller,
    place = 'staff',
  }: {
    /** Where the button leads; null: there is nowhere to go on. */
    readonly retry: string | null;
    readonly link?: string | null;
    /** Who is signed in: shown the way around, and out. */
    readonly caller?: Caller | undefined;
    /** Whose address it is. @default 'staff' */
    readonly place?: 'staff' | 'shop';
  },
): Promise<HttpResult> {
  const words = WORDS[language];
  const back = place === 'shop' ? words.backToShop : words.back;
  const way = LOGIN_NOTICES.has(notice) ? words.signIn : back;
  const main = html`<p role="status">${words[`notice_${notice}`]}</p>
    ${retry === null ? NOTHING : html`<p><a class="button" href="${retry}">${way}</a></p>`}
    ${link === null ? NOTHING : html`<p><a href="${link}">${words.signOutThere}</a></p>`}`;
  const title = place === 'staff' ? words.status : shopTitle(notice, words);
  const page = { title, main, reader: { language } };
  const headers = statusCode === 503 ? { 'retry-after': `${RETRY_SECONDS}` } : {};
  return pageResult(statusCode, caller === undefined ? page : { ...page, caller }, headers);
}

const shopTitle = (notice: Notice, words: Words): string =>
  notice === 'not_found' || notice === 'bad_address' ? words.notFound : words.shop;

const LOGIN_NOTICES: ReadonlySet<Notice> = new Set([
  'signed_out',
  'issuer_down',
  'login_over',
  'login_refused',
  'local_link',
  'local_over',
]);
