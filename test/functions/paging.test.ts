import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { JsonObject } from '../../shared/core/json.ts';
import { aCategory, aProduct } from '../support/supplier-records.ts';
import { shop, type Reply, type Shop } from '../support/shop.ts';

const PRODUCTS = '/api/inventory/products/synced/';

const idsOf = ({ results }: Reply) => results.map(({ id }) => id);
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const productsOf = (count: number, fields: (id: number) => JsonObject = () => ({})) =>
  numbers(count).map((id) => aProduct(id, fields(id)));

async function synced(products: JsonObject[], categories: JsonObject[] = []): Promise<Shop> {
  const open = shop({ products, categories });
  await open.sync();
  return open;
}

const syncOf = (reply: Reply | undefined) =>
  z.object({ last_sync: z.string() }).parse(reply?.json['sync']);

async function walk(open: Shop, start: string, way: 'next' | 'previous' = 'next') {
  const replies: Reply[] = [];
  for (let at: unknown = start; typeof at === 'string'; at = replies.at(-1)?.json[way]) {
    replies.push(await open.get(at));
    if (replies.length > 100) throw new Error('the walk does not end');
  }
  return replies;
}

describe('a walk through pages', () => {
  test('has every record once, each page with the number of all', async () => {
    const open = await synced(productsOf(25));
    const pages = await walk(open, `${PRODUCTS}?page_size=10`);
    expect(pages.map(({ results }) => results.length)).toEqual([10, 10, 5]);
    expect(pages.flatMap(idsOf)).toEqual(numbers(25).toReversed());
    expect(pages.map(({ json }) => json['count'])).toEqual([25, 25, 25]);
  });

  test('goes back by previous to the same pages', async () => {
    const open = await synced(productsOf(25));
    const there = await walk(open, `${PRODUCTS}?page_size=10`);
    const last = there[1]?.next ?? '';
    const back = await walk(open, last, 'previous');
    expect(back.toReversed().map(idsOf)).toEqual(there.map(idsOf));
  });

  test('keeps its filters, and a cursor goes on with no others', async () => {
    const open = await synced(productsOf(8, (id) => ({ is_active: id > 2 })));
    const first = await open.get(`${PRODUCTS}?page_size=3&availability=all`);
    const next = new URL(first.next);
    expect(next.searchParams.get('availability')).toBe('all');
    next.searchParams.delete('availability');
    const other = await open.get(next.href);
    expect(other.status).toBe(400);
    expect(other.json).toMatchObject({ code: 'bad_cursor' });
  });

  test('neither loses nor repeats what stays while the catalogue changes', async () => {
    const open = await synced(productsOf(30));
    const first = await open.get(`${PRODUCTS}?page_size=10`);
    open.untilDue();
    const upstream = open.upstream['products'];
    if (upstream) upstream.rows = [...productsOf(30), aProduct(31), aProduct(32)];
    await open.sync('products');
    const rest = await walk(open, first.next);
    expect([first, ...rest].flatMap(idsOf)).toEqual(numbers(30).toReversed());
  });

  test('says of every page when its version was synced, so that who follows changes misses none', async () => {
    const open = await synced(productsOf(5));
    const first = await open.get(`${PRODUCTS}?page_size=2`);
    const upstream = open.upstream['products'];
    open.untilDue();
    if (upstream)
      upstream.rows = productsOf(5, (id) => (id === 1 ? { selling_price: '7.77' } : {}));
    await open.sync();
    open.untilDue();
    await open.sync();
    const last = (await walk(open, first.next)).at(-1);
    expect(last?.results).toMatchObject([{ id: 1, price: '1001' }]);
    const since = syncOf(last).last_sync;
    expect(since).toBe(syncOf(first).last_sync);
    const followed = await open.get(`${PRODUCTS}?availability=all&updated_since=${since}`);
    expect(followed.results).toContainEqual(expect.objectContaining({ id: 1, price: '7.77' }));
    // Where nothing has changed in between it is as fresh as the last run.
    const start = await open.get(`${PRODUCTS}?page_size=2`);
    open.untilDue();
    await open.sync();
    const now = await open.get(start.next);
    expect(syncOf(now).last_sync).toBe(syncOf(await open.get(PRODUCTS)).last_sync);
  });

  test('of a category’s products goes on when the category goes', async () => {
    const inThird = { category: { id: 3, name: 'c' } };
    const categories = Array.from({ length: 12 }, (_, at) => aCategory(at + 1));
    const open = await synced(
      productsOf(4, () => inThird),
      categories,
    );
    const first = await open.get('/api/inventory/categories/synced/3/products/?page_size=2');
    const upstream = open.upstream['categories'];
    if (upstream) upstream.rows = categories.filter((_, at) => at !== 2);
    for (let runs = 0; runs < 3; runs += 1) {
      open.untilDue();
      await open.sync('categories');
    }
    expect(await open.get('/api/inventory/categories/synced/3/products/')).toMatchObject({
      status: 404,
    });
    const rest = await walk(open, first.next);
    expect([first, ...rest].flatMap(idsOf)).toEqual([4, 3, 2, 1]);
  });

  test.each([
    ['no base64', '%%%'],
    ['no JSON', 'bm9uc2Vuc2U'],
    ['another form', Buffer.from('{"after":1}').toString('base64url')],
    ['an endless one', 'x'.repeat(9000)],
    ['an empty one', ''],
  ])('refuses a cursor that is not ours: %s', async (_title, cursor) => {
    const open = await synced(productsOf(1));
    const { json } = await open.get(`${PRODUCTS}?cursor=${encodeURIComponent(cursor)}`);
    expect(json).toMatchObject({ status: 400, code: 'bad_cursor' });
  });
});

