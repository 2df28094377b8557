import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contractFiles } from '../../local/write-contracts.ts';
import { functionDeclarations } from '../../shared/deployment.ts';
import { UpstreamError } from '../../shared/core/errors.ts';
import { aCategory, aProduct } from '../support/supplier-records.ts';
import { shop, type Shop } from '../support/shop.ts';
import { document, faultsOf, text } from './described.ts';

const ROOT = join(import.meta.dirname, '../..');
/** The address of each declared GET route, with an id that exists. What only browsers are shown (the
 *  pages' files, the login) is looked at where those are tested. */
const PATHS = functionDeclarations
  .filter(({ role }) => role === 'reader')
  .flatMap(({ routes }) => routes)
  .filter(({ method, access }) => method === 'GET' && ['public', 'read'].includes(access))
  .map(({ path }) => (path === '/' ? path : `${path}/`));

async function check(open: Shop, path: string, status: number, address: string, headers = {}) {
  const reply = await open.get(address, headers);
  expect(reply.status, address).toBe(status);
  const type = reply.headers['content-type']?.split(';')[0] ?? '';
  const body: unknown = type.includes('json') && status !== 304 ? JSON.parse(reply.text) : null;
  expect(faultsOf(['get', path], status, type, body), address).toBeNull();
  return reply;
}

const byWeight = { sale_unit_type: 'weight', weight_unit: 'g', quantity: '-2.000', tags: ['bio'] };
const wire = {
  products: [
    aProduct(1),
    aProduct(2, byWeight),
    aProduct(3, { category: null, brand: null, images: ['https://s3.example/1.jpg'] }),
    aProduct(4, { has_promotion: true, promo_price: '900.00', is_active: false, size: { w: 1 } }),
    aProduct(5, { delivery_methods: [{ id: 1, name: 'Moto', base_price: '500.00', order: 1 }] }),
  ],
  categories: [
    aCategory(1),
    aCategory(2, { parent: 1 }),
    aCategory(3, { parent: 2 }),
    aCategory(4, { parent: 99 }),
    aCategory(5, { parent: 5 }),
  ],
};

