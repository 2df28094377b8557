import { describe, expect, test } from 'vitest';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { withPointerCache } from '../../shared/adapters/pointer-cache.ts';
import { VersionGoneError } from '../../shared/core/errors.ts';
import type { CatalogReader } from '../../shared/core/ports.ts';
import type { JsonObject } from '../../shared/core/json.ts';
import { gatewayRequest, lambdaContext } from '../support/gateway-event.ts';
import { createHandler } from '../../functions/products-synced/index.ts';
import { intercepted } from '../support/failing-store.ts';
import { shop, type Reply, type Shop } from '../support/shop.ts';
import { onEachStore } from '../support/stores.ts';
import { aCategory, aProduct } from '../support/supplier-records.ts';

const PRODUCTS = '/api/inventory/products/synced/';

const idsOf = ({ results }: Reply) => results.map(({ id }) => id);
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const productsOf = (count: number, fields: (id: number) => JsonObject = () => ({})) =>
  numbers(count).map((id) => aProduct(id, fields(id)));

const answered = z.object({
  headers: z.record(z.string(), z.string()),
  body: z.string().transform((text) =>
    z
      .object({
        next: z.string().nullable(),
        results: z.array(z.object({ id: z.number(), price: z.string() })),
      })
      .parse(JSON.parse(text)),
  ),
});

/** Changes what the supplier lists, lets time pass, and syncs. */
async function change(open: Shop, rows: Readonly<Record<string, JsonObject[]>>): Promise<void> {
  for (const [name, list] of Object.entries(rows)) {
    const upstream = open.upstream[name];
    if (upstream) upstream.rows = list;
  }
  open.untilDue();
  await open.sync();
}

