import { html } from 'hono/html';
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
  { retry, link = null }: { readonly retry: string; readonly link?: string | null },
): Promise<HttpResult> {
  const words = WORDS[language];
  const isLogin = LOGIN_NOTICES.has(notice);
  const main = html`<p role="status">${words[`notice_${notice}`]}</p>
    <p><a class="button" href="${retry}">${isLogin ? words.signIn : words.back}</a></p>
    ${link === null ? NOTHING : html`<p><a href="${link}">${words.signOutThere}</a></p>`}`;
  return pageResult(statusCode, { title: words.status, main, reader: { language } });
}

const LOGIN_NOTICES: ReadonlySet<Notice> = new Set([
  'signed_out',
  'no_issuer',
  'issuer_down',
  'login_over',
  'login_refused',
  'local_link',
  'local_over',
]);
