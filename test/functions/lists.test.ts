import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../shared/core/json.ts';
import { aCategory, aProduct } from '../support/supplier-records.ts';
import { shop, type Reply, type Shop } from '../support/shop.ts';

const PRODUCTS = '/api/inventory/products/synced/';
const CATEGORIES = '/api/inventory/categories/synced/';

const idsOf = ({ results }: Reply) => results.map(({ id }) => id);
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const productsOf = (count: number, fields: (id: number) => JsonObject = () => ({})) =>
  numbers(count).map((id) => aProduct(id, fields(id)));

async function synced(products: JsonObject[], categories: JsonObject[] = []): Promise<Shop> {
  const open = shop({ products, categories });
  await open.sync();
  return open;
}

describe('a list', () => {
  test('answers everything at once, newest id first, ids ordered as numbers', async () => {
    const open = await synced(productsOf(120));
    const reply = await open.get(PRODUCTS);
    expect(reply.status).toBe(200);
    expect(reply.json).toMatchObject({ count: 120, next: null, previous: null });
    expect(idsOf(reply)).toEqual(numbers(120).toReversed());
  });

  test('answers with and without the trailing slash', async () => {
    const open = await synced(productsOf(2));
    expect((await open.get(PRODUCTS.slice(0, -1))).text).toBe((await open.get(PRODUCTS)).text);
  });

  test('leaves out what is not available, unless all are asked for', async () => {
    const open = await synced(productsOf(6, (id) => ({ is_active: id % 3 !== 0 })));
    expect(idsOf(await open.get(PRODUCTS))).toEqual([5, 4, 2, 1]);
    expect(idsOf(await open.get(`${PRODUCTS}?availability=all`))).toEqual([6, 5, 4, 3, 2, 1]);
  });

  test('never shows what is the shop’s secret', async () => {
    const open = await synced([aProduct(7, { purchase_price: '777.77', margin_rate: 66.6 })]);
    for (const path of [PRODUCTS, `${PRODUCTS}7/`]) {
      const { text } = await open.get(path);
      expect(text).not.toMatch(/777\.77|66\.6|purchase_price|margin_rate/);
    }
  });

  test('tells how fresh it is', async () => {
    const open = await synced(productsOf(1));
    open.clock.advance(340_000);
    const { json } = await open.get(PRODUCTS);
    expect(json['sync']).toEqual({
      decision: 'fresh',
      last_sync: '2026-11-22T10:00:00.000Z',
      age_seconds: 340,
      stale: false,
      next_allowed: '2026-11-22T11:55:00.000Z',
    });
  });

  test('before the first sync is empty, says that one was started, and when to ask again', async () => {
    const open = shop();
    const reply = await open.get(PRODUCTS);
    expect(reply.status).toBe(200);
    expect(reply.json).toMatchObject({ count: 0, results: [], sync: { decision: 'started' } });
    expect(reply.headers).toMatchObject({ 'retry-after': '5', 'cache-control': 'no-store' });
    expect(open.starts).toEqual(['products']);
    const second = await open.get(PRODUCTS);
    expect(second.json).toMatchObject({ sync: { decision: 'running', last_sync: null } });
  });

  test('with force is answered all the same, and that forcing is forbidden', async () => {
    const open = await synced(productsOf(3));
    const { json } = await open.get(`${PRODUCTS}?force=true`);
    expect(json).toMatchObject({ count: 3, sync: { decision: 'forbidden' } });
    expect(open.starts).toEqual([]);
  });

  test('with updated_since has what was stored at that moment or later', async () => {
    const open = await synced(productsOf(4));
    open.untilDue();
    const { rows } = open.upstream['products'] ?? { rows: [] };
    rows[1] = aProduct(2, { name: 'Nouveau nom' });
    await open.sync('products');
    const since = new Date(open.clock.nowMs()).toISOString();
    expect(idsOf(await open.get(`${PRODUCTS}?updated_since=${since}`))).toEqual([2]);
    expect(idsOf(await open.get(`${PRODUCTS}?updated_since=2026-11-22`))).toEqual([4, 3, 2, 1]);
  });
});

test('a parameter that comes twice is refused: the gateway makes one of both, which is neither', async () => {
  const opened = shop({ products: [aProduct(1)], categories: [aCategory(1)] });
  await opened.sync();
  for (const query of ['category=1&category=2', 'search=a&search=b', 'page_size=1&page_size=1']) {
    const { status, json } = await opened.get(`${PRODUCTS}?${query}`);
    expect(status).toBe(400);
    expect(json).toMatchObject({ code: 'bad_parameter', count: 0, results: [] });
    expect(JSON.stringify(json)).toContain('must be given once');
  }
  // What nobody asked for is dropped, however often it comes.
  expect((await opened.get(`${PRODUCTS}?_=1&_=2`)).status).toBe(200);
});

describe('the category filter', () => {
  const categories = [
    aCategory(1),
    aCategory(2, { parent: 1 }),
    aCategory(3, { parent: 2 }),
    aCategory(4),
    aCategory(8, { parent: 9 }),
    aCategory(9, { parent: 8 }),
  ];
  const products = [1, 2, 3, 4, 8, 9].map((category) =>
    aProduct(category * 10, { category: { id: category, name: `Rayon ${category}` } }),
  );

  test('takes a category and all that are below it', async () => {
    const open = await synced(products, categories);
    expect(idsOf(await open.get(`${PRODUCTS}?category=1`))).toEqual([30, 20, 10]);
    expect(idsOf(await open.get(`${PRODUCTS}?category=3`))).toEqual([30]);
    expect(idsOf(await open.get(`${PRODUCTS}?category=404`))).toEqual([]);
    const below = '/api/inventory/categories/synced/?category=3';
    expect(idsOf(await open.get(below))).toEqual([3]);
    expect(idsOf(await open.get(below.replace('=3', '=1')))).toEqual([3, 2, 1]);
  });

  test('ends on categories that are each other’s parents', async () => {
    const open = await synced(products, categories);
    expect(idsOf(await open.get(`${PRODUCTS}?category=8`))).toContain(80);
  });

  test('is what a category’s products are', async () => {
    const open = await synced(products, categories);
    const reply = await open.get(`${CATEGORIES}2/products/`);
    expect(idsOf(reply)).toEqual([30, 20]);
    expect((await open.get(`${CATEGORIES}404/products/`)).status).toBe(404);
  });

  test('is not needed for the tree, which nests to any depth and holds each category once', async () => {
    const open = await synced(products, categories);
    const { json } = await open.get('/api/inventory/categories/tree/');
    const nestedIds = (node: unknown): number[] =>
      typeof node === 'object' && node !== null
        ? Object.entries(node).flatMap(([name, value]) =>
            name === 'id' && typeof value === 'number' ? [value] : nestedIds(value),
          )
        : [];
    expect(nestedIds(json['main_categories']).toSorted((a, b) => a - b)).toEqual([
      1, 2, 3, 4, 8, 9,
    ]);
    expect(json).toMatchObject({
      main_categories: [{ id: 1, children: [{ id: 2, children: [{ id: 3 }] }] }, { id: 4 }, {}, {}],
    });
  });
});
