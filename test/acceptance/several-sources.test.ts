import { onTestFinished, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb/reader.ts';
import { createClient } from '../../shared/adapters/dynamodb/client.ts';
import { LOCAL_TABLE } from '../../local/catalog.ts';
import { localService, localSettings } from '../support/local-service.ts';
import {
  aCategory,
  aProduct,
  answers,
  startSupplier,
  SUPPLIER_KEY,
  type Supplier,
} from '../support/supplier.ts';

const PRODUCTS = '/api/inventory/products/synced/';
const DRINKS_KEY = 'sk-drinks-77aa01';

const list = z.object({
  count: z.number(),
  next: z.string().nullable(),
  results: z.array(z.looseObject({ id: z.number(), source: z.string(), title: z.string() })),
});

async function supplierOf(name: string, count: number, key: string): Promise<Supplier> {
  const supplier = await startSupplier({
    products: Array.from({ length: count }, (_, at) =>
      aProduct(at + 1, { name: `${name} ${at + 1}`, category: { id: 1, name } }),
    ),
    categories: [aCategory(1, { name })],
    key,
  });
  onTestFinished(() => supplier.stop());
  return supplier;
}

/** The whole service on the real engine, over two real suppliers with keys of their own. */
async function open() {
  const main = await supplierOf('Farine', 40, SUPPLIER_KEY);
  const drinks = await supplierOf('Sirop', 25, DRINKS_KEY);
  const run = await localService({
    ...(await localSettings({ url: main.url, key: SUPPLIER_KEY })),
    B2B_SOURCES: 'drinks',
    B2B_API_URL_DRINKS: drinks.url,
    B2B_API_KEY_DRINKS: DRINKS_KEY,
    B2B_TIMEOUT_SECONDS_DRINKS: '2',
  });
  const client = createClient({ endpoint: run.endpoint });
  onTestFinished(() => client.destroy());
  const { control } = createDynamoDBReader(client, LOCAL_TABLE);
  const sync = (source: string) =>
    run.worker.invoke({ source, resource: 'all', force: true, trigger: 'admin' });
  const get = async (path: string): Promise<unknown> => (await fetch(`${run.url}${path}`)).json();
  const listed = async (path: string) => list.parse(await get(path));
  return { main, drinks, run, control, sync, get, listed };
}

test('while one supplier hangs, the other is synced and stays fresh', async () => {
  const { main, drinks, sync, get, control } = await open();
  drinks.set(/./, answers.hang);
  let isOver = false;
  const hanging = sync('drinks').finally(() => (isOver = true));
  await vi.waitFor(() => expect(drinks.count()).toBeGreaterThan(0));
  expect(await sync('main')).toMatchObject({ success: true });
  expect(isOver).toBe(false);
  const ref = { source: 'main', resource: 'products' };
  expect((await control(ref)).liveCount).toBe(40);
  expect(await get('/inventory/api/status/')).toMatchObject({
    products: { state: 'fresh', synced: 40 },
    sources: {
      main: { products: { state: 'fresh', last_sync: expect.any(String) } },
      drinks: { products: { state: 'running', last_sync: null } },
    },
  });
  // Again, with the other's attempts behind it: its failures gate it and nobody else.
  await hanging;
  main.products = main.products.slice(1);
  const before = await control(ref);
  expect(await sync('main')).toMatchObject({ success: true });
  const after = await control(ref);
  expect(after.consecutiveFailures).toBe(0);
  expect(after.lastSuccessAtMs).toBeGreaterThan(before.lastSuccessAtMs ?? 0);
  expect((await control({ ...ref, source: 'drinks' })).lastSuccessAtMs).toBeNull();
});

test('a read of both is answered at once while one supplier hangs, with what there is', async () => {
  const { drinks, sync, listed } = await open();
  drinks.set(/./, answers.hang);
  const hanging = sync('drinks');
  await sync('main');
  const startedAtMs = performance.now();
  expect(await listed(PRODUCTS)).toMatchObject({ count: 40 });
  expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  await hanging;
});

test('the same id in both stays two records, also when one of them goes', async () => {
  const { drinks, sync, get, listed, control } = await open();
  await Promise.all([sync('main'), sync('drinks')]);
  const { count, results } = await listed(PRODUCTS);
  expect(count).toBe(65);
  expect(new Set(results.map(({ source, id }) => `${source} ${id}`)).size).toBe(65);
  expect(results.filter(({ id }) => id === 7).map(({ source, title }) => [source, title])).toEqual([
    ['main', 'Farine 7'],
    ['drinks', 'Sirop 7'],
  ]);
  expect(await get(`${PRODUCTS}7/?source=drinks`)).toMatchObject({ title: 'Sirop 7' });
  const ofCategory = await listed('/api/inventory/categories/synced/1/products/?source=drinks');
  expect(ofCategory.count).toBe(25);
  expect(new Set(ofCategory.results.map(({ source }) => source))).toEqual(new Set(['drinks']));
  drinks.products = drinks.products.filter(({ id }) => id !== 7);
  await sync('drinks');
  await sync('drinks');
  expect((await control({ source: 'drinks', resource: 'products' })).liveCount).toBe(24);
  expect((await control({ source: 'main', resource: 'products' })).liveCount).toBe(40);
  // The id is the main one's now as before; nobody may take it for the one that went.
  expect(await get(`${PRODUCTS}7/?source=drinks`)).toMatchObject({ status: 404 });
  expect(await get(`${PRODUCTS}7/`)).toMatchObject({ title: 'Farine 7', source: 'main' });
});

test('each supplier is asked with its own key and no other', async () => {
  const { main, drinks, sync } = await open();
  await Promise.all([sync('main'), sync('drinks')]);
  const keysOf = ({ requests }: Supplier) =>
    new Set(requests.map(({ headers }) => headers['x-api-key']));
  expect(keysOf(main)).toEqual(new Set([SUPPLIER_KEY]));
  expect(keysOf(drinks)).toEqual(new Set([DRINKS_KEY]));
});

test('a source that is added later leaves the first one’s data as they are', async () => {
  const supplier = await supplierOf('Farine', 12, SUPPLIER_KEY);
  const settings = await localSettings({ url: supplier.url, key: SUPPLIER_KEY });
  const before = await localService(settings);
  await before.worker.invoke({ resource: 'all', trigger: 'schedule' });
  const read = async (url: string) =>
    z
      .looseObject({ results: z.array(z.json()) })
      .parse(await (await fetch(`${url}${PRODUCTS}?source=main`)).json());
  const { results } = await read(before.url);
  await before.stop();
  const drinks = await supplierOf('Sirop', 5, DRINKS_KEY);
  const after = await localService({
    ...settings,
    B2B_SOURCES: 'drinks',
    B2B_API_URL_DRINKS: drinks.url,
    B2B_API_KEY_DRINKS: DRINKS_KEY,
  });
  const seen = supplier.count();
  expect((await read(after.url)).results).toEqual(results);
  await after.worker.invoke({ source: 'drinks', resource: 'all', trigger: 'schedule' });
  expect((await read(after.url)).results).toEqual(results);
  expect(supplier.count()).toBe(seen);
});
