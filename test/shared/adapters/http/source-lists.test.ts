import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../shared/core/json.ts';
import { isJsonObject } from '../../../../shared/core/json.ts';
import type { CatalogSource } from '../../../../shared/core/ports.ts';
import type { Resource } from '../../../../shared/core/resource.ts';
import {
  aSource,
  categoriesResource,
  productsResource,
  useSupplier,
} from '../../../support/http-source.ts';
import { aCategory, aProduct, answers } from '../../../support/supplier.ts';

const LIST = 'b2c/products/';
const { signal } = new AbortController();
const supplier = useSupplier(45);

/** Reads page after page; the ids in order, and each cursor used. */
async function walk(source: CatalogSource, resource: Resource = productsResource) {
  const ids: (Json | undefined)[] = [];
  const cursors: string[] = [];
  let page = await source.page(resource, null, signal);
  for (;;) {
    ids.push(...page.entries.map((entry) => (isJsonObject(entry) ? entry['id'] : entry)));
    if (page.next === null) return { ids, cursors };
    cursors.push(page.next);
    page = await source.page(resource, page.next, signal);
  }
}

const down = (from: number, to: number): number[] =>
  Array.from({ length: from - to + 1 }, (_, index) => from - index);

/** Serves pages of `size` in the shape that `shape` gives them; an empty page past the end. */
function paged(size: number, shape: (records: JsonObject[], page: number) => Json): void {
  const pages = [1, 2, 3, 4, 5, 6].map((page) =>
    shape(supplier().products.slice((page - 1) * size, page * size), page),
  );
  for (const [index, page] of pages.entries())
    supplier().set(LIST, answers.json(page), [index + 1]);
}

