import { describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { createMemoryStore } from '../../shared/adapters/memory/store.ts';
import { UpstreamError } from '../../shared/core/errors.ts';
import { isJsonObject, type JsonObject } from '../../shared/core/json.ts';
import { shop, type Reply, type Shop } from '../support/shop.ts';
import { aCategory, aProduct } from '../support/supplier-records.ts';

const PRODUCTS = '/api/inventory/products/synced/';
const CATEGORIES = '/api/inventory/categories/synced/';

const named = z.object({ source: z.string(), id: z.union([z.number(), z.string()]) });

/** `source/id` of what a reply lists. */
const namesOf = ({ results }: Reply): string[] =>
  results.map((each) => {
    const { source, id } = named.parse(each);
    return `${source}/${id}`;
  });

const inCategory = (id: number, category: number, name: string): JsonObject =>
  aProduct(id, { name, category: { id: category, name: `Rayon ${category}` } });

/** Main sells 1 to 5, drinks 4 to 6; the same ids are other wares, and category 1 is another one. */
const MAIN = {
  products: [1, 2, 3, 4, 5].map((id) => inCategory(id, id === 5 ? 2 : 1, `Farine ${id}`)),
  categories: [aCategory(1, { name: 'Épicerie' }), aCategory(2, { name: 'Rayon 2', parent: 1 })],
};
const DRINKS = {
  products: [4, 5, 6].map((id) => inCategory(id, id === 6 ? 3 : 1, `Sirop ${id}`)),
  categories: [aCategory(1, { name: 'Boissons' }), aCategory(3, { name: 'Jus', parent: 1 })],
};

async function open(): Promise<Shop> {
  const made = shop(MAIN, { others: { drinks: DRINKS } });
  await made.sync();
  return made;
}

async function walk(from: Shop, start: string): Promise<Reply[]> {
  const replies: Reply[] = [];
  for (let at = start; at !== ''; at = replies.at(-1)?.next ?? '') {
    replies.push(await from.get(at));
    if (replies.length > 20) throw new Error('the walk does not end');
  }
  return replies;
}

describe('a list of several sources', () => {
  test('has all of them one after the other, and the same id in two is two records', async () => {
    const reply = await (await open()).get(PRODUCTS);
    expect(reply.json['count']).toBe(8);
    expect(namesOf(reply)).toEqual([
      'main/5',
      'main/4',
      'main/3',
      'main/2',
      'main/1',
      'drinks/6',
      'drinks/5',
      'drinks/4',
    ]);
    expect(reply.results.map(({ title }) => title)).toContain('Sirop 4');
    expect(reply.results.map(({ title }) => title)).toContain('Farine 4');
  });

  test('has one source alone where it is named; an unknown one is refused with those there are', async () => {
    const made = await open();
    expect(namesOf(await made.get(`${PRODUCTS}?source=drinks`))).toEqual([
      'drinks/6',
      'drinks/5',
      'drinks/4',
    ]);
    expect(namesOf(await made.get(`${PRODUCTS}?source=main`))).toHaveLength(5);
    const unknown = await made.get(`${PRODUCTS}?source=fish`);
    expect(unknown.status).toBe(400);
    expect(unknown.json['detail']).toBe('source must be main or drinks.');
  });

  test.each([1, 2, 3, 5, 7])('a walk by %i has every record once, and goes back', async (size) => {
    const made = await open();
    const pages = await walk(made, `${PRODUCTS}?page_size=${size}`);
    const all = namesOf(await made.get(PRODUCTS));
    expect(pages.flatMap(namesOf)).toEqual(all);
    for (const page of pages.slice(1)) {
      const previous = await made.get(z.string().parse(page.json['previous']));
      const place = pages.indexOf(page);
      expect(namesOf(previous)).toEqual(namesOf(pages[place - 1] ?? page));
    }
  });

  test('a walk shows one version of each source, whatever is synced meanwhile', async () => {
    const made = await open();
    const sirop = made.others['drinks']?.['products'];
    if (sirop === undefined) throw new Error('no drinks');
    const add = async (id: number) => {
      sirop.rows = [...sirop.rows, inCategory(id, 1, `Sirop ${id}`)];
      made.untilDue();
      await made.sync();
    };
    // From here on the two sources are at different versions.
    await add(8);
    const first = await made.get(`${PRODUCTS}?page_size=2`);
    await add(9);
    const rest = await walk(made, first.next);
    const walked = [first, ...rest].flatMap(namesOf);
    expect(walked).toContain('drinks/8');
    expect(walked).not.toContain('drinks/9');
    expect(walked).toHaveLength(9);
    expect(namesOf(await made.get(PRODUCTS))).toContain('drinks/9');
  });

  test('a cursor of the time when there was one source goes on in that one', async () => {
    const store = createMemoryStore();
    const before = shop(MAIN, { store });
    await before.sync();
    const first = await before.get(`${PRODUCTS}?page_size=2`);
    const after = shop(MAIN, { store, others: { drinks: DRINKS } });
    expect(namesOf(await after.get(first.next))).toEqual(['main/3', 'main/2']);
  });

  test('its tag is right until any source changes, and is not that of one source', async () => {
    const made = await open();
    const { headers } = await made.get(PRODUCTS);
    const tag = { 'if-none-match': headers['etag'] ?? '' };
    expect((await made.get(PRODUCTS, tag)).status).toBe(304);
    expect((await made.get(`${PRODUCTS}?source=main`, tag)).status).toBe(200);
    const sirop = made.others['drinks']?.['products'];
    if (sirop === undefined) throw new Error('no drinks');
    sirop.rows = sirop.rows.slice(1);
    made.untilDue();
    await made.sync();
    made.untilDue();
    await made.sync();
    const changed = await made.get(PRODUCTS, tag);
    expect(changed.status).toBe(200);
    expect(changed.json['count']).toBe(7);
  });

  test('says how fresh each is, and in short how the least fresh is', async () => {
    const made = shop(MAIN, { others: { drinks: DRINKS } });
    await made.sync();
    const both = (await made.get(PRODUCTS)).json['sync'];
    expect(both).toMatchObject({ stale: false, sources: { main: {}, drinks: {} } });
    const alone = shop(MAIN, { others: { drinks: DRINKS } });
    const drinks = alone.others['drinks'] ?? {};
    for (const source of Object.values(drinks)) {
      source.before = () => {
        throw new UpstreamError('unavailable', 'down');
      };
    }
    await alone.sync();
    const { json, headers } = await alone.get(PRODUCTS);
    expect(json['sync']).toMatchObject({
      last_sync: null,
      stale: true,
      sources: { main: { stale: false }, drinks: { stale: true, last_sync: null } },
    });
    // What there is may be kept: one that never came must not keep every cache away.
    expect(headers['cache-control']).toContain('max-age=60');
    expect((await alone.get(`${PRODUCTS}?source=main`)).json['sync']).not.toHaveProperty('sources');
  });
});

describe('an id of several sources', () => {
  test('stays that of one source over a walk, also when another comes to have it', async () => {
    const others = { ...DRINKS, products: [...DRINKS.products, inCategory(7, 3, 'Jus 7')] };
    const made = shop(MAIN, { others: { drinks: others } });
    await made.sync();
    const first = await made.get(`${CATEGORIES}3/products/?page_size=1`);
    const ofMain = made.upstream['categories'];
    if (ofMain) ofMain.rows = [...ofMain.rows, aCategory(3, { name: 'Autres' })];
    made.untilDue();
    await made.sync('categories');
    const rest = await walk(made, first.next);
    expect([first, ...rest].flatMap(namesOf)).toEqual(['drinks/7', 'drinks/6']);
  });

  test('is the main one’s without a source, the named one’s with it, else the only other’s', async () => {
    const made = await open();
    const titleOf = async (address: string) => (await made.get(address)).json['title'];
    expect(await titleOf(`${PRODUCTS}4/`)).toBe('Farine 4');
    expect(await titleOf(`${PRODUCTS}4/?source=drinks`)).toBe('Sirop 4');
    expect(await titleOf(`${PRODUCTS}6/`)).toBe('Sirop 6');
    expect((await made.get(`${PRODUCTS}6/?source=main`)).status).toBe(404);
    expect((await made.get(`${PRODUCTS}77/`)).status).toBe(404);
    expect((await made.get(`${PRODUCTS}4/?source=fish`)).status).toBe(400);
  });

  test('is told with what its own source says of it, also where no source was named', async () => {
    const made = await open();
    const product = await made.get(`${PRODUCTS}6/`);
    expect(product.json['category']).toMatchObject({ id: 3, name: 'Jus' });
    const category = await made.get(`${CATEGORIES}3/`);
    expect(category.json).toMatchObject({ source: 'drinks', product_count: 1 });
  });

  test('that main removed is nobody else’s, over every door, unless the source is named', async () => {
    const made = await open();
    const { products, categories } = made.upstream;
    if (!products || !categories) throw new Error('main lists nothing');
    products.rows = products.rows.filter((row) => isJsonObject(row) && row['id'] !== 4);
    categories.rows = categories.rows.filter((row) => isJsonObject(row) && row['id'] !== 1);
    for (let scan = 0; scan < 2; scan += 1) {
      made.untilDue();
      await made.sync();
    }
    const read = vi.spyOn(made.store, 'lookUp');
    expect((await made.get(`${PRODUCTS}4/`)).status).toBe(404);
    expect(read).toHaveBeenCalledOnce();
    expect((await made.get(`${PRODUCTS}4/?source=drinks`)).json['title']).toBe('Sirop 4');
    expect((await made.get(`${PRODUCTS}6/`)).json['title']).toBe('Sirop 6');
    expect((await made.get(`${CATEGORIES}1/`)).status).toBe(404);
    expect((await made.get(`${CATEGORIES}1/products/`)).status).toBe(404);
    expect(namesOf(await made.get(`${PRODUCTS}?category=1`))).not.toContain('drinks/5');
    expect(namesOf(await made.get(`${PRODUCTS}?category=1&source=drinks`))).toContain('drinks/5');
    expect(namesOf(await made.get(`${PRODUCTS}?category=3`))).toEqual(['drinks/6']);
  });

  test('of two others is nobody’s: they are named', async () => {
    const made = shop(MAIN, { others: { drinks: DRINKS, cellar: DRINKS } });
    await made.sync();
    const reply = await made.get(`${PRODUCTS}6/`);
    expect(reply.status).toBe(400);
    expect(reply.json['detail']).toBe('source is needed: drinks and cellar have this id.');
  });

  test('a record’s tag is not taken for that of the same id in another source', async () => {
    const made = await open();
    const { headers } = await made.get(`${PRODUCTS}4/?source=drinks`);
    const tag = { 'if-none-match': headers['etag'] ?? '' };
    expect((await made.get(`${PRODUCTS}4/?source=drinks`, tag)).status).toBe(304);
    expect((await made.get(`${PRODUCTS}4/`, tag)).status).toBe(200);
  });

  test('a category has the products of its source and of no other, over both doors', async () => {
    const made = await open();
    const of = async (address: string) => namesOf(await made.get(address));
    const [main, drinks] = [
      ['main/5', 'main/4', 'main/3', 'main/2', 'main/1'],
      ['drinks/6', 'drinks/5', 'drinks/4'],
    ];
    expect(await of(`${CATEGORIES}1/products/`)).toEqual(main);
    expect(await of(`${PRODUCTS}?category=1`)).toEqual(main);
    expect(await of(`${CATEGORIES}1/products/?source=drinks`)).toEqual(drinks);
    expect(await of(`${PRODUCTS}?category=1&source=drinks`)).toEqual(drinks);
    expect(await of(`${CATEGORIES}3/products/`)).toEqual(['drinks/6']);
    expect(await of(`${PRODUCTS}?category=3`)).toEqual(['drinks/6']);
    const pages = await walk(made, `${CATEGORIES}1/products/?source=drinks&page_size=2`);
    expect(pages.flatMap(namesOf)).toEqual(drinks);
    expect((await walk(made, `${CATEGORIES}3/products/?page_size=1`)).flatMap(namesOf)).toEqual([
      'drinks/6',
    ]);
  });

  test('children, counts and parents stay in their source', async () => {
    const made = await open();
    const { json } = await made.get(`${CATEGORIES}1/?source=drinks`);
    expect(json).toMatchObject({ name: 'Boissons', product_count: 2, source: 'drinks' });
    expect(json['children']).toMatchObject([{ id: 3, source: 'drinks', name: 'Jus' }]);
    const product = await made.get(`${PRODUCTS}4/?source=drinks`);
    expect(product.json['category']).toMatchObject({ id: 1, name: 'Boissons' });
    const tree = await made.get('/api/inventory/categories/tree/');
    expect(tree.json).toMatchObject({
      total_main: 2,
      total_sub: 2,
      main_categories: [
        { source: 'main', name: 'Épicerie', children: [{ id: 2 }] },
        { source: 'drinks', name: 'Boissons', children: [{ id: 3 }] },
      ],
    });
    const one = await made.get('/api/inventory/categories/tree/?source=drinks');
    expect(one.json).toMatchObject({ total_main: 1, main_categories: [{ source: 'drinks' }] });
  });
});

test('a search finds the records of every source', async () => {
  const made = await open();
  expect(namesOf(await made.get(`${PRODUCTS}?search=sirop`))).toHaveLength(3);
  expect(namesOf(await made.get(`${PRODUCTS}?search=4`))).toEqual(
    expect.arrayContaining(['main/4', 'drinks/4']),
  );
});

test('the home shows newest products of each in turn, with addresses that lead to them', async () => {
  const { text } = await (await open()).get('/');
  expect(text).toContain('Boissons');
  expect(text).toContain(`${PRODUCTS}6/?source=drinks`);
  expect(text).toContain(`${CATEGORIES}1/products/?source=drinks`);
  expect(text).toContain(`"${PRODUCTS}5/"`);
  expect(text.indexOf('Farine 5')).toBeLessThan(text.indexOf('Sirop 6'));
  expect(text.indexOf('Sirop 6')).toBeLessThan(text.indexOf('Farine 4'));
});

test('status tells the main source as before, and each by its name', async () => {
  const { json } = await (await open()).get('/inventory/api/status/');
  expect(json).toMatchObject({
    products: { state: 'fresh', synced: 5 },
    sources: {
      main: { products: { synced: 5 }, categories: { synced: 2 } },
      drinks: { products: { synced: 3 }, categories: { synced: 2 } },
    },
  });
});

test('a read starts what is due of each source, and says so by name', async () => {
  const made = await open();
  made.untilDue();
  const { headers } = await made.get(PRODUCTS);
  expect(made.starts.toSorted()).toEqual(['drinks/products', 'products']);
  expect(headers['sync-decision']).toBe('products=started, drinks/products=started');
  const { json } = await made.get(PRODUCTS);
  expect(json['sync']).toMatchObject({ sources: { drinks: { decision: 'running' } } });
});

test('with one source nothing is said of sources', async () => {
  const made = shop(MAIN);
  await made.sync();
  const list = await made.get(`${PRODUCTS}?page_size=2`);
  expect(list.json['sync']).not.toHaveProperty('sources');
  const cursor = new URL(list.next).searchParams.get('cursor') ?? '';
  expect(JSON.parse(Buffer.from(cursor, 'base64url').toString())).toEqual({
    after: '4',
    pins: {
      products: { base: 1, pages: 1, version: 1, succeededAtMs: expect.any(Number) },
      categories: { base: 1, pages: 1, version: 1 },
    },
    filters: '["products","available",null,null,[]]',
  });
  expect((await made.get('/inventory/api/status/')).json).not.toHaveProperty('sources');
});