const LAMBDA_BYTES = 6 * 1024 * 1024;
const heavy = () => productsOf(700, () => ({ description: '"é'.repeat(4000) }));

describe('an answer too large for Lambda', () => {
  test('is cut to what fits, and next goes on to the end', async () => {
    const open = await synced(heavy());
    const ids: unknown[] = [];
    let at: unknown = PRODUCTS;
    while (typeof at === 'string') {
      const reply = await open.get(at);
      expect(reply.bytes).toBeLessThan(LAMBDA_BYTES);
      expect(reply.json['count']).toBe(700);
      ids.push(...idsOf(reply));
      at = reply.json['next'];
    }
    expect(ids).toEqual(numbers(700).toReversed());
  });

  test('is cut also where it is little over, in bytes and not in characters', async () => {
    const open = await synced(productsOf(260, () => ({ description: 'é"'.repeat(4000) })));
    const reply = await open.get(PRODUCTS);
    expect(reply.text.length).toBeLessThan(LAMBDA_BYTES);
    expect(reply.bytes).toBeLessThan(LAMBDA_BYTES);
    expect(reply.next).not.toBe('');
    expect(reply.results.length).toBeGreaterThan(200);
  });

  test('is cut where it begins when it was asked for by previous, so that none is passed over', async () => {
    const open = await synced(heavy());
    const there = await walk(open, `${PRODUCTS}?page_size=600`);
    const last = z.string().parse(there.at(-2)?.next);
    const back = await walk(open, last, 'previous');
    expect(back.toReversed().flatMap(idsOf)).toEqual(numbers(700).toReversed());
    expect(back.length).toBeGreaterThan(2);
  });

  test('travels whole when the client takes gzip', async () => {
    const open = await synced(heavy());
    const reply = await open.get(PRODUCTS, { 'accept-encoding': 'gzip, deflate, br' });
    expect(reply.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    expect(reply.results).toHaveLength(700);
    expect(reply.json['next']).toBeNull();
    expect(reply.bytes).toBeLessThan(LAMBDA_BYTES);
  });

  test('is never compressed for a client that refuses gzip', async () => {
    const open = await synced(productsOf(40));
    const reply = await open.get(PRODUCTS, { 'accept-encoding': 'gzip;q=0, identity' });
    expect(reply.headers['content-encoding']).toBeUndefined();
    expect(reply.results).toHaveLength(40);
  });
});