onEachStore('lists from what is published', (openStore) => {
  test('all pages of a walk show the version that it began on, while syncs go on', async () => {
    const categories = [aCategory(1, { name: 'Ancien' })];
    const category = { id: 1, name: 'Ancien' };
    const rows = productsOf(30, () => ({ category }));
    const open = shop({ products: rows, categories }, { store: await openStore() });
    await open.sync();
    const pages = [await open.get(`${PRODUCTS}?page_size=10`)];
    for (let round = 1; pages.at(-1)?.next !== ''; round += 1) {
      await change(open, {
        products: productsOf(30 + round, () => ({ category, selling_price: `${round}.00` })),
        categories: [aCategory(1, { name: `Nouveau ${round}` })],
      });
      pages.push(await open.get(pages.at(-1)?.next ?? ''));
    }
    expect(pages.flatMap(idsOf)).toEqual(numbers(30).toReversed());
    expect(pages.map(({ json }) => json['count'])).toEqual([30, 30, 30]);
    const shown = pages.flatMap(({ results }) => results);
    expect(shown.map(({ price }) => price)).toEqual(
      numbers(30)
        .toReversed()
        .map((id) => `${1000 + id}`),
    );
    expect(new Set(shown.map((product) => JSON.stringify(product['category'])))).toHaveLength(1);
    // Its age is told, and in the tag: what it shows was synced rounds ago by its end.
    expect(pages.map(({ json }) => json['sync'])).toMatchObject([
      { stale: false },
      { stale: true },
      { stale: true },
    ]);
    const tags = pages.map(({ headers }) => headers['etag']?.replace(/-[sf]-/, '-'));
    expect(new Set(tags)).toHaveLength(1);
    const now = await open.get(`${PRODUCTS}?page_size=10`);
    expect(now.json['count']).toBe(32);
    expect(now.results[0]).toMatchObject({ id: 32, category: { name: 'Nouveau 2' } });
  });

  test('a walk stays on its version where another instance has not heard of that one', async () => {
    const open = shop({ products: productsOf(6) }, { store: await openStore() });
    await open.sync();
    const instance = () => {
      const reader = withPointerCache(open.services.reader, { clock: open.clock, checkMs: 10_000 });
      const handler = createHandler(() => ({ ...open.services, reader, gate: open.store }));
      return async (address: string) => {
        const { event } = gatewayRequest(address, {});
        return answered.parse(await handler(event, lambdaContext()));
      };
    };
    const [first, second] = [instance(), instance()];
    open.untilDue();
    await second(`${PRODUCTS}?page_size=4`);
    const upstream = open.upstream['products'];
    if (upstream) upstream.rows = productsOf(8, () => ({ selling_price: '2.00' }));
    await open.sync('products');
    const begun = await first(`${PRODUCTS}?page_size=4`);
    const rest = await second(begun.body.next ?? '');
    expect(rest.headers['etag']).toBe(begun.headers['etag']);
    const shown = [...begun.body.results, ...rest.body.results];
    expect(shown.map(({ id, price }) => [id, price])).toEqual(
      numbers(8)
        .toReversed()
        .map((id) => [id, '2']),
    );
  });

  test('a walk whose version is no longer kept goes on in the newest', async () => {
    const store = await openStore();
    const open = shop({ products: productsOf(30) }, { store });
    await open.sync();
    const first = await open.get(`${PRODUCTS}?page_size=10`);
    await change(open, { products: productsOf(31, () => ({ selling_price: '5.00' })) });
    const cursor = new URL(first.next).searchParams.get('cursor') ?? '';
    const text = Buffer.from(cursor, 'base64url').toString();
    const lost = text.replace(/"pages":\d+/, '"pages":77');
    const at = Buffer.from(lost).toString('base64url');
    const next = await open.get(`${PRODUCTS}?page_size=10&cursor=${at}`);
    expect(idsOf(next)).toEqual(numbers(20).toReversed().slice(0, 10));
    expect(next.results[0]).toMatchObject({ price: '5' });
  });

  test('a cursor made up to look ahead shows nothing that is not published', async () => {
    const store = await openStore();
    const open = shop({ products: productsOf(20) }, { store });
    await open.sync();
    const first = await open.get(`${PRODUCTS}?page_size=10`);
    const cursor = new URL(first.next).searchParams.get('cursor') ?? '';
    const text = Buffer.from(cursor, 'base64url').toString();
    const ahead = Buffer.from(text.replace(/"version":\d+/, '"version":999')).toString('base64url');
    const seen: Reply[] = [];
    const watching = intercepted(
      store,
      () => {},
      async ({ operation }) => {
        if (operation !== 'commit') return;
        seen.push(await open.get(`${PRODUCTS}?page_size=10&cursor=${ahead}`));
      },
    );
    const rows = productsOf(20, () => ({ selling_price: '6.66' }));
    const worker = shop({ products: rows }, { store: watching });
    worker.untilDue();
    await worker.sync('products');
    expect(seen[0]?.results).toHaveLength(10);
    expect(seen[0]?.text).not.toContain('6.66');
    const later = await open.get(`${PRODUCTS}?page_size=10&cursor=${ahead}`);
    expect(later.results[0]).toMatchObject({ id: 10, price: '6.66' });
  });

  test('a cursor made up to hide pages empties nobody else’s list', async () => {
    const store = await openStore();
    const open = shop({ products: productsOf(100) }, { store });
    await open.sync();
    for (let round = 1; round <= 3; round += 1) {
      await change(open, { products: productsOf(100 + round) });
    }
    const first = await open.get(`${PRODUCTS}?page_size=5`);
    const { published } = await store.control({ source: 'main', resource: 'products' });
    for (const back of [1, 2]) {
      const pin = { base: published.base, pages: 0, version: published.version - back };
      const own = await open.get(`${PRODUCTS}?page_size=5&cursor=${pinned(first.next, pin)}`);
      expect(own.json['count']).toBe(103 - back);
    }
    const everybody = await open.get(PRODUCTS);
    expect(everybody.json['count']).toBe(103);
    expect(idsOf(everybody)).toEqual(numbers(103).toReversed());
  });

  test('a catalogue that was emptied answers everywhere, and hides no other', async () => {
    const rows = { products: productsOf(3), categories: [aCategory(1), aCategory(2)] };
    const open = shop(rows, { store: await openStore() });
    await open.sync();
    // What it lists then is no record, so that it is no list without any.
    for (let scan = 0; scan < 3; scan += 1) await change(open, { categories: [{ id: 9 }] });
    const categories = await open.get('/api/inventory/categories/synced/');
    expect(categories).toMatchObject({ status: 200, json: { count: 0, results: [] } });
    const tree = await open.get('/api/inventory/categories/tree/');
    expect(tree).toMatchObject({ status: 200, json: { total_main: 0, main_categories: [] } });
    expect(await open.get(PRODUCTS)).toMatchObject({ status: 200, json: { count: 3 } });
    expect(await open.get(`${PRODUCTS}1/`)).toMatchObject({ status: 200, json: { id: 1 } });
    expect((await open.get('/')).text).toContain('Produit 3');
    await change(open, { categories: [aCategory(1)] });
    expect((await open.get('/api/inventory/categories/tree/')).json).toMatchObject({
      total_main: 1,
    });
  });

  test('an instance that knows of a version which is gone looks again before it answers', async () => {
    const store = await openStore();
    const looks: boolean[] = [];
    const control: CatalogReader['control'] = async (ref, options = { fresh: false }) => {
      looks.push(options.fresh);
      const now = await store.control(ref, options);
      const gone = { ...now.published, base: 77, pages: 1 };
      return options.fresh ? now : { ...now, published: gone };
    };
    const reader = { ...store, control };
    const rows = { products: productsOf(3), categories: [aCategory(1)] };
    const open = shop(rows, { store, change: { reader } });
    await open.sync();
    const paths = [
      PRODUCTS,
      `${PRODUCTS}?page_size=2`,
      `${PRODUCTS}1/`,
      '/api/inventory/categories/synced/1/products/',
      '/api/inventory/categories/tree/',
      '/',
    ];
    for (const path of paths) {
      looks.length = 0;
      expect((await open.get(path)).status, path).toBe(200);
      expect(looks.filter(Boolean).length, path).toBeLessThanOrEqual(2);
    }
    const first = await open.get(`${PRODUCTS}?page_size=2`);
    expect(idsOf(await open.get(first.next))).toEqual([1]);
  });

  test('what is gone however often it is looked for is told as such, after one more look', async () => {
    const store = await openStore();
    let reads = 0;
    const snapshot: typeof store.snapshot = async () => {
      reads += 1;
      throw new VersionGoneError('gone');
    };
    const reader = { ...store, snapshot };
    const open = shop({ products: productsOf(1) }, { store, change: { reader } });
    await open.sync();
    expect((await open.get('/api/inventory/categories/tree/')).status).toBe(500);
    // The categories, and the products that they count.
    expect(reads).toBe(2 * 2);
  });

  test('no published page holds what is the shop’s secret', async () => {
    const store = await openStore();
    const secret = { purchase_price: '777.77', margin_rate: 66.6, inner_note: 'for us alone' };
    const open = shop({ products: [aProduct(7, secret)], categories: [aCategory(1)] }, { store });
    await open.sync();
    const ref = { source: 'main', resource: 'products' };
    const { records } = await store.snapshot(ref, await store.control(ref));
    const held = JSON.stringify(records.map(({ body, fixed, search }) => [body, fixed, search]));
    expect(held).toContain('Produit 7');
    expect(held).not.toMatch(/777\.77|66\.6|purchase_price|margin_rate|private|for us alone/);
  });

  test('a promotion is judged when it is read, however long ago its page was published', async () => {
    const promotion = {
      has_promotion: true,
      promo_price: '900.00',
      promotion_start_date: '2026-11-22T10:30:00Z',
      promotion_end_date: '2026-11-22T11:00:00Z',
    };
    const rows = [aProduct(1, promotion), aProduct(2)];
    const open = shop({ products: rows }, { store: await openStore() });
    await open.sync();
    const prices: unknown[] = [];
    for (let quarter = 0; quarter < 6; quarter += 1) {
      prices.push((await open.get(PRODUCTS)).results[1]?.['promo_price']);
      open.clock.advance(15 * 60_000);
    }
    expect(prices).toEqual([null, null, '900', '900', null, null]);
  });
});

