import { html } from 'hono/html';
import { isJsonObject, type Json, type JsonObject } from '../../shared/core/json.ts';
import type { Home } from '../../shared/reads/home.ts';
import { WORDS, type Language } from './words.ts';

/** Markup whose every value was escaped by the template. */
type Markup = ReturnType<typeof html>;

/** The home as a page. */
export async function homePage(home: Home, language: Language): Promise<string> {
  const words = WORDS[language];
  const { mainCategories, newestProducts, freshness } = home;
  if (newestProducts.length === 0) return page(language, html`<p>${words.filling}</p>`);
  return page(
    language,
    html`<h2>${words.categories}</h2>
      <ul class="categories">
        ${mainCategories.map((category) => categoryCard(category))}
      </ul>
      <h2>${words.newest}</h2>
      <ul class="products">
        ${newestProducts.map((product) => productCard(product, language))}
      </ul>
      ${freshness.last_sync === null ? '' : footer(freshness.last_sync, language)}`,
  );
}

/** The page for when the store can't be read. */
export const downPage = (language: Language): Promise<string> =>
  page(language, html`<p>${WORDS[language].down}</p>`);

async function page(language: Language, main: Markup): Promise<string> {
  const { title } = WORDS[language];
  const markup = await html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="/home.css" />
      </head>
      <body>
        <h1>${title}</h1>
        <main>${main}</main>
      </body>
    </html> `;
  return String(markup);
}

function categoryCard({ id, name }: JsonObject): Markup {
  const address = `/api/inventory/categories/synced/${encodeURIComponent(shown(id))}/products/`;
  return html`<li><a href="${address}">${shown(name)}</a></li>`;
}

function productCard(product: JsonObject, language: Language): Markup {
  const { id, title, image_url: image, brand } = product;
  const address = `/api/inventory/products/synced/${encodeURIComponent(shown(id))}/`;
  return html`<li>
    ${isSecure(image) ? html`<img src="${image}" alt="" loading="lazy" />` : ''}
    <h3><a href="${address}">${shown(title)}</a></h3>
    ${typeof brand === 'string' ? html`<p><small>${brand}</small></p>` : ''}
    ${prices(product, language)}
  </li>`;
}

function prices(product: JsonObject, language: Language): Markup {
  const words = WORDS[language];
  const { price, discount_price: reduced, specifications } = product;
  const perKg = isJsonObject(specifications) ? specifications['price_per_kg'] : null;
  const now = money(reduced ?? price, language);
  const before = money(price, language);
  const kg = money(perKg, language);
  return html`<p>
      <strong>${now ?? words.noPrice}</strong>
      ${isNumber(reduced) && before !== null ? html`<small>${words.was} <s>${before}</s></small>` : ''}
    </p>
    ${kg === null ? '' : html`<p><small>${kg} ${words.perKg}</small></p>`}`;
}

function footer(lastSync: string, language: Language): Markup {
  const format = new Intl.DateTimeFormat(language, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  return html`<footer>
    <small
      >${WORDS[language].updated}
      <time datetime="${lastSync}">${format.format(new Date(lastSync))} UTC</time></small
    >
  </footer>`;
}

/** An amount as people of that language write it; the catalogue names no currency. */
function money(amount: Json | undefined, language: Language): string | null {
  if (!isNumber(amount)) return null;
  return new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(Number(amount));
}

const isNumber = (amount: Json | undefined): boolean =>
  (typeof amount === 'string' && amount !== '' && Number.isFinite(Number(amount))) ||
  typeof amount === 'number';

/** Only https addresses reach the page, whatever the supplier sends. */
const isSecure = (address: Json | undefined): address is string =>
  typeof address === 'string' && URL.parse(address)?.protocol === 'https:';

const shown = (value: Json | undefined): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
