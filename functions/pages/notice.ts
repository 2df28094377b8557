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

export function noticePage(
  statusCode: number,
  notice: Notice,
  language: Language,
  {
    retry,
    link = null,
    caller,
  }: {
    /** Where the button leads; null: there is nowhere to go on. */
    readonly retry: string | null;
    readonly link?: string | null;
    /** Who is signed in: shown the way around, and out. */
    readonly caller?: Caller | undefined;
  },
): Promise<HttpResult> {
  const words = WORDS[language];
  const isLogin = LOGIN_NOTICES.has(notice);
  const main = html`<p role="status">${words[`notice_${notice}`]}</p>
    ${retry === null ? NOTHING : html`<p><a class="button" href="${retry}">${isLogin ? words.signIn : words.back}</a></p>`}
    ${link === null ? NOTHING : html`<p><a href="${link}">${words.signOutThere}</a></p>`}`;
  const page = { title: words.status, main, reader: { language } };
  return pageResult(statusCode, caller === undefined ? page : { ...page, caller });
}

const LOGIN_NOTICES: ReadonlySet<Notice> = new Set([
  'signed_out',
  'issuer_down',
  'login_over',
  'login_refused',
  'local_link',
  'local_over',
]);