describe('search', () => {
  const rows = [
    aProduct(1, { name: 'Thé à la MENTHE', cug: 'AB-12' }),
    aProduct(2, {
      name: 'Menthe poivrée',
      cug: 'CD-34',
      barcodes: [{ id: 1, ean: '6123456789012' }],
    }),
    aProduct(3, { name: 'Café', is_active: false, cug: 'EF-56' }),
    aProduct(4, { name: 'Œufs à l’huile d’olive de Smørum et Łódź', cug: 'GH-78' }),
  ];

  test.each([
    ['menthe', [2, 1]],
    ['MENTHÉ', [2, 1]],
    ['la menthe', [1]],
    ['menthe la', [1]],
    ['cd-34', [2]],
    ['6123456789012', [2]],
    ['2000000000004', [4]],
    ['poivree', [2]],
    ['cafe', []],
    ['oeufs', [4]],
    ['œuf', [4]],
    ["d'olive", [4]],
    ['smorum lodz', [4]],
    ['SMØRUM', [4]],
    ['', [4, 2, 1]],
    ['  ', [4, 2, 1]],
  ])('%j finds %j: title, sku and barcodes, without accents or case', async (words, ids) => {
    const open = shop({ products: rows });
    await open.sync();
    expect(idsOf(await open.get(`${PRODUCTS}?search=${encodeURIComponent(words)}`))).toEqual(ids);
  });

  test('goes with the other filters and through pages', async () => {
    const open = shop({ products: productsOf(30, (id) => ({ name: id % 2 ? 'Riz' : 'Blé' })) });
    await open.sync();
    const first = await open.get(`${PRODUCTS}?search=BLE&availability=all&page_size=8`);
    const second = await open.get(first.next);
    expect(first.json['count']).toBe(15);
    const even = numbers(30).filter((id) => id % 2 === 0);
    expect([first, second].flatMap(idsOf)).toEqual(even.toReversed());
  });

  test('finds a category by its name', async () => {
    const open = shop({ categories: [aCategory(1, { name: 'Épicerie' }), aCategory(2)] });
    await open.sync();
    expect(idsOf(await open.get('/api/inventory/categories/synced/?search=epicerie'))).toEqual([1]);
  });
});