const fixture = (name: string): Json =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/${name}`, import.meta.url), 'utf8'));

describe('a product', () => {
  it('is in its list and in its detail as upstream sent it in each', async () => {
    supplier().products = [aProduct(7, { name: 'Thé vert', quantity: '-2.000' })];
    const { source } = aSource(supplier().url);
    const { entries } = await source.page(productsResource, null, signal);
    const detail = await source.detail(productsResource, '7', signal);
    expect(entries).toEqual([
      expect.objectContaining({ id: 7, name: 'Thé vert', margin_rate: 18.2 }),
    ]);
    expect(detail).toMatchObject({ id: 7, quantity: '-2.000', slug: 'produit-7' });
    expect(supplier().requests[1]).toMatchObject({
      method: 'GET',
      path: 'b2c/products/7/',
      query: {},
      headers: { accept: 'application/json', 'x-api-key': supplier().key },
    });
  });
});

describe('a list with next', () => {
  it.each(['', '/'])('is read to its end, the base URL ending in "%s"', async (ending) => {
    const { source } = aSource(supplier().url + ending, { pageSize: 20, siteId: '3' });
    expect((await walk(source)).ids).toEqual(down(45, 1));
    expect(supplier().requests.map(({ query }) => query)).toEqual(
      ['1', '2', '3'].map((page) => ({ page, page_size: '20', site_id: '3' })),
    );
  });

  it('is read in full when the page size is ignored', async () => {
    supplier().pageSize = 7;
    const { source } = aSource(supplier().url);
    expect((await walk(source)).ids).toEqual(down(45, 1));
    expect(supplier().count(LIST)).toBe(7);
    expect(source.counters).toEqual({ requests: 7, retries: 0 });
  });

  it('gives the count, and none when it is malformed', async () => {
    const { source } = aSource(supplier().url);
    expect((await source.page(productsResource, null, signal)).count).toBe(45);
    supplier().set(LIST, answers.json({ count: 'many', next: null, results: [1] }));
    expect((await source.page(productsResource, null, signal)).count).toBeNull();
  });

  it('has no page past its last one, which is no failure, but a 404 for the first page is a failure', async () => {
    const { source } = aSource(supplier().url);
    expect(await source.page(productsResource, '9', signal)).toEqual({
      entries: [],
      next: null,
      count: null,
      isNotFound: true,
    });
    supplier().set(LIST, answers.status(404));
    await expect(source.page(productsResource, null, signal)).rejects.toMatchObject({
      failure: 'not_found',
      status: 404,
    });
  });

  it('may name its next page relatively', async () => {
    supplier().set(LIST, answers.json({ next: '?page=2', results: [{ id: 'a' }] }), [1]);
    supplier().set(LIST, answers.json({ next: null, results: [{ id: 'b' }] }), [2]);
    const { source } = aSource(supplier().url);
    expect((await walk(source)).ids).toEqual(['a', 'b']);
    expect(supplier().requests[1]?.query).toEqual({ page: '2', page_size: '100' });
  });

  it('may say more than a page number, which is followed as it stands', async () => {
    const next = `${supplier().url}/b2c/products/?page=2&page_size=100&snapshot=7`;
    supplier().set(LIST, answers.json({ next, results: [{ id: 'a' }] }), [1]);
    supplier().set(LIST, answers.json({ next: null, results: [{ id: 'b' }] }), [2]);
    const { source } = aSource(supplier().url);
    expect((await walk(source)).ids).toEqual(['a', 'b']);
    expect(supplier().requests[1]?.query).toEqual({ page: '2', page_size: '100', snapshot: '7' });
  });

  it('may go on by a token, which is followed as it stands', async () => {
    const next = `${supplier().url}/b2c/products/?cursor=cD0y&page_size=100`;
    supplier().set(LIST, answers.json({ next, results: [{ id: 'a' }] }), [1]);
    supplier().set(LIST, answers.json({ next: null, results: [{ id: 'b' }] }), [2]);
    const { source } = aSource(supplier().url);
    expect((await walk(source)).ids).toEqual(['a', 'b']);
    expect(supplier().requests[1]?.query).toEqual({ cursor: 'cD0y', page_size: '100' });
  });
});

describe('the seen pages of a real supplier', () => {
  it('are read one after the other, though their next names another port and path', async () => {
    supplier().set(LIST, answers.status(404));
    const second = fixture('upstream-products-page-2-page-size-ignored.json');
    supplier().set(LIST, answers.json(second), [2, 4]);
    supplier().set(LIST, answers.json(fixture('upstream-products-page-1.json')), [1]);
    const { source, logged } = aSource(supplier().url);
    expect((await walk(source)).ids).toEqual(down(300, 261));
    expect(supplier().requests.map(({ path, query }) => path + query['page'])).toEqual(
      // The second once more, to know the end of the list from a supplier that finds nothing any more.
      ['1', '2', '3', '2'].map((page) => LIST + page),
    );
    expect(logged).toEqual([]);
  });
});

describe('a list without next', () => {
  it('that is a bare array is tried further, page after page', async () => {
    supplier().categories = Array.from({ length: 20 }, (_, index) => aCategory(index + 1));
    const { source } = aSource(supplier().url);
    for (const [cursor, next] of [
      [null, '2~'],
      ['2~', '3~'],
      // As an older version kept it.
      ['3~abcDEF_-', '4~'],
    ] as const) {
      const page = await source.page(categoriesResource, cursor, signal);
      expect(page).toMatchObject({ next, isGuess: true });
      expect(page.entries).toHaveLength(20);
    }
  });

  it.each([400, 404, 410, 416, 422])(
    'has no page where a guessed one is answered by %i',
    async (status) => {
      const { source } = aSource(supplier().url);
      await source.page(productsResource, null, signal);
      // Not the next one: it is asked to find out whether others are served.
      supplier().set(LIST, answers.status(status), [1]);
      const page = await source.page(productsResource, '3~', signal);
      expect(page).toMatchObject({ isNotFound: true, entries: [], next: null });
    },
  );

  it.each([400, 416, 422])('but %i for one that was named is a failure', async (status) => {
    const { source } = aSource(supplier().url);
    await source.page(productsResource, null, signal);
    supplier().set(LIST, answers.status(status), [1]);
    const page = source.page(productsResource, '3', signal);
    await expect(page).rejects.toMatchObject({ failure: 'invalid', status });
  });

  it.each([
    ['a bare array', (records: JsonObject[]) => records],
    ['results', (records: JsonObject[]) => ({ results: records })],
    ['products', (records: JsonObject[]) => ({ products: records, count: 45 })],
    ['categories', (records: JsonObject[]) => ({ categories: records })],
  ])('in pages of its own size, as %s, is read to the empty page', async (_case, shape) => {
    paged(20, shape);
    const { source } = aSource(supplier().url);
    expect((await walk(source)).ids).toEqual(down(45, 1));
    expect(supplier().count(LIST)).toBe(4);
  });

  it('may be named as the resource is', async () => {
    const brands = { ...productsResource, name: 'brands' };
    supplier().set(LIST, answers.json({ brands: [{ id: 1 }], next: null }));
    const { source } = aSource(supplier().url);
    expect((await walk(source, brands)).ids).toEqual([1]);
  });

  it('is the one that is named as the resource is, where there are several', async () => {
    const body = { products: [], categories: [{ id: 1 }], next: null };
    supplier().set('b2c/categories/', answers.json(body));
    const { source } = aSource(supplier().url);
    expect((await walk(source, categoriesResource)).ids).toEqual([1]);
  });

  it('that is empty is empty', async () => {
    supplier().set(LIST, answers.json([]));
    const { source } = aSource(supplier().url);
    expect(await walk(source)).toEqual({ ids: [], cursors: [] });
  });
});

describe('U8: a page that is no list', () => {
  it.each([
    ['an HTML page with 200', answers.html()],
    ['204', answers.status(204)],
    ['an empty body', answers.body('')],
    ['null', answers.json(null)],
    ['a string', answers.json('[]')],
    ['a number', answers.json(12)],
    ['an object without a list', answers.json({ detail: 'Maintenance' })],
    ['results that are no list', answers.json({ count: 0, next: null, results: {} })],
    ['a next that is no text', answers.json({ next: 2, results: [] })],
    [
      'an image',
      answers.body(Buffer.from([0x89, 0x50, 0x4e, 0x47]), { 'content-type': 'image/png' }),
    ],
    ['JSON in UTF-16', answers.body(Buffer.from('\uFEFF[]', 'utf16le'))],
    ['206', answers.json([{ id: 1 }], 206)],
  ])('fails as invalid, at once: %s', async (_case, answer) => {
    supplier().set(LIST, answer);
    const { source } = aSource(supplier().url);
    await expect(source.page(productsResource, null, signal)).rejects.toMatchObject({
      name: 'UpstreamError',
      failure: 'invalid',
    });
    expect(supplier().count()).toBe(1);
  });

  it('but a byte order mark, or another declared type, does no harm', async () => {
    const text = JSON.stringify({ next: null, results: [{ id: 5 }] });
    supplier().set(LIST, answers.body(`\uFEFF${text}`, { 'content-type': 'text/plain' }));
    const { source } = aSource(supplier().url);
    expect((await walk(source)).ids).toEqual([5]);
  });
});

describe('U14: next that loops', () => {
  it.each([
    ['itself', '?page=2', '2'],
    ['an earlier page', '?page=1', '2'],
    ['page 0', '?page=0', null],
    ['a page further on, which would lose those between', '?page=4', '2'],
    ['the same token', '?cursor=abc', '/b2c/products/?cursor=abc'],
  ])('is not followed when it is %s, and the rows are kept', async (_case, next, cursor) => {
    supplier().set(LIST, answers.json({ next, results: [{ id: 1 }] }));
    const { source } = aSource(supplier().url);
    expect(await source.page(productsResource, cursor, signal)).toMatchObject({
      entries: [{ id: 1 }],
      next: null,
      nextFault: { failure: 'invalid', message: expect.stringMatching(/loops|jumps/) },
    });
  });

  it('or is too long to be kept', async () => {
    supplier().set(
      LIST,
      answers.json({ next: `?cursor=${'x'.repeat(400)}`, results: [{ id: 1 }] }),
    );
    const { source } = aSource(supplier().url);
    const { nextFault } = await source.page(productsResource, null, signal);
    expect(nextFault?.message).toMatch(/longer than 300/);
  });
});

describe('the cursor after an unreadable page', () => {
  it('is the next page by number, and unknown where only that page could tell', () => {
    const { source } = aSource(supplier().url);
    const after = (cursor: string | null) => source.cursorAfter(productsResource, cursor);
    expect([null, '2', '7~'].map(after)).toEqual(['2~', '3~', '8~']);
    expect(after('/b2c/products/?cursor=abc')).toBeNull();
  });
});
