import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../shared/core/json.ts';
import type { Resource } from '../../shared/core/resource.ts';
import { categories } from '../../shared/resources/categories.ts';
import { products } from '../../shared/resources/products.ts';
import { contextOf, fixture, fixtureList, reasonOf, snapshotOf, stored } from './catalog.ts';

const { view }: Resource = categories;

/** The list forms of these categories, by id. */
function listed(wires: readonly JsonObject[], productWires: readonly JsonObject[] = []) {
  const snapshot = snapshotOf(categories, wires);
  const context = contextOf({ categories: snapshot, products: snapshotOf(products, productWires) });
  return new Map(snapshot.records.map((record) => [record.id, view.inList(record, context)]));
}

const body = (fields: JsonObject) => stored(categories, { id: 6, name: 'Épices', ...fields }).body;

describe('a category on the wire', () => {
  test.each([
    [{ parent: 2 }, '2'],
    [{ parent: '2' }, '2'],
    [{ parent: { id: 2, name: 'Rayon' } }, '2'],
    [{ parent_id: 3, parent: 2 }, '3'],
    [{ parent_id: null, parent: 2 }, '2'],
    [{ parent: null }, null],
    [{}, null],
  ])('%j has the parent %j', (fields, parent) => {
    expect(body(fields)['parent']).toBe(parent);
  });

  test.each([
    [{ image: 'https://a/1' }, 'https://a/1'],
    [{ image: { url: 'https://a/1' } }, 'https://a/1'],
    [{ image_url: 'https://a/2', image: 'https://a/1' }, 'https://a/2'],
    [{ image_url: '', image: null }, null],
  ])('%j has the image %j', (fields, address) => {
    expect(body(fields)['image_url']).toBe(address);
  });

  test('takes a missing slug from its name and id', () => {
    expect(body({})['slug']).toBe('epices-6');
  });

  test.each([
    [{ name: null }, /^name: missing/],
    [{ parent: 1.5 }, /^parent:/],
    [{ order: 'first' }, /^order:/],
    [{ is_rayon: 'x' }, /^is_rayon:/],
  ])('%j is rejected', (fields, reason) => {
    expect(reasonOf(categories, { id: 6, name: 'Épices', ...fields })).toMatch(reason);
  });
});

describe('a detail is asked for', () => {
  test('never when the list is complete, as upstream’s lists are', () => {
    const entries = fixtureList('upstream-categories');
    expect(entries.filter((entry) => categories.needsDetail(entry))).toEqual([]);
  });

  test.each(['slug', 'description', 'parent', 'image', 'order', 'rayon_type'])(
    'when the list entry lacks %s',
    (field) => {
      const { [field]: _left, ...entry } = fixture('upstream-category');
      expect(categories.needsDetail(entry)).toBe(true);
    },
  );
});

const inCategory = (id: number, category: number, is_active: boolean): JsonObject => ({
  id,
  name: 'p',
  category,
  is_active,
});

describe('a category as clients see it', () => {
  test('has its children, one level, in the shop’s order', () => {
    const shown = listed([
      { id: 1, name: 'Rayon', order: 1 },
      { id: 2, name: 'B', parent: 1, order: 2 },
      { id: 3, name: 'É', parent: 1, order: 1 },
      { id: 4, name: 'D', parent: 1, order: 1 },
      { id: 5, name: 'Z', parent: 1 },
      { id: 6, name: 'deep', parent: 2 },
    ]);
    const children = [4, 3, 2, 5].map((id) =>
      Object.assign({}, shown.get(String(id)), { children: [] }),
    );
    expect(shown.get('1')).toMatchObject({ is_main: true, parent: null, children });
    expect(shown.get('2')).toMatchObject({ is_main: false, parent: 1, level: 1 });
  });

  test('tells a parent that is missing, and heals when it arrives', () => {
    const orphan = { id: 2, name: 'B', parent: 1 };
    expect(listed([orphan]).get('2')).toMatchObject({ parent_missing: true, is_main: false });
    const healed = listed([orphan, { id: 1, name: 'A' }]);
    expect(healed.get('2')).toMatchObject({ parent_missing: false });
  });

  test('counts the available products in it, not those below it', () => {
    const sold = [inCategory(1, 1, true), inCategory(2, 2, true), inCategory(3, 2, true)];
    const shown = listed(
      [
        { id: 1, name: 'A' },
        { id: 2, name: 'B', parent: 1 },
        { id: 3, name: 'C' },
      ],
      [...sold, inCategory(4, 1, false)],
    );
    const counts = ['1', '2', '3'].map((id) => shown.get(id)?.['product_count']);
    expect(counts).toEqual([1, 2, 0]);
  });

  test('shows what we do not know of to nobody, and what only the single one has there', () => {
    const record = stored(categories, { id: 1, name: 'A', can_edit: true, budget: 9000 });
    const context = contextOf({ categories: { version: 1, records: [record] } });
    expect(record.body['private']).toEqual({ other: { budget: 9000 } });
    const single = view.single(record, context);
    expect(JSON.stringify([single, view.inList(record, context)])).not.toMatch(/9000|private/);
    expect([single['can_edit'], view.inList(record, context)['can_edit']]).toEqual([
      true,
      undefined,
    ]);
  });
});
