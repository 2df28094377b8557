import { describe, expect, test } from 'vitest';
import { isJsonObject, type JsonObject } from '../../shared/core/json.ts';
import type { Resource } from '../../shared/core/resource.ts';
import { resources } from '../../shared/resources/index.ts';
import { categories } from '../../shared/resources/categories.ts';
import { products } from '../../shared/resources/products.ts';
import { contextOf, fixture, fixtureList, snapshotOf } from './catalog.ts';

const PRODUCT_FIELDS = `id source title slug sku description price discount_price promo_price
  has_promotion discount_percent promotion_start_date promotion_end_date category brand image_url
  images barcodes is_available is_salam stock weight dimensions specifications delivery_methods tags
  created_at updated_at synced_at`.split(/\s+/);
const CATEGORY_FIELDS = `id source name slug description parent parent_missing children image_url
  image is_main is_rayon rayon_type level order product_count created_at updated_at
  synced_at`.split(/\s+/);

const pages = ['upstream-products-page-1', 'upstream-products-page-2-page-size-ignored'];
const details = ['by-weight', 'with-image', 'without-category'].map((name) =>
  fixture(`upstream-product-${name}`),
);
const entries = pages.flatMap(fixtureList);
/** Every list entry of the fixtures overlaid by every detail. */
const synced = entries.flatMap((entry, row) =>
  details.map((detail, which) => Object.assign({}, entry, detail, { id: row * 10 + which })),
);
const categorySnapshot = snapshotOf(categories, fixtureList('upstream-categories'));
const context = contextOf({ categories: categorySnapshot, products: snapshotOf(products, synced) });

function listedBy(resource: Resource): readonly JsonObject[] {
  return context
    .related(resource.name)
    .records.map((record) => resource.view.inList(record, context));
}

/** What a client's parser distinguishes; null may stand for anything. */
function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Money that was a number once; all of it is text now (docs/decisions/0005). */
const NOW_TEXT = new Set(['promo_price', 'price_per_kg']);

/** The fields of `old` that `now` has with another JSON type. */
function changedTypes(old: JsonObject, now: JsonObject): readonly string[] {
  return Object.keys(old).filter((name) => {
    const [before, after] = [typeOf(old[name]), typeOf(now[name])];
    return (
      name in now &&
      !NOW_TEXT.has(name) &&
      after !== 'null' &&
      before !== 'null' &&
      before !== after
    );
  });
}

describe('from upstream’s fixtures', () => {
  test('every product of the lists is accepted as it is, and with any detail', () => {
    const all = [...entries, ...synced];
    expect(all.filter((wire) => !products.validate(wire).ok)).toEqual([]);
    expect(all.length).toBe(160);
  });

  test('every product has every public field', () => {
    for (const product of listedBy(products)) {
      expect(Object.keys(product)).toEqual(expect.arrayContaining(PRODUCT_FIELDS));
    }
  });

  test('every category has every public field', () => {
    const shown = listedBy(categories);
    expect(shown).toHaveLength(20);
    for (const category of shown) {
      expect(Object.keys(category)).toEqual(expect.arrayContaining(CATEGORY_FIELDS));
    }
  });

  test('the product by weight arrives as its supplier has it', () => {
    const [entry] = entries;
    const [record] = snapshotOf(products, [
      { ...entry, ...fixture('upstream-product-by-weight') },
    ]).records;
    const { view }: Resource = products;
    expect(record && view.single(record, context)).toMatchObject({
      id: 20,
      source: 'main',
      title: 'Produit 20',
      slug: 'produit-20',
      sku: '10020',
      price: '1020',
      brand: 'Marque 0',
      stock: 20,
      is_available: true,
      is_salam: false,
      category: { id: 11, name: 'Sous 6', slug: 'sous-6', parent: 2 },
      specifications: { sold_by_weight: true, weight_unit: 'kg', available_weight_kg: 20.5 },
      barcodes: [{ id: 4, ean: '6000000000020', is_primary: true, notes: null }],
      stock_status: 'backorder',
    });
  });
});

function objectAt(record: JsonObject, name: string): JsonObject {
  const value = record[name];
  return isJsonObject(value) ? value : {};
}

describe('the shop’s clients', () => {
  const WITH_PROMOTION = {
    ...fixture('upstream-product-by-weight'),
    id: 500,
    has_promotion: true,
    promo_price: '900.00',
    images: ['https://s3.example/p/1.jpg'],
  };

  test.each(
    fixtureList('shop-products-synced').map((old) => [products.titleOf(old), old] as const),
  )('find the fields of %s under the same names, with the same types', (_title, old) => {
    const { view }: Resource = products;
    const [record] = snapshotOf(products, [WITH_PROMOTION]).records;
    const now = record === undefined ? {} : view.inList(record, context);
    const shared = PRODUCT_FIELDS.filter((name) => name in old);
    expect(Object.keys(now)).toEqual(expect.arrayContaining(shared));
    expect(changedTypes(old, now)).toEqual([]);
    for (const name of ['category', 'specifications']) {
      expect(changedTypes(objectAt(old, name), objectAt(now, name))).toEqual([]);
    }
  });

  test.each(
    fixtureList('shop-categories-synced').map((old) => [categories.titleOf(old), old] as const),
  )('find the fields of %s under the same names, with the same types', (_name, old) => {
    const now = listedBy(categories).find(({ id }) => id === old['id']) ?? {};
    const shared = CATEGORY_FIELDS.filter((name) => name in old);
    expect(Object.keys(now)).toEqual(expect.arrayContaining(shared));
    expect(changedTypes(old, now)).toEqual([]);
    expect(now).toMatchObject({ is_main: true, parent: null, level: 0, rayon_type: 'epicerie' });
  });
});

test('the registered resources are products and categories', () => {
  expect(resources.map(({ name }) => name)).toEqual(['products', 'categories']);
});
