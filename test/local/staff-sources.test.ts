import { expect, onTestFinished, test, vi } from 'vitest';
import * as z from 'zod';
import { LOCAL_TABLE } from '../../local/catalog.ts';
import { createClient } from '../../shared/adapters/dynamodb/client.ts';
import { createDynamoDBTokens } from '../../shared/adapters/dynamodb/tokens.ts';
import { newSecret, sha256 } from '../../shared/adapters/secrets.ts';
import { TOKEN_PREFIX } from '../../shared/core/access.ts';
import { localService, localSettings } from '../support/local-service.ts';
import { products, startSupplier, SUPPLIER_KEY } from '../support/supplier.ts';

/** A service of two sources, asked by a program that may do everything. */
async function open() {
  const [main, drinks] = await Promise.all(
    [10, 30].map(async (count) => {
      const supplier = await startSupplier({ products: products(1, count), categories: [] });
      onTestFinished(() => supplier.stop());
      return supplier;
    }),
  );
  if (main === undefined || drinks === undefined) throw new Error('no suppliers');
  const run = await localService({
    ...(await localSettings({ url: main.url, key: SUPPLIER_KEY })),
    B2B_SOURCES: 'drinks',
    B2B_API_URL_DRINKS: drinks.url,
    B2B_API_KEY_DRINKS: SUPPLIER_KEY,
  });
  const client = createClient({ endpoint: run.endpoint });
  onTestFinished(() => client.destroy());
  const secret = `${TOKEN_PREFIX}${newSecret()}`;
  await createDynamoDBTokens(client, LOCAL_TABLE).add(sha256(secret), {
    id: 'test',
    name: 'test',
    scopes: ['admin'],
    createdAtMs: 0,
    expiresAtMs: Date.now() + 60_000,
  });
  const ask = async (path: string, body?: object, accept = 'application/json') => {
    const answer = await fetch(`${run.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${secret}`,
        accept,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json = text.startsWith('{')
      ? z.record(z.string(), z.unknown()).parse(JSON.parse(text))
      : {};
    return { status: answer.status, location: answer.headers.get('location'), text, json };
  };
  const sync = (source: string) => run.worker.invoke({ source, resource: 'all', force: true });
  return { run, main, drinks, ask, sync };
}

const rows = z.array(z.looseObject({ source: z.string() }));

test('a sync over HTTP is of the source that the body or the address names, else of the main one', async () => {
  const { ask, main, drinks } = await open();
  const first = await ask('/inventory/sync/products/', { source: 'drinks' });
  expect(first).toMatchObject({
    status: 202,
    json: { message: 'A sync of products of drinks was started.' },
  });
  expect(first.location).toMatch(/^\/inventory\/sync\/products\/\?source=drinks&run=\w{26}$/);
  await vi.waitFor(() => expect(drinks.count('b2c/products/')).toBeGreaterThan(0));
  expect(main.count()).toBe(0);
  expect((await ask('/inventory/sync/products/', {})).status).toBe(202);
  await vi.waitFor(() => expect(main.count('b2c/products/')).toBeGreaterThan(0));
  expect(await ask('/inventory/sync/products/', { source: 'fish' })).toMatchObject({
    status: 400,
    json: { detail: 'source must be main or drinks.' },
  });
  const again = await ask('/inventory/sync/products/?source=drinks', {});
  expect([200, 409]).toContain(again.status);
  expect(String(again.json['message'])).toContain('products of drinks');
});

test('runs and records in error name their source, and can be asked for by it', async () => {
  const { ask, sync, drinks } = await open();
  drinks.products[0] = { ...drinks.products[0], name: null };
  await Promise.all([sync('main'), sync('drinks')]);
  const runs = (await ask('/inventory/api/runs/?resource=products')).json['products'];
  expect(rows.parse(runs).map(({ source }) => source)).toEqual(['main', 'drinks']);
  const rejects = (await ask('/inventory/api/rejects/?source=drinks')).json['products'];
  expect(rows.parse(rejects)).toMatchObject([{ source: 'drinks', id: expect.any(String) }]);
  expect((await ask('/inventory/api/rejects/?source=main')).json['products']).toEqual([]);
  expect((await ask('/inventory/api/runs/?source=fish')).status).toBe(400);
  const asked = drinks.count();
  expect(
    (await ask('/inventory/api/rejects/', { resource: 'products', source: 'drinks' })).status,
  ).toBe(202);
  await vi.waitFor(() => expect(drinks.count()).toBeGreaterThan(asked));
});

test('a record with the shop’s secrets is of the source that the address names', async () => {
  const { ask, sync, main, drinks } = await open();
  main.products = [{ ...main.products[0], id: 7, purchase_price: '11.00' }];
  drinks.products = [{ ...drinks.products[0], id: 7, purchase_price: '22.00' }];
  await Promise.all([sync('main'), sync('drinks')]);
  const secret = async (query: string) => {
    const { json } = await ask(`/inventory/api/products/7/${query}`);
    return [json['source'], json['purchase_price']];
  };
  expect(await secret('?source=drinks')).toEqual(['drinks', '22']);
  expect(await secret('?source=main')).toEqual(['main', '11']);
  expect(await secret('')).toEqual(['main', '11']);
  expect((await ask('/inventory/api/products/7/?source=fish')).status).toBe(400);
});

test('deletions held in one source are found by their run, and decided on there', async () => {
  const { ask, sync, drinks } = await open();
  await Promise.all([sync('main'), sync('drinks')]);
  drinks.products = drinks.products.slice(0, 5);
  await sync('drinks');
  await sync('drinks');
  const status = z
    .looseObject({
      products: z.looseObject({ held: z.null() }),
      sources: z.looseObject({
        drinks: z.looseObject({
          products: z.looseObject({
            held: z.looseObject({ run_id: z.string(), count: z.number() }),
          }),
        }),
      }),
    })
    .parse((await ask('/inventory/api/status/')).json);
  const { held } = status.sources.drinks.products;
  expect(held.count).toBe(25);
  expect((await ask(`/inventory/api/held/${held.run_id}/`, { action: 'approve' })).status).toBe(
    202,
  );
  await vi.waitFor(async () => {
    const { json } = await ask('/inventory/api/status/');
    expect(json).toMatchObject({
      products: { removed: 0 },
      sources: { drinks: { products: { held: null, removed: 25 } } },
    });
  }, 20_000);
});

test('the pages show each source by its name, and lead from one to the other', async () => {
  const { ask, sync } = await open();
  await Promise.all([sync('main'), sync('drinks')]);
  const { text } = await ask('/inventory/status/', undefined, 'text/html');
  for (const id of ['products-glance', 'drinks-products-glance', 'drinks-categories-rest'])
    expect(text.split(`id="${id}"`)).toHaveLength(2);
  expect(text).toContain('Produits · main');
  expect(text).toContain('Produits · drinks');
  expect(text).toContain('/api/inventory/products/synced/10/?source=drinks');
  const page = await ask('/inventory/sync/products/?source=drinks', undefined, 'text/html');
  expect(page.text).toContain('action="/inventory/sync/products/?source=drinks"');
  expect(page.text).toMatch(/<a href="\/inventory\/sync\/products\/"\s*>main<\/a>/);
  expect(page.text).toMatch(
    /href="\/inventory\/sync\/products\/\?source=drinks"\s+aria-current="page"/,
  );
});
