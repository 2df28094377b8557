import { html } from 'hono/html';
import type { Caller } from '../../shared/core/access.ts';
import {
  LOGOUT_PATH,
  SHOP_SCRIPT_PATH,
  STAFF_SCRIPT_PATH,
  STATUS_PAGE_PATH,
  STYLESHEET_PATH,
} from '../../shared/deployment.ts';
import { resources } from '../../shared/resources/index.ts';
import { textResult, type HttpResult } from '../http/result.ts';
import { fill, NOTHING, type Markup, type Reader } from './format.ts';
import { resourceName, WORDS, type Words } from './words.ts';

export interface Page {
  readonly title: string;
  readonly main: Markup;
  readonly reader: Pick<Reader, 'language'> & { readonly zone?: string };
  /** Who is signed in: staff pages show the way around and out. */
  readonly caller?: Caller;
  /** How often the page looks for news, milliseconds; without it, never. */
  readonly refreshMs?: number;
  /** Whether it tells of something under way: without a script it then reloads by itself. */
  readonly isUnderWay?: boolean;
}

/** A page that reloads begins anew for whoever reads it aloud: not more often than that. */
const RELOAD = html`<noscript><meta http-equiv="refresh" content="5" /></noscript>`;

/** A whole page. */
async function pageText(page: Page): Promise<string> {
  const { title, main, reader, refreshMs, caller, isUnderWay = false } = page;
  const words = WORDS[reader.language];
  const isStaff = caller !== undefined;
  const markup = await html`<!doctype html>
    <html lang="${reader.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${isUnderWay ? RELOAD : NOTHING}
        <link rel="stylesheet" href="${STYLESHEET_PATH}" />
        <script src="${isStaff ? STAFF_SCRIPT_PATH : SHOP_SCRIPT_PATH}" defer></script>
      </head>
      <body data-zone="${reader.zone ?? ''}" data-refresh-ms="${refreshMs ?? ''}">
        <a class="skip" href="#main">${words.skip}</a>
        ${isStaff ? staffHeader(caller, words) : html`<header><h1>${title}</h1></header>`}
        <main id="main">${isStaff ? html`<h1>${title}</h1>` : NOTHING} ${main}</main>
      </body>
    </html> `;
  return String(markup);
}

/** A page as an answer. */
export async function pageResult(
  statusCode: number,
  page: Page,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpResult> {
  return textResult(statusCode, 'text/html', await pageText(page), {
    'cache-control': 'no-store',
    vary: 'Accept-Language, Accept-Encoding',
    ...headers,
  });
}

function staffHeader(caller: Caller, words: Words): Markup {
  return html`<header class="staff">
    <nav aria-label="${words.pages}">
      <a href="${STATUS_PAGE_PATH}/">${words.status}</a>
      ${resources.map(
        ({ name }) => html`<a href="/inventory/sync/${name}/">${resourceName(words, name)}</a>`,
      )}
      <a href="/">${words.shop}</a>
    </nav>
    <form method="post" action="${LOGOUT_PATH}/">
      ${csrfField(caller)}
      <span>${fill(words.signedInAs, { name: caller.name })}</span>
      <button class="quiet">${words.signOut}</button>
    </form>
  </header>`;
}

/** What a form of this session carries to be taken. */
export const csrfField = ({ csrf }: Caller): Markup =>
  csrf === null ? NOTHING : html`<input type="hidden" name="csrf" value="${csrf}" />`;
