import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '../../shared/adapters/memory/store.ts';
import { StoreUnavailableError } from '../../shared/core/errors.ts';
import { aProduct } from '../support/supplier-records.ts';
import { shop } from '../support/shop.ts';
import type { Store } from '../support/sync-bench.ts';

const PRODUCTS = '/api/inventory/products/synced/';

/** A store whose every read fails like this. */
function broken(error: Error): Store {
  const fail = async () => {
    throw error;
  };
  const reads = {
    control: fail,
    snapshot: fail,
    record: fail,
    lookUp: fail,
    runs: fail,
    recent: fail,
  };
  return { ...createMemoryStore(), ...reads };
}

test.each([
  ['page_size=0', 'page_size'],
  ['page_size=1001', 'page_size'],
  ['page_size=1e2', 'page_size'],
  ['page_size=10,20', 'page_size'],
  ['page_size=', 'page_size'],
  ['availability=some', 'availability'],
  ['updated_since=yesterday', 'updated_since'],
  ['updated_since=2026-13-40', 'updated_since'],
  ['category=', 'category'],
  ['force=yes', 'force'],
  [`search=${'riz '.repeat(60)}`, 'search'],
])('?%s is refused as a problem that names the parameter', async (query, name) => {
  const reply = await shop().get(`${PRODUCTS}?${query}`);
  expect(reply.status).toBe(400);
  expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(reply.json).toMatchObject({ status: 400, code: 'bad_parameter', count: 0, results: [] });
  expect(reply.json['detail']).toContain(`${name} `);
  expect(reply.json['error']).toBe(reply.json['detail']);
});

test('a page of the largest size is served', async () => {
  const open = shop({ products: [aProduct(12)] });
  await open.sync();
  const reply = await open.get(`${PRODUCTS}?page_size=1000`);
  expect(reply).toMatchObject({ status: 200, json: { count: 1 } });
});

test('a parameter that we do not know is ignored, as cache busters need', async () => {
  expect((await shop().get(`${PRODUCTS}?_=1795341600000`)).status).toBe(200);
});

test('an id that no record has is not found, and the answer says where the ids are', async () => {
  const open = shop({ products: [aProduct(12)] });
  await open.sync();
  const reply = await open.get(`${PRODUCTS}404/`);
  expect(reply.status).toBe(404);
  expect(reply.json).toMatchObject({ code: 'not_found' });
  expect(reply.json['detail']).toMatch(/list has the ids/);
  expect((await open.get(`${PRODUCTS}12`)).json['id']).toBe(12);
});

test('a program that takes HTML as well is told its problem in JSON, with what to do', async () => {
  const javaDoes = { accept: 'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2' };
  const wrong = await shop().get(`${PRODUCTS}?page_size=0`, javaDoes);
  expect(wrong.json).toMatchObject({ status: 400, code: 'bad_parameter' });
  const down = await storeDown().get(PRODUCTS, javaDoes);
  expect(down.json).toMatchObject({ status: 503 });
  expect(down.headers['retry-after']).toBe('5');
  const page = await storeDown().get('/inventory/api/status/', { accept: 'text/html' });
  expect(page.headers['content-type']).toMatch(/^application\/problem\+json/);
});

test('a path below a route is not found', async () => {
  const open = shop({ products: [aProduct(12)] });
  await open.sync();
  expect((await open.get(`${PRODUCTS}12/more/`)).json).toMatchObject({ status: 404 });
});

const storeDown = () => shop({}, { store: broken(new StoreUnavailableError('no answer')) });

describe('when the store is down', () => {
  test.each([
    PRODUCTS,
    `${PRODUCTS}1/`,
    '/api/inventory/categories/tree/',
    '/inventory/api/status/',
  ])('%s answers 503 and when to ask again', async (path) => {
    const reply = await storeDown().get(path);
    expect(reply.status).toBe(503);
    expect(reply.headers).toMatchObject({ 'retry-after': '5', 'cache-control': 'no-store' });
    expect(reply.json).toMatchObject({ code: 'store_unavailable', count: 0, results: [] });
  });
});

test('an unforeseen error is logged, and told without a word of it', async () => {
  const open = shop({}, { store: broken(new TypeError('secret inside')) });
  const reply = await open.get(PRODUCTS);
  expect(reply.status).toBe(500);
  expect(reply.json).toMatchObject({ code: 'internal_error' });
  expect(reply.text).not.toContain('secret inside');
  expect(open.events).toContainEqual(
    expect.objectContaining({ level: 'error', event: 'request_failed' }),
  );
});

describe('where reads are closed', () => {
  const paths = [PRODUCTS, `${PRODUCTS}1/`, '/inventory/api/status/'];

  test.each(paths)('%s refuses who did not sign, says how to, and starts nothing', async (path) => {
    const open = shop({ products: [aProduct(1)] }, { publicReads: false });
    const reply = await open.get(path);
    expect(reply.status).toBe(401);
    expect(reply.json['detail']).toMatch(/not public.*Authorization: Bearer/);
    expect(reply.headers['www-authenticate']).toBeDefined();
    expect(open.starts).toEqual([]);
  });

  test.each(paths)('%s serves whom API Gateway let through, privately', async (path) => {
    const open = shop({ products: [aProduct(1)] }, { publicReads: false });
    await open.sync();
    const reply = await open.get(path, {}, true);
    expect(reply.status).toBe(200);
    expect(reply.headers['cache-control']).toMatch(/^private|^no-store/);
  });

  test('the home stays open', async () => {
    expect((await shop({}, { publicReads: false }).get('/')).status).toBe(200);
  });
});