describe('a compressed answer', () => {
  test('is one gzip member that says the same as the plain one, made new or from memory', async () => {
    const open = shop({ products: productsOf(300, () => ({ description: 'é"\n' })) });
    await open.sync();
    const plain = await open.get(PRODUCTS);
    const handler = createHandler(() => open.services);
    for (let time = 0; time < 2; time += 1) {
      const { event } = gatewayRequest(PRODUCTS, { 'accept-encoding': 'gzip' });
      const { body, isBase64Encoded } = await handler(event, lambdaContext());
      expect(isBase64Encoded).toBe(true);
      const sent = Buffer.from(body, 'base64');
      // Browsers read the first member only.
      expect(firstMember(sent)).toBe(sent.length);
      expect(gunzipSync(sent).toString()).toBe(plain.text);
    }
  });
});

/** The cursor of a link, made to say that its walk began on other products. */
function pinned(link: string, pin: JsonObject): string {
  const cursor = new URL(link).searchParams.get('cursor') ?? '';
  const content = z
    .looseObject({ pins: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  const pins = { ...content.pins, products: pin };
  return Buffer.from(JSON.stringify({ ...content, pins })).toString('base64url');
}

/** Bytes up to the end of the first member: the shortest start that is a whole gzip stream. */
function firstMember(sent: Buffer): number {
  let [low, high] = [18, sent.length];
  const isWhole = (length: number): boolean => {
    try {
      gunzipSync(sent.subarray(0, length));
      return true;
    } catch {
      return false;
    }
  };
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isWhole(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
