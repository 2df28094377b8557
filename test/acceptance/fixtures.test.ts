import { createServer, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { fixture, fixtureList } from '../resources/catalog.ts';
import { localService, localSettings } from '../support/local-service.ts';

const wireList = z.object({ results: z.array(z.looseObject({ id: z.number() })) });
const PAGES = [
  fixture('upstream-products-page-1'),
  fixture('upstream-products-page-2-page-size-ignored'),
];
const DETAILS = [
  fixture('upstream-product-by-weight'),
  fixture('upstream-product-with-image'),
  fixture('upstream-product-without-category'),
];
const listed = PAGES.flatMap((page) => wireList.parse(page).results);
const detailed = z.array(z.looseObject({ id: z.number() })).parse(DETAILS);

/** Serves the recorded answers as they are: 20 a page whatever is asked, 404 past the end. A third page
 *  lists the products whose details were recorded; the others' details are their list entries. */
async function fixtureSupplier() {
  const asked: URL[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://supplier');
    asked.push(url);
    answer(url, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return { url: `http://127.0.0.1:${port}/api/v1/`, key: 'fixture-key', asked };
}

function answer(url: URL, response: ServerResponse): void {
  const json = (status: number, body: unknown) =>
    void response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify(body));
  const id = Number(/products\/(\d+)\/$/.exec(url.pathname)?.[1]);
  const page = Number(url.searchParams.get('page') ?? 1);
  if (url.pathname.endsWith('/b2c/categories/'))
    return json(200, fixtureList('upstream-categories'));
  if (!Number.isNaN(id)) {
    const body = [...detailed, ...listed].find((product) => product.id === id);
    return body === undefined ? json(404, { detail: 'Pas trouvé.' }) : json(200, body);
  }
  if (page === 3) return json(200, { count: 43, next: null, previous: null, results: detailed });
  return page > 3 ? json(404, { detail: 'Page invalide.' }) : json(200, PAGES[page - 1]);
}

const PRODUCT_FIELDS =
  'id source title slug sku description price discount_price promo_price has_promotion discount_percent promotion_start_date promotion_end_date category brand image_url images barcodes is_available is_salam stock weight dimensions specifications delivery_methods tags created_at updated_at synced_at'.split(
    ' ',
  );
const CATEGORY_FIELDS =
  'id source name slug description parent parent_missing children image_url image is_main is_rayon rayon_type level order product_count created_at updated_at synced_at'.split(
    ' ',
  );

const answered = z.object({
  count: z.number(),
  next: z.string().nullable(),
  previous: z.string().nullable(),
  results: z.array(z.looseObject({ id: z.number() })),
});

test('every recorded record arrives with the fields of the public interface, although 20 a page come when 100 are asked', async () => {
  const supplier = await fixtureSupplier();
  const run = await localService(await localSettings(supplier));
  for (const resource of ['products', 'categories']) {
    expect(await run.worker.invoke({ resource, force: true })).toMatchObject({ success: true });
  }
  const list = async (path: string) =>
    answered.parse(await (await fetch(`${run.url}${path}`)).json());

  const products = await list('/api/inventory/products/synced/?availability=all');
  expect(products.results.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(
    [...listed, ...detailed].map(({ id }) => id).toSorted((a, b) => a - b),
  );
  for (const product of products.results) {
    expect(Object.keys(product)).toEqual(expect.arrayContaining(PRODUCT_FIELDS));
    expect(JSON.stringify(product)).not.toMatch(/purchase_price|margin_rate/);
  }
  const byId = new Map(products.results.map((product) => [product.id, product]));
  expect(byId.get(300)).toMatchObject({
    price: '1300',
    stock: 0,
    is_available: false,
    sku: '10300',
  });
  expect(byId.get(20)).toMatchObject({
    brand: 'Marque 0',
    category: { id: 11, name: 'Sous 6' },
    specifications: { sold_by_weight: true, price_per_kg: '1020', available_weight_kg: 20.5 },
  });

  const categories = await list('/api/inventory/categories/synced/');
  const recorded = fixtureList('upstream-categories');
  expect(categories.count).toBe(recorded.length);
  for (const category of categories.results) {
    expect(Object.keys(category)).toEqual(expect.arrayContaining(CATEGORY_FIELDS));
  }
  expect(supplier.asked.every(({ pathname }) => pathname.startsWith('/api/v1/b2c/'))).toBe(true);
  // Categories are complete in their list: no detail was asked for.
  expect(supplier.asked.filter(({ pathname }) => /categories\/\d/.test(pathname))).toEqual([]);
});

test.each([
  ['products', 'shop-products-synced'],
  ['categories', 'shop-categories-synced'],
])(
  'a client that reads the old %s answer reads the new one: same envelope, same shared fields',
  async (resource, name) => {
    const supplier = await fixtureSupplier();
    const run = await localService(await localSettings(supplier));
    for (const each of ['products', 'categories'])
      await run.worker.invoke({ resource: each, force: true });
    const old = answered.pick({ count: true, results: true }).parse(fixture(name));
    const response = await fetch(`${run.url}/api/inventory/${resource}/synced/?availability=all`);
    const fresh = answered.parse(await response.json());
    const shared = Object.keys(old.results[0] ?? {}).filter((field) =>
      [...PRODUCT_FIELDS, ...CATEGORY_FIELDS].includes(field),
    );
    expect(shared.length).toBeGreaterThan(10);
    for (const record of fresh.results)
      expect(Object.keys(record)).toEqual(expect.arrayContaining(shared));
  },
);
