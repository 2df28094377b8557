import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import {
  startDemoSupplier,
  type DemoSupplier,
  type DemoSupplierOptions,
} from '../../../local/demo-supplier/server.ts';
import { createSystemClock } from '../../../shared/adapters/system-clock.ts';
import { ask, type Asking } from '../ask.ts';

const wire = z.record(z.string(), z.unknown());
const listPage = z.object({
  count: z.number(),
  next: z.string().nullable(),
  previous: z.string().nullable(),
  results: z.array(wire),
});
const detail = z.strictObject({ detail: z.string() });

const clock = createSystemClock();
let supplier: DemoSupplier;
const start = async (options: Partial<DemoSupplierOptions> = {}) => {
  await supplier?.stop();
  supplier = await startDemoSupplier({ port: 0, products: 250, clock, ...options });
};
const get = (path: string, asking: Asking = {}) =>
  ask(supplier.port, path, { headers: { 'x-api-key': supplier.key }, ...asking });
const call = (path: string) => get(`/api/v1/b2c/${path}`);
const control = (path: string, body: unknown) =>
  ask(supplier.port, `/_demo/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const fixture = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8'));

/** What can be said of a value without its content: decimals by their number of places. */
function shapeOf(value: unknown): string {
  if (typeof value === 'string' && /^-?\d+\.\d+$/.test(value))
    return `decimal ${value.split('.')[1]?.length}`;
  return value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;
}

/** For each field, the shapes it has in real answers. */
function shapesIn(records: readonly z.output<typeof wire>[]): Map<string, Set<string>> {
  const shapes = new Map<string, Set<string>>();
  for (const [name, value] of records.flatMap((record) => Object.entries(record))) {
    shapes.set(name, (shapes.get(name) ?? new Set()).add(shapeOf(value)));
  }
  return shapes;
}

beforeEach(() => start());
afterEach(() => supplier.stop());

describe('answers as a real supplier does', () => {
  test('a list has the envelope, fields, order of fields and shapes of the recorded one', async () => {
    const real = listPage.parse(await fixture('upstream-products-page-1.json')).results;
    const second = listPage.parse(await fixture('upstream-products-page-2-page-size-ignored.json'));
    const shapes = shapesIn([...real, ...second.results]);
    const rows = new Set([...real, ...second.results].map((row) => Object.keys(row).join()));
    const demo = listPage.strict().parse((await call('products/?page_size=100')).json());
    expect(demo.results).toHaveLength(100);
    for (const row of demo.results) {
      expect(rows).toContain(Object.keys(row).join());
      for (const [name, value] of Object.entries(row)) {
        if (name === 'image_url' || name === 'generated_ean') continue;
        expect([name, [...(shapes.get(name) ?? [])]]).toEqual([
          name,
          expect.arrayContaining([shapeOf(value)]),
        ]);
      }
    }
  });

  test('a detail has the recorded fields, and promotion fields only where there is a promotion', async () => {
    const recorded = await Promise.all(
      ['by-weight', 'with-image', 'without-category'].map((kind) =>
        fixture(`upstream-product-${kind}.json`),
      ),
    );
    const known = new Set(recorded.flatMap((product) => Object.keys(wire.parse(product))));
    const promoted = [
      'has_promotion',
      'promo_price',
      'discount_percent',
      'promotion_start_date',
      'promotion_end_date',
    ];
    const plain = wire.parse((await call('products/1/')).json());
    expect([...known]).toEqual(expect.arrayContaining(Object.keys(plain)));
    const offered = Object.keys(wire.parse((await call('products/12/')).json()));
    expect(offered.filter((name) => !known.has(name))).toEqual(promoted);
  });

  test('categories come as one bare list with the recorded fields', async () => {
    const real = z.array(wire).parse(await fixture('upstream-categories.json'));
    const rows = new Set(real.map((row) => Object.keys(row).join()));
    const demo = z.array(wire).parse((await call('categories/')).json());
    for (const row of demo) expect(rows).toContain(Object.keys(row).join());
    const last = demo.at(-1);
    expect((await call(`categories/${String(last?.['id'])}/`)).json()).toEqual(last);
  });

  test('lists are ordered by last change, newest first', async () => {
    const { results } = listPage.parse((await call('products/')).json());
    const dates: string[] = [];
    for (const { id } of results) {
      const { updated_at } = wire.parse((await call(`products/${String(id)}/`)).json());
      dates.push(String(updated_at));
    }
    expect(dates).toEqual(dates.toSorted().toReversed());
  });

  test('following `next` meets every product once', async () => {
    const ids: unknown[] = [];
    let next: string | null = `${supplier.url}/b2c/products/?page_size=60&site_id=3`;
    let pages = 0;
    while (next !== null) {
      const url: URL = new URL(next);
      expect(url.searchParams.get('site_id')).toBe('3');
      const page = listPage.parse((await get(`${url.pathname}${url.search}`)).json());
      ids.push(...page.results.map(({ id }) => id));
      pages += 1;
      next = page.next;
    }
    expect(pages).toBe(5);
    expect(new Set(ids)).toEqual(new Set(Array.from({ length: 250 }, (_, index) => index + 1)));
    expect(ids).toHaveLength(250);
  });

  test('it ignores page_size when told to: 20 come, whatever is asked', async () => {
    await start({ pageSize: 'ignored', paginateCategories: true });
    const page = listPage.parse((await call('products/?page_size=100&page=2')).json());
    expect(page.results).toHaveLength(20);
    expect(page.previous).toBe(`${supplier.url}/b2c/products/?page_size=100`);
    expect(page.next).toBe(`${supplier.url}/b2c/products/?page=3&page_size=100`);
    expect(listPage.parse((await call('categories/')).json()).results).toHaveLength(20);
  });

  test.each([
    'products/?page=99',
    'products/?page=0',
    'products/999999/',
    'categories/9999/',
    'nothing/',
  ])('%s is a 404 with a detail', async (path) => {
    const answer = await call(path);
    expect(answer.status).toBe(404);
    expect(detail.parse(answer.json()).detail).not.toBe('');
  });

  test('a missing key is 401, a wrong one 403, in French; sites are 403 for every key', async () => {
    const missing = await get('/api/v1/b2c/products/', { headers: {} });
    const wrong = await get('/api/v1/b2c/products/', { headers: { 'x-api-key': 'other' } });
    expect([missing.status, wrong.status, (await call('sites/')).status]).toEqual([401, 403, 403]);
    expect(detail.parse(wrong.json()).detail).toContain('Clé');
  });

  test('it serves the pictures that it names', async () => {
    const { results } = listPage.parse((await call('products/')).json());
    const pictured = String(results.find(({ image_url: url }) => url !== null)?.['image_url']);
    const picture = await ask(supplier.port, new URL(pictured).pathname);
    expect([picture.status, picture.headers['content-type']]).toEqual([200, 'image/svg+xml']);
  });
});

describe('misbehaves on request', () => {
  test('html: a maintenance page with status 200', async () => {
    await control('faults', { mode: 'html' });
    const answer = await call('products/');
    expect([answer.status, answer.headers['content-type']]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
  });

  test('empty and half: lists shrink, details stay', async () => {
    await control('faults', { mode: 'empty' });
    expect((await call('products/')).json()).toEqual({
      count: 0,
      next: null,
      previous: null,
      results: [],
    });
    expect((await call('categories/')).json()).toEqual([]);
    await control('faults', { mode: 'half' });
    expect(listPage.parse((await call('products/')).json()).count).toBe(125);
    expect((await call('products/2/')).status).toBe(200);
  });

  test('refuse: the right key is refused', async () => {
    await control('faults', { mode: 'refuse' });
    expect((await call('products/')).status).toBe(403);
  });

  test('errors: about half of the answers fail, 429 with Retry-After', async () => {
    await control('faults', { mode: 'errors' });
    const answers = await Promise.all(Array.from({ length: 200 }, () => call('products/1/')));
    const failed = answers.filter(({ status }) => status !== 200);
    expect(failed.length).toBeGreaterThan(60);
    expect(failed.length).toBeLessThan(140);
    expect(new Set(failed.map(({ status }) => status))).toEqual(new Set([500, 502, 503, 429]));
    const asked = failed.filter(({ headers }) => headers['retry-after'] !== undefined);
    expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([429]));
  });

  test('hang: nothing comes until the mode changes, then the connection is cut', async () => {
    supplier.setFaults('hang');
    const hanging = call('products/').then(
      () => 'answered',
      () => 'cut',
    );
    expect(await Promise.race([hanging, clock.sleep(150).then(() => 'silent')])).toBe('silent');
    supplier.setFaults('none');
    expect(await hanging).toBe('cut');
    expect((await call('products/')).status).toBe(200);
    expect(supplier.stats().byStatus).toEqual({ unanswered: 1, 200: 1 });
  });

  test('slow: answers wait, and come at once when it stops being slow', async () => {
    supplier.setFaults('slow');
    const waiting = call('products/1/').then(({ status }) => status);
    expect(await Promise.race([waiting, clock.sleep(150).then(() => 'waiting')])).toBe('waiting');
    supplier.setFaults('none');
    expect(await waiting).toBe(200);
  });

  test('latency: every answer takes at least so long', async () => {
    await start({ latencyMs: 120 });
    const fromMs = clock.monotonicMs();
    await call('products/1/');
    expect(clock.monotonicMs() - fromMs).toBeGreaterThanOrEqual(118);
  });

  test('a control that is not understood changes nothing and says what it takes', async () => {
    const answers = await Promise.all([
      control('faults', { mode: 'evil' }),
      control('change', { changed: -1 }),
      control('else', {}),
      ask(supplier.port, '/_demo/faults', { method: 'POST', body: '{"mode":"hang"}' }),
      ask(supplier.port, '/_demo/faults', { headers: { host: 'evil.example' } }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 404, 415, 404]);
    expect(answers[0]?.text).toContain('half');
    expect((await call('products/1/')).status).toBe(200);
  });
});

test('a change shows in the next answers', async () => {
  const changed = z
    .object({ changed: z.array(z.number()) })
    .parse((await control('change', { changed: 2 })).json()).changed;
  const { results } = listPage.parse((await call('products/')).json());
  expect(new Set(results.slice(0, 2).map(({ id }) => id))).toEqual(new Set(changed));
});

test('statistics count the calls of the API, by kind, status and how many at once', async () => {
  await start({ latencyMs: 50 });
  await Promise.all([call('products/'), call('products/1/'), call('products/2/'), call('sites/')]);
  await ask(supplier.port, '/media/products/p1.svg');
  const stats = (await ask(supplier.port, '/_demo/stats')).json();
  expect(stats).toEqual({
    mode: 'none',
    requests: 4,
    byCall: { product_list: 1, product_detail: 2, sites: 1 },
    byStatus: { 200: 3, 403: 1 },
    inFlight: 0,
    mostInFlight: 4,
  });
});

test('a port in use is refused with the setting that moves it', async () => {
  await expect(startDemoSupplier({ port: supplier.port, clock })).rejects.toThrow(
    `Port ${supplier.port} for the demo supplier is in use. Choose another one, for example SUPPLIER_PORT=`,
  );
});

test('stopping cuts what hangs and leaves nothing listening', async () => {
  supplier.setFaults('hang');
  const hanging = call('products/').catch(() => 'cut');
  await clock.sleep(50);
  await supplier.stop();
  expect(await hanging).toBe('cut');
  await expect(call('products/')).rejects.toThrow('ECONNREFUSED');
});
