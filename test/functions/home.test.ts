import { expect, test } from 'vitest';
import { createMemoryStore } from '../../shared/adapters/memory/store.ts';
import { StoreUnavailableError } from '../../shared/core/errors.ts';
import { aCategory, aProduct } from '../support/supplier-records.ts';
import { shop } from '../support/shop.ts';

const FRENCH = { 'accept-language': 'fr-FR,fr;q=0.9,en;q=0.5' };
const ENGLISH = { 'accept-language': 'en-GB,en;q=0.9' };

async function open() {
  const opened = shop({
    products: [
      aProduct(1, { name: 'Riz', selling_price: '1500.50', quantity: '3.000' }),
      aProduct(2, { name: '<script>alert(1)</script>', image_url: 'https://img.example/"x.jpg' }),
      aProduct(3, { name: 'Huile', image_url: 'http://img.example/huile.jpg' }),
      aProduct(4, { name: 'Thé', has_promotion: true, promo_price: '900.00' }),
      aProduct(5, {
        name: 'Viande',
        sale_unit_type: 'weight',
        weight_unit: 'kg',
        selling_price: '4200',
      }),
    ],
    categories: [aCategory(1, { name: 'Épicerie & co' }), aCategory(2, { parent: 1 })],
  });
  await opened.sync();
  return opened;
}

test('shows the main categories and the newest products, with promotions and prices a kilogram', async () => {
  const { status, headers, text } = await (await open()).get('/', FRENCH);
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(text).toContain('lang="fr"');
  expect(text).toContain('>Épicerie &amp; co</a>');
  expect(text).not.toContain('Rayon 2');
  const names = ['Viande', 'Thé', 'Huile', 'Riz'].map((name) => text.indexOf(`>${name}<`));
  expect(names).toEqual(names.toSorted((a, b) => a - b));
  expect(names).not.toContain(-1);
  expect(text).toMatch(/900<\/strong>\s*<small>au lieu de <s>1\s004<\/s>/u);
  expect(text).toMatch(/4\s200 le kg/u);
});

test('of many main categories the first are shown, and where all of them are', async () => {
  const categories = Array.from({ length: 75 }, (_, at) => aCategory(at + 1));
  const opened = shop({ products: [aProduct(1)], categories });
  await opened.sync();
  const { text } = await opened.get('/', ENGLISH);
  expect(text.match(/categories\/synced\/\d+\/products\//g)).toHaveLength(60);
  const link = /<a href="([^"]+)">All 75 departments<\/a>/.exec(text)?.[1] ?? '';
  expect((await opened.get(link)).json['main_categories']).toHaveLength(75);
  expect((await (await open()).get('/', ENGLISH)).text).not.toContain('All ');
});

test('speaks French to whom asks for neither language, English to whom asks for it first', async () => {
  const opened = await open();
  expect((await opened.get('/')).text).toContain('lang="fr"');
  expect((await opened.get('/', { 'accept-language': 'de' })).text).toContain('lang="fr"');
  expect((await opened.get('/', ENGLISH)).text).toMatch(/lang="en"[^]*New products/);
});

test('a promotion lowers the price of a kilogram, too', async () => {
  const onOffer = { has_promotion: true, selling_price: '4200', promo_price: '3150' };
  const weighed = { sale_unit_type: 'weight', weight_unit: 'kg' };
  const opened = shop({ products: [aProduct(1, { name: 'Viande', ...weighed, ...onOffer })] });
  await opened.sync('products');
  expect((await opened.get('/', FRENCH)).text).toMatch(/3\s150[^]*4\s200[^]*3\s150 le kg/u);
});

test('amounts have two decimals unless they are whole, and only a promotion is called one', async () => {
  const opened = shop({
    products: [
      aProduct(1, { selling_price: '1500.50' }),
      aProduct(2, { selling_price: '0.0015' }),
      aProduct(3, { selling_price: '20', discount_price: '18.90', has_promotion: false }),
      aProduct(4, { selling_price: '10', discount_price: '12', has_promotion: false }),
    ],
  });
  await opened.sync('products');
  const prices = async (language: Record<string, string>) => {
    const { text } = await opened.get('/', language);
    return [...text.matchAll(/"price">([^<]+)</g)].map(([, price]) =>
      price?.replaceAll(/\s/g, ' '),
    );
  };
  expect(await prices(ENGLISH)).toEqual(['12', '18.90', '0.0015', '1,500.50']);
  expect(await prices(FRENCH)).toEqual(['12', '18,90', '0,0015', '1 500,50']);
  const { text } = await opened.get('/', ENGLISH);
  expect(text.match(/<s>[^<]+/g)).toEqual(['<s>20']);
  expect(text).not.toContain('badge');
});

test('nothing that the supplier sends becomes markup, and no image is loaded but over https', async () => {
  const { text, headers } = await (await open()).get('/');
  expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(text).not.toMatch(/<script(?! src="\/shop\.js" defer>)|http:\/\/|style=/);
  expect(text).toContain('src="https://img.example/%22x.jpg"');
  const policy = headers['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
});

test('its stylesheet and its one script are files of its own', async () => {
  const { text } = await (await open()).get('/');
  expect(text).toContain('href="/style.css"');
  expect(text.match(/<script[^>]*>/g)).toEqual(['<script src="/shop.js" defer>']);
});

test('starts both syncs when nothing was synced yet, and says that the catalogue is on its way', async () => {
  const opened = shop();
  const { text, status, headers } = await opened.get('/', ENGLISH);
  expect(status).toBe(200);
  expect(text).toContain('on its way');
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'sync-decision': 'products=started, categories=started',
  });
  expect(opened.starts.toSorted()).toEqual(['categories', 'products']);
});

test('is a page also when the store is down', async () => {
  const store = createMemoryStore();
  store.control = async () => {
    throw new StoreUnavailableError('no answer');
  };
  const opened = shop({}, { store });
  const { status, headers, text } = await opened.get('/', FRENCH);
  expect(status).toBe(503);
  expect(headers).toMatchObject({ 'retry-after': '5', 'cache-control': 'no-store' });
  expect(text).toContain('momentanément indisponible');
});
