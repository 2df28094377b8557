import { expect, test, vi } from 'vitest';
import { createMemoryStore } from '../../shared/adapters/memory/store.ts';
import { aCategory, aProduct } from '../support/supplier-records.ts';
import { intercepted } from '../support/failing-store.ts';
import { shop, type Reply } from '../support/shop.ts';

const PRODUCTS = '/api/inventory/products/synced/';
const PATHS = [PRODUCTS, `${PRODUCTS}1/`, '/api/inventory/categories/synced/'];

const promotion = {
  has_promotion: true,
  promo_price: '900.00',
  promotion_start_date: '2026-11-22T10:30:00Z',
  promotion_end_date: '2026-11-22T11:00:00Z',
};

/** Synced at 10:00; product 1 is in promotion from 10:30 to 11:00. */
async function open() {
  const store = createMemoryStore();
  const products = [aProduct(1, promotion), aProduct(2)];
  const opened = shop({ products, categories: [aCategory(1), aCategory(2)] }, { store });
  await opened.sync();
  return opened;
}

test.each(PATHS)('%s is cacheable for a minute, then while caches ask again', async (path) => {
  const { headers } = await (await open()).get(path);
  expect(headers).toMatchObject({
    'cache-control': 'public, max-age=60, stale-while-revalidate=300, stale-if-error=86400',
    'last-modified': 'Sun, 22 Nov 2026 10:00:00 GMT',
    age: '0',
    vary: 'Accept-Encoding',
    'x-content-type-options': 'nosniff',
    'strict-transport-security': 'max-age=31536000',
    'referrer-policy': 'no-referrer',
  });
});

test('no cache keeps it past the moment at which a price changes by itself, but while we can’t answer', async () => {
  const opened = await open();
  const { headers: early } = await opened.get(PRODUCTS);
  opened.clock.advance(28 * 60_000);
  for (const [seconds, expected] of [
    [0, 'max-age=60, stale-while-revalidate=60,'],
    [90, 'max-age=30, stale-while-revalidate=0,'],
    [29, 'max-age=1, stale-while-revalidate=0,'],
  ] as const) {
    opened.clock.advance(seconds * 1000);
    const copies = [{}, { 'if-none-match': early['etag'] ?? '' }];
    for (const headers of copies) {
      const reply = await opened.get(PRODUCTS, headers);
      expect(reply.headers['cache-control']).toBe(`public, ${expected} stale-if-error=86400`);
    }
  }
});

test.each(PATHS)('%s answers 304 to its own tag without reading a record', async (path) => {
  const shopOpen = await open();
  const { headers } = await shopOpen.get(path);
  const snapshot = vi.spyOn(shopOpen.store, 'snapshot');
  const record = vi.spyOn(shopOpen.store, 'lookUp');
  const again = await shopOpen.get(path, { 'if-none-match': `"other", ${headers['etag']}` });
  expect(again).toMatchObject({ status: 304, text: '' });
  // Caches take over the headers of a 304: the gateway would fill in text/plain.
  for (const name of ['etag', 'content-type', 'cache-control', 'last-modified', 'vary'])
    expect(again.headers[name], name).toBe(headers[name]);
  expect(snapshot).not.toHaveBeenCalled();
  expect(record).not.toHaveBeenCalled();
});

test.each(PATHS)('%s answers 304 to its tag without the mark of a weak one', async (path) => {
  const opened = await open();
  const { etag = '' } = (await opened.get(path)).headers;
  const again = await opened.get(path, { 'if-none-match': etag.replace('W/', '') });
  expect(again).toMatchObject({ status: 304, headers: { etag } });
});

test.each(PATHS)(
  '%s answers 304 to whoever has any version of it (RFC 9110, 13.1.2)',
  async (path) => {
    const opened = await open();
    const { headers } = await opened.get(path);
    const again = await opened.get(path, { 'if-none-match': '*' });
    expect(again).toMatchObject({ status: 304, text: '', headers: { etag: headers['etag'] } });
  },
);

test('what is not there is there in no version', async () => {
  const opened = await open();
  expect((await opened.get(`${PRODUCTS}77/`, { 'if-none-match': '*' })).status).toBe(404);
});

