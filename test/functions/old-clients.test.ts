import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { aCategory, aProduct } from '../support/supplier-records.ts';
import { shop } from '../support/shop.ts';

/** What an old client reads of each record, with the types it relies on. Prices: text or a number. */
const amount = z.union([z.string(), z.number()]).nullable();
const category = z.object({
  id: z.number(),
  name: z.string(),
  slug: z.string(),
  parent: z.number().nullable(),
});
const product = z.object({
  id: z.number(),
  title: z.string(),
  slug: z.string(),
  price: amount,
  discount_price: amount,
  promo_price: amount,
  has_promotion: z.boolean(),
  discount_percent: z.number().nullable(),
  promotion_start_date: z.string().nullable(),
  promotion_end_date: z.string().nullable(),
  category: category.nullable(),
  brand: z.string().nullable(),
  image_url: z.string().nullable(),
  images: z.array(z.string()),
  is_available: z.boolean(),
  is_salam: z.boolean(),
  stock: z.number(),
  specifications: z.looseObject({
    sold_by_weight: z.boolean().optional(),
    price_per_kg: amount.optional(),
    available_weight_kg: z.number().optional(),
  }),
  delivery_methods: z.array(z.unknown()),
  created_at: z.string().nullable(),
});
const child = category.extend({
  image: z.string().nullable(),
  image_url: z.string().nullable(),
  description: z.string().nullable(),
  is_main: z.boolean(),
  order: z.number(),
  product_count: z.number(),
  rayon_type: z.string().nullable(),
  level: z.number(),
  children: z.tuple([]),
});
const parent = child.extend({ children: z.array(child) });
const envelope = <Shape extends z.ZodType>(shape: Shape) =>
  z.object({ count: z.number(), results: z.array(shape).min(1) });

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));

test.each([
  ['products', 'shop-products-synced.json', envelope(product)],
  ['categories', 'shop-categories-synced.json', envelope(parent)],
])('a client of the old %s reads both the old answer and ours', async (name, file, shape) => {
  expect(() => shape.parse(fixture(file))).not.toThrow();
  const open = shop({
    products: [aProduct(1), aProduct(2, { sale_unit_type: 'weight', weight_unit: 'kg' })],
    categories: [aCategory(2), aCategory(3, { parent: 2 })],
  });
  await open.sync();
  const { json } = await open.get(`/api/inventory/${name}/synced/`);
  const read = shape.parse(json);
  expect(read.count).toBe(2);
  expect(read.results).toHaveLength(2);
});