describe('the OpenAPI document', () => {
  test('says of each route who may ask, and how they prove it', () => {
    const waysOf = { staff: ['bearer'], admin: ['bearer'], read: ['bearer', 'signature'] };
    const open = { public: undefined, session: undefined };
    for (const { path, method, access } of functionDeclarations.flatMap(({ routes }) => routes)) {
      const at = document.paths[path === '/' ? path : `${path}/`]?.[method.toLowerCase()];
      const ways = at?.security?.flatMap((way) => Object.keys(way));
      expect(ways, path).toEqual({ ...waysOf, ...open }[access]);
    }
  });

  const describedAt = (path: string, status: number, method = 'get'): readonly string[] =>
    Object.keys(document.paths[path]?.[method]?.responses[status]?.headers ?? {});

  test.each(PATHS)(
    '%s has the headers that it is said to have, and takes its tag',
    async (path) => {
      const address = path.replace('{id}', '2');
      const [full, empty] = [shop(wire), shop(wire)];
      await full.sync();
      const replies = [await full.get(address), await empty.get(address)];
      const tag = replies[0]?.headers['etag'];
      if (tag !== undefined) replies.push(await full.get(address, { 'if-none-match': tag }));
      for (const { status, headers } of replies) {
        const names = ['ETag', 'Sync-Decision', 'Retry-After'];
        const told = names.filter((name) => headers[name.toLowerCase()] !== undefined);
        expect(describedAt(path, status), `${status}`).toEqual(expect.arrayContaining(told));
      }
      const takes = document.paths[path]?.['get']?.parameters.map(({ name }) => name);
      expect(takes?.includes('If-None-Match')).toBe(tag !== undefined);
      expect(describedAt(path, 304).includes('ETag')).toBe(tag !== undefined);
    },
  );

  test('says of every 429 and 503 when to ask again, and of every read that it may be closed', () => {
    const routes = functionDeclarations
      .flatMap((one) => one.routes)
      .map((route) => {
        const path = route.path === '/' ? '/' : `${route.path}/`;
        const method = route.method.toLowerCase();
        const responses = document.paths[path]?.[method]?.responses ?? {};
        return { access: route.access, path, method, statuses: Object.keys(responses) };
      });
    const silent = routes.flatMap(({ path, method, statuses }) =>
      statuses
        .filter((status) => status === '429' || status === '503')
        .filter((status) => !describedAt(path, Number(status), method).includes('Retry-After'))
        .map((status) => `${method} ${path} ${status}`),
    );
    expect(silent).toEqual([]);
    const reads = routes.filter(({ access }) => access === 'read');
    for (const { path, statuses } of reads)
      expect(statuses, path).toEqual(expect.arrayContaining(['401', '403']));
  });

  test('is the one that the schemas generate now: else run npm run contracts', () => {
    for (const [path, content] of contractFiles()) {
      expect(JSON.parse(readFileSync(join(ROOT, path), 'utf8')), path).toEqual(
        JSON.parse(JSON.stringify(content)),
      );
    }
  });

  test('describes every declared route, and none that is not', () => {
    const declared = functionDeclarations.flatMap(({ routes }) =>
      routes.map(({ method, path }) => `${method} ${path === '/' ? path : `${path}/`}`),
    );
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.toSorted()).toEqual(declared.toSorted());
  });

  test('refers to nothing that it does not hold', () => {
    const references = [...text.matchAll(/"\$ref": "#\/components\/schemas\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(10);
    for (const [, name = ''] of references)
      expect(document.components.schemas).toHaveProperty(name);
    expect(text.match(/"\$ref"/g)).toHaveLength(references.length);
  });

  test.each(PATHS)(
    '%s answers as described, with records and before there are any',
    async (path) => {
      const address = path.replace('{id}', '2');
      const full = shop(wire);
      await full.sync();
      const { headers } = await check(full, path, 200, address);
      expect(headers).toHaveProperty('content-type');
      const tag = headers['etag'];
      if (tag !== undefined) await check(full, path, 304, address, { 'if-none-match': tag });
      if (!path.includes('{id}')) await check(shop(wire), path, 200, address);
    },
  );

  test.each(PATHS)(
    '%s answers as described with several sources, all and one of them',
    async (path) => {
      const open = shop(wire, { others: { drinks: wire } });
      await open.sync();
      const address = path.replace('{id}', '2');
      const { headers } = await check(open, path, 200, address);
      expect(headers).toHaveProperty('content-type');
      const isOfSources = /synced|tree/.test(path);
      await check(open, path, 200, `${address}?source=drinks`);
      if (isOfSources) await check(open, path, 400, `${address}?source=fish`);
    },
  );

  test.each(PATHS.filter((path) => path.includes('{id}')))(
    '%s answers 404 as described',
    async (path) => {
      const { json } = await check(shop(wire), path, 404, path.replace('{id}', '77'));
      expect(json).toMatchObject({ code: 'not_found' });
    },
  );

  test.each(['products', 'categories'])(
    'the %s: wrong parameters, closed reads, pages, every id',
    async (name) => {
      const path = `/api/inventory/${name}/synced/`;
      const open = shop(wire);
      await open.sync();
      await check(open, path, 400, `${path}?page_size=0`);
      await check(open, path, 200, `${path}?page_size=2&availability=all`);
      const { json } = await check(shop(wire, { publicReads: false }), path, 401, path);
      expect(json).toMatchObject({ code: 'reads_closed' });
      for (const id of [1, 2, 3, 4, 5]) await check(open, `${path}{id}/`, 200, `${path}${id}/`);
    },
  );

  test('status answers as described in trouble too: failing, held', async () => {
    const path = '/inventory/api/status/';
    const open = shop(wire);
    await open.sync();
    open.untilDue();
    const { products, categories } = open.upstream;
    if (products !== undefined) products.rows = [];
    if (categories !== undefined) {
      categories.before = () => {
        throw new UpstreamError('unavailable', 'HTTP 500');
      };
    }
    await open.sync();
    const { json } = await check(open, path, 200, path);
    expect(json).toMatchObject({ products: { state: 'held' }, categories: { state: 'failing' } });
  });

  test('a field that it does not know is found', async () => {
    const open = shop(wire);
    await open.sync();
    const { json } = await open.get('/api/inventory/products/synced/');
    const leaky = { ...json, results: [{ ...json, purchase_price: '1.00' }] };
    expect(
      faultsOf(['get', '/api/inventory/products/synced/'], 200, 'application/json', leaky),
    ).not.toBeNull();
  });

  test('is served, to anyone', async () => {
    const closed = shop(wire, { publicReads: false });
    const { status, json } = await closed.get('/openapi.json');
    expect(status).toBe(200);
    expect(json).toEqual(JSON.parse(text));
  });
});
