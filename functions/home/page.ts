import { html } from 'hono/html';
import type { Json, JsonObject } from '../../shared/core/json.ts';
import type { Freshness } from '../../shared/reads/freshness.ts';
import type { Home } from '../../shared/reads/home.ts';
import type { HttpResult } from '../http/result.ts';
import { CATEGORY_TREE, productsAddress, recordAddress } from '../pages/addresses.ts';
import {
  fill,
  imageAddress,
  isNumeric,
  LOCALES,
  money,
  NOTHING,
  perKilogram,
  shown,
  type Markup,
} from '../pages/format.ts';
import type { Language } from '../pages/language.ts';
import { pageResult } from '../pages/layout.ts';
import { WORDS } from '../pages/words.ts';

export interface HomeReader {
  readonly language: Language;
  readonly imageHosts: readonly string[];
}

/** The home as a page; nobody keeps one from before the first sync. */
export function homePage(home: Home, reader: HomeReader): Promise<HttpResult> {
  const words = WORDS[reader.language];
  const { freshness, newestProducts } = home;
  const isNew = freshness.last_sync === null;
  const nothing = html`<p role="status">${isNew ? words.filling : words.empty}</p>`;
  const isEmpty = newestProducts.length === 0;
  const main = isEmpty ? nothing : shelves(home, reader);
  const keep = { 'cache-control': isNew ? 'no-store' : 'public, max-age=60' };
  return pageResult(200, { title: words.shop, main, reader, isUnderWay: isNew && isEmpty }, keep);
}

/** The page for when the store can't be read. */
export function downPage(language: Language): Promise<HttpResult> {
  const { shop, down } = WORDS[language];
  const main = html`<p role="status">${down}</p>`;
  return pageResult(503, { title: shop, main, reader: { language } }, { 'retry-after': '5' });
}

function shelves(home: Home, reader: HomeReader): Markup {
  const { newestProducts, freshness } = home;
  const words = WORDS[reader.language];
  return html`<h2>${words.categories}</h2>
    <ul class="categories">
      ${categoryCards(home, reader)}
    </ul>
    <h2>${words.newest}</h2>
    <ul class="products">
      ${newestProducts.map((product) => productCard(product, reader))}
    </ul>
    ${footer(freshness, reader.language)}`;
}

function categoryCards({ mainCategories, mainCategoryCount }: Home, reader: HomeReader): Markup {
  const cards = mainCategories.map((category) => categoryCard(category));
  if (mainCategoryCount === mainCategories.length) return html`${cards}`;
  const all = fill(WORDS[reader.language].allCategories, { count: `${mainCategoryCount}` });
  return html`${cards}
    <li><a href="${CATEGORY_TREE}">${all}</a></li>`;
}

function categoryCard({ id, source, name }: JsonObject): Markup {
  const address = productsAddress(shown(source), shown(id));
  return html`<li><a href="${address}">${shown(name)}</a></li>`;
}

function productCard(product: JsonObject, { language, imageHosts }: HomeReader): Markup {
  const { id, source, title, image_url: image, brand } = product;
  const words = WORDS[language];
  const ref = { source: shown(source), resource: 'products' };
  const address = recordAddress(ref, shown(id));
  const picture = imageAddress(image, imageHosts);
  return html`<li class="card">
    ${picture === null ? html`<div class="picture"></div>` : html`<img class="picture" src="${picture}" alt="" loading="lazy" />`}
    <h3><a href="${address}">${shown(title)}</a></h3>
    ${typeof brand === 'string' ? html`<p class="minor">${brand}</p>` : NOTHING}
    ${prices(product, language)}
    <p class="minor">${words.available}</p>
  </li>`;
}

function prices(product: JsonObject, language: Language): Markup {
  const words = WORDS[language];
  const { price, discount_price: reduced, has_promotion: isPromotion, specifications } = product;
  const now = money(reduced ?? price, language);
  const before = money(price, language);
  const kg = money(reducedAlike(perKilogram(specifications), product), language);
  return html`<p>
      <strong class="price">${now ?? words.noPrice}</strong>
      ${
        isNumeric(reduced) && Number(reduced) < Number(price)
          ? html`<small>${words.was} <s>${before}</s></small>`
          : NOTHING
      }
      ${isPromotion === true ? html`<span class="badge warn">${words.promotion}</span>` : NOTHING}
    </p>
    ${kg === null ? NOTHING : html`<p class="minor">${kg} ${words.perKg}</p>`}`;
}

/** The price of a kilogram, as much lower as the promotion makes the product: suppliers give the full one. */
function reducedAlike(kg: Json | undefined, product: JsonObject): Json | undefined {
  const { price, discount_price: reduced } = product;
  if (!isNumeric(kg) || !isNumeric(reduced) || !(Number(price) > 0)) return kg;
  return (Number(kg) * Number(reduced)) / Number(price);
}

/** When the catalogue is from, and no fresher than it is. */
function footer({ last_sync: lastSync, stale }: Freshness, language: Language): Markup {
  if (lastSync === null) return NOTHING;
  const words = WORDS[language];
  const format = new Intl.DateTimeFormat(LOCALES[language], {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  const at = html`<time datetime="${lastSync}">${format.format(new Date(lastSync))} UTC</time>`;
  return html`<footer>${fill(stale ? words.updatedLate : words.updated, { at })}</footer>`;
}
