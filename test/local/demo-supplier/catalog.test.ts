import { expect, test } from 'vitest';
import { demoCatalog } from '../../../local/demo-supplier/catalog.ts';
import { slugOf } from '../../../local/demo-supplier/slug.ts';
import { productDetail } from '../../../local/demo-supplier/wire.ts';

const NOON_MS = Date.UTC(2026, 10, 22, 12);
const DAY_MS = 86_400_000;
const ORIGIN = 'http://127.0.0.1:4010';
const details = (count: number, nowMs = NOON_MS, seed = 1) =>
  demoCatalog(count, seed, nowMs)
    .products()
    .map((product) => productDetail(product, ORIGIN));

test('the same seed gives the same catalogue on the same day, another seed another one', () => {
  const morning = details(300, Date.UTC(2026, 10, 22, 0, 0, 1));
  expect(details(300)).toEqual(morning);
  expect(details(300, NOON_MS, 2)).not.toEqual(morning);
});

test('a later day moves nothing but promotions', () => {
  const today = details(300);
  const later = details(300, NOON_MS + 40 * DAY_MS);
  const moved = today.filter(
    (wire, index) => JSON.stringify(wire) !== JSON.stringify(later[index]),
  );
  expect(moved).toHaveLength(25);
  expect(moved.every((wire) => wire['has_promotion'] === true)).toBe(true);
});

test('a larger catalogue holds the smaller one', () => {
  const larger = new Map(details(1000).map((wire) => [wire['id'], wire]));
  for (const wire of details(100)) expect(larger.get(wire['id'])).toEqual(wire);
});

test('of 1,200 products 60 are sold by weight, and every name is another', () => {
  const catalog = details(1200);
  expect(catalog.filter((wire) => wire['sale_unit_type'] === 'weight')).toHaveLength(60);
  expect(new Set(catalog.map((wire) => wire['name'])).size).toBe(1200);
});

test('names stay different at 20,000 products', () => {
  expect(new Set(details(20_000).map((wire) => wire['name'])).size).toBe(20_000);
});

test('it has what a real catalogue has: sold out, oversold, inactive, without brand, category or code', () => {
  const catalog = details(1200);
  const some = (holds: (wire: Readonly<Record<string, unknown>>) => boolean) =>
    catalog.filter(holds).length;
  expect(some((wire) => Number(wire['quantity']) < 0)).toBeGreaterThan(5);
  expect(some((wire) => wire['quantity'] === '0.000')).toBeGreaterThan(20);
  expect(some((wire) => wire['is_active'] === false)).toBeGreaterThan(10);
  expect(some((wire) => wire['brand'] === null)).toBeGreaterThan(100);
  expect(some((wire) => wire['category'] === null)).toBe(12);
  expect(some((wire) => wire['generated_ean'] === null)).toBeGreaterThan(5);
  expect(some((wire) => wire['weight_unit'] === 'g')).toBeGreaterThan(5);
  expect(some((wire) => wire['image_url'] === null)).toBeGreaterThan(100);
});

test('promotions are over, on and to come, a third each', () => {
  const times = { over: 0, on: 0, coming: 0 };
  for (const wire of details(1200)) {
    if (wire['has_promotion'] !== true) continue;
    const start = Date.parse(String(wire['promotion_start_date']));
    const end = Date.parse(String(wire['promotion_end_date']));
    times[end < NOON_MS ? 'over' : start > NOON_MS ? 'coming' : 'on'] += 1;
    expect(Number(wire['promo_price'])).toBeLessThan(Number(wire['selling_price']));
  }
  expect(times).toEqual({ over: 33, on: 34, coming: 33 });
});

test('every barcode has the check digit of its kind', () => {
  for (const { barcodes, generated_ean: own } of details(200)) {
    const codes = JSON.stringify([barcodes, own]).match(/"\d{13}"/g) ?? [];
    for (const code of codes) {
      const digits = code.slice(1, -1).split('').map(Number);
      const sum = digits.reduce(
        (total, digit, index) => total + (index % 2 ? digit * 3 : digit),
        0,
      );
      expect(sum % 10).toBe(0);
    }
  }
});

test('there are more than 60 categories in three levels, each under one a level above', () => {
  const { categories } = demoCatalog(1, 1, NOON_MS);
  const byId = new Map(categories.map((category) => [category.id, category]));
  expect(byId.size).toBeGreaterThan(60);
  expect(new Set(categories.map(({ level }) => level))).toEqual(new Set([0, 1, 2]));
  for (const { parent, level } of categories) {
    expect(parent === null ? 0 : (byId.get(parent)?.level ?? NaN) + 1).toBe(level);
  }
});

test('every product stands in a category of the lowest level, under its name', () => {
  const catalog = demoCatalog(1200, 1, NOON_MS);
  const lowest = catalog.categories.filter(({ level }) => level === 2);
  const shelves = lowest.map(({ id, name }) => `${id} ${name}`);
  const stood = catalog.products().flatMap(({ category }) => category ?? []);
  const used = new Set(stood.map(({ id, name }) => `${id} ${name}`));
  expect([...used].toSorted()).toEqual(shelves.toSorted());
});

test('a change brings its products to the front, and a removal takes them away', () => {
  const catalog = demoCatalog(200, 1, NOON_MS);
  const before = new Map(catalog.products().map((product) => [product.id, product]));
  const done = catalog.change({ changed: 5, added: 2, removed: 3 }, NOON_MS);
  expect([done.changed, done.added, done.removed].map(({ length }) => length)).toEqual([5, 2, 3]);
  expect(done.added).toEqual([201, 202]);
  const after = catalog.products();
  expect(after).toHaveLength(199);
  const front = after.slice(0, 7).map(({ id }) => id);
  expect(new Set(front)).toEqual(new Set([...done.changed, ...done.added]));
  for (const id of done.removed) expect(catalog.product(id)).toBeUndefined();
  for (const id of done.changed) {
    expect(catalog.product(id)?.sellingCents).toBeGreaterThan(before.get(id)?.sellingCents ?? NaN);
  }
});

test('removing more products than there are leaves an empty catalogue', () => {
  const catalog = demoCatalog(3, 1, NOON_MS);
  catalog.change({ changed: 0, added: 0, removed: 100 }, NOON_MS);
  expect(catalog.products()).toEqual([]);
  expect(catalog.change({ changed: 5, added: 0, removed: 0 }, NOON_MS).changed).toEqual([]);
});

test.each([
  ['Œufs plein air x6', 'oeufs-plein-air-x6'],
  ["Huile d'olive (1 L)", 'huile-d-olive-1-l'],
  ['Crème brûlée à l’ancienne', 'creme-brulee-a-l-ancienne'],
])('the slug of %s is %s', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});