test('an answer is sent anew when a record changed, or one of what it is joined with', async () => {
  const opened = await open();
  const { headers } = await opened.get(PRODUCTS);
  const condition = { 'if-none-match': headers['etag'] ?? '' };
  opened.untilDue();
  const categories = opened.upstream['categories'];
  if (categories) categories.rows = [aCategory(1), aCategory(2, { name: 'Nouveau rayon' })];
  await opened.sync();
  const { status, text } = await opened.get(PRODUCTS, condition);
  expect(status).toBe(200);
  expect(text).toContain('Nouveau rayon');
});

test('a category is sent anew when the run is over that renamed what is below it', async () => {
  const store = createMemoryStore();
  const opened = shop({ categories: [aCategory(5), aCategory(6, { parent: 5 })] }, { store });
  await opened.sync();
  const path = '/api/inventory/categories/synced/5/';
  const during: Reply[] = [];
  const watched = intercepted(
    store,
    () => {},
    async ({ operation }) => {
      if (operation === 'commit') during.push(await opened.get(path));
    },
  );
  const renamed = [aCategory(5), aCategory(6, { parent: 5, name: 'Nouveau rayon' })];
  const worker = shop({ categories: renamed }, { store: watched });
  worker.untilDue();
  await worker.sync('categories');
  const last = during.at(-1);
  expect(last?.text).not.toContain('Nouveau rayon');
  const after = await opened.get(path, { 'if-none-match': last?.headers['etag'] ?? '' });
  expect(after.status).toBe(200);
  expect(after.text).toContain('Nouveau rayon');
});

test('an answer is sent anew when a promotion in it begins or ends, and not before', async () => {
  const opened = await open();
  const seen = [];
  let tag = '';
  for (const minutes of [0, 29, 1, 29, 1]) {
    opened.clock.advance(minutes * 60_000);
    const reply = await opened.get(`${PRODUCTS}1/`, { 'if-none-match': tag });
    seen.push(reply.status === 304 ? 304 : reply.json['promo_price']);
    tag = reply.headers['etag'] ?? '';
  }
  expect(seen).toEqual([null, 304, '900', 304, null]);
});

test('a list of two sources is sent anew when a promotion begins or ends, whichever has it', async () => {
  const reduced = { products: [aProduct(1, promotion)] };
  const usual = { products: [aProduct(1)] };
  for (const [main, drinks] of [
    [usual, reduced],
    [reduced, usual],
  ]) {
    const opened = shop(main, { others: { drinks: drinks ?? {} } });
    await opened.sync();
    const seen = [];
    let tag = '';
    for (const minutes of [0, 29, 1, 29, 1]) {
      opened.clock.advance(minutes * 60_000);
      const reply = await opened.get(PRODUCTS, { 'if-none-match': tag });
      seen.push(reply.status === 304 ? 304 : reply.text.includes('"promo_price":"900"'));
      tag = reply.headers['etag'] ?? '';
    }
    expect(seen).toEqual([false, 304, true, 304, false]);
  }
});

test('an answer is sent anew when it grew stale', async () => {
  const opened = await open();
  const path = `${PRODUCTS}2/`;
  const { headers } = await opened.get(path);
  opened.clock.advance(2 * 3_600_000 + 1);
  expect((await opened.get(path, { 'if-none-match': headers['etag'] ?? '' })).status).toBe(200);
});

test('a sync that changed nothing leaves the tag as it is', async () => {
  const opened = await open();
  opened.clock.advance(3_600_000);
  const { headers } = await opened.get(PRODUCTS);
  opened.untilDue();
  await opened.sync();
  expect((await opened.get(PRODUCTS, { 'if-none-match': headers['etag'] ?? '' })).status).toBe(304);
});

test.each(['W/"1-1-f"', 'nonsense', '"', 'W/"0-1.1-f-0"'])(
  'a tag that is not ours is no match: %s',
  async (tag) => {
    expect((await (await open()).get(PRODUCTS, { 'if-none-match': tag })).status).toBe(200);
  },
);

test('answers to a signed request are for that client alone', async () => {
  const opened = await open();
  const { headers } = await opened.get(PRODUCTS, {}, true);
  expect(headers['cache-control']).toMatch(/^private, /);
});
