import { describe, expect, test } from 'vitest';
import { isJsonObject, type JsonObject } from '../../shared/core/json.ts';
import type { Resource } from '../../shared/core/resource.ts';
import { categories } from '../../shared/resources/categories.ts';
import { products } from '../../shared/resources/products.ts';
import { contextOf, fixture, fixtureList, reasonOf, snapshotOf, stored } from './catalog.ts';

const { view }: Resource = products;

const one = (fields: JsonObject): JsonObject =>
  view.single(stored(products, { id: 7, name: 'Riz', ...fields }), contextOf({}));

describe('the first present and usable name wins', () => {
  test.each([
    ['title', { name: '', title: 'Sucre' }, 'Sucre'],
    ['sku', { cug: null, sku: ' A1 ', code: 'B' }, 'A1'],
    ['sku', { code: 10300 }, '10300'],
    ['price', { selling_price: '', price: '12,5', unit_price: '9' }, '12.50'],
    ['price', { selling_price: 'sur demande', unit_price: 1300 }, '1300'],
    ['price', {}, null],
    ['price', { selling_price: '0,500' }, '0.50'],
    ['price', { selling_price: '0,015' }, '0.015'],
    ['stock', { quantity: null, stock: '12.000' }, 12],
    ['stock', { available_quantity: '12,5' }, 12.5],
    ['stock', {}, null],
    ['is_available', { is_available_b2c: null, is_active: false }, false],
    ['is_available', { is_available: 'oui', is_active: false }, true],
    ['is_available', {}, true],
    ['is_salam', { made_to_order: 1 }, true],
    ['brand', { brand: 'Marque 1', brand_name: 'Marque 2' }, 'Marque 1'],
    ['brand', { brand: { id: 4, name: 'Marque 3' } }, 'Marque 3'],
    ['brand', { brand: null, manufacturer: 'Usine' }, 'Usine'],
    ['brand', { brand: {}, brand_name: 'Marque 2' }, 'Marque 2'],
    ['description', { description: null, description_text: 'Long' }, 'Long'],
    ['dimensions', { size: '10x20' }, '10x20'],
    ['weight', { weight: '500 g' }, 0.5],
    ['weight', { weight: '1,250' }, 1.25],
    ['tags', { tags: ['bio', { name: 'sec' }, 'bio'] }, ['bio', 'sec']],
    ['tags', { tags: 'bio, sec' }, ['bio', 'sec']],
  ])('%s of %j is %j', (field, fields, expected) => {
    expect(one({ name: null, title: 'Riz', ...fields })[field]).toEqual(expected);
  });
});

describe('a category', () => {
  test.each([
    [{ category: { id: 11, name: 'Sous 6' } }, 11, 'Sous 6'],
    [{ category: 11, category_name: 'Sous 6' }, 11, 'Sous 6'],
    [{ category: '11' }, 11, null],
    [{ category: null, category_id: 'fruits' }, 'fruits', null],
    [{ category: { id: null }, category_id: 3 }, 3, null],
  ])('of %j keeps its id and name while it is unknown', (fields, id, name) => {
    expect(one(fields)['category']).toEqual({ id, name, slug: null, parent: null });
  });

  test('without an id is none, and its name stays with the single product', () => {
    const product = one({ category: null, category_name: 'Sous 6' });
    expect([product['category'], product['category_name']]).toEqual([null, 'Sous 6']);
  });
});

const imagesOf = (fields: JsonObject) => [one(fields)['image_url'], one(fields)['images']];

describe('images', () => {
  test('of a list come each once, processed ones first, in their order', () => {
    const images = ['https://a/1', { image: 'https://a/processed/2' }, { url: 'https://a/3' }];
    const more = [{ image_url: 'https://a/processed/4' }, 'https://a/1', null];
    const expected = [
      'https://a/processed/2',
      'https://a/processed/4',
      'https://a/1',
      'https://a/3',
    ];
    expect(imagesOf({ images: [...images, ...more] })).toEqual([expected[0], expected]);
  });

  test.each(['image_url', 'image', 'main_image', 'photo'])('fall back on %s', (name) => {
    const fields = { images: [], gallery: [{}], [name]: '/media/p.jpg' };
    expect(imagesOf(fields)).toEqual(['/media/p.jpg', ['/media/p.jpg']]);
  });

  test('of a scheme that a page must not load are left out', () => {
    expect(imagesOf({ images: ['javascript:alert(1)', 'data:image/png;base64,AA'] })).toEqual([
      null,
      [],
    ]);
  });
});

const weighed = (fields: JsonObject) => one({ selling_price: '1020', quantity: '20.5', ...fields });

describe('a product sold by weight', () => {
  test.each([
    { sold_by_weight: true },
    { by_weight: '1' },
    { sale_unit_type: 'Weight' },
    { unit_type: 'KG' },
    { selling_unit: 'Poids' },
    { sale_unit_type: null, unit_type: 'kilogram' },
  ])('is known by %j', (fields) => {
    expect(weighed(fields)['specifications']).toMatchObject({
      sold_by_weight: true,
      unit_type: 'weight',
      price_per_kg: '1020',
      price_per_g: '1.02',
      available_weight_kg: 20.5,
    });
  });

  test.each([{}, { sale_unit_type: null }, { unit_type: null, selling_unit: 'carton' }])(
    'is not known by %j',
    (fields) => {
      expect(weighed(fields)['specifications']).toMatchObject({ sold_by_weight: false });
    },
  );

  test('in grams is converted to kilograms without a float', () => {
    const fields = { sale_unit_type: 'weight', weight_unit: 'g', selling_price: '1.1001' };
    const product = weighed({ ...fields, quantity: '20500.5' });
    expect(product['specifications']).toMatchObject({
      price_per_g: '1.1001',
      price_per_kg: '1100.10',
      available_weight_kg: 20.5005,
    });
    expect([product['price'], product['stock']]).toEqual(['1.1001', 20500]);
  });

  test('has a whole stock beside its exact weight', () => {
    expect(weighed({ by_weight: true, quantity: '0.400' })).toMatchObject({
      stock: 0,
      is_salam: false,
      specifications: { available_weight_kg: 0.4 },
    });
  });

  test.each(['-2.000', '0', null])('is made to order when its stock is %j', (quantity) => {
    expect(weighed({ by_weight: true, is_salam: false, quantity })['is_salam']).toBe(true);
    expect(weighed({ quantity })['is_salam']).toBe(false);
  });

  test('in another unit is rejected', () => {
    const wire = { id: 1, name: 'x', by_weight: true, weight_unit: 'lb' };
    expect(reasonOf(products, wire)).toMatch(/^weight_unit: lb/);
  });
});

describe('a record is rejected, with the field that is wrong,', () => {
  test.each([
    [{ id: null }, /^id:/],
    [{ id: 2 ** 53 }, /^id:/],
    [{ id: 1.5 }, /^id:/],
    [{ name: ' ' }, /^title: missing/],
    [{ name: { fr: 'Riz' } }, /^title: name/],
    [{ selling_price: 'abc' }, /^price: selling_price/],
    [{ selling_price: '-5.00' }, /selling_price is negative/],
    [{ selling_price: '1,234' }, /selling_price/],
    [{ selling_price: Infinity }, /selling_price/],
    [{ purchase_price: 'x' }, /purchase_price/],
    [{ quantity: '?' }, /quantity/],
    [{ quantity: 2 ** 60 }, /quantity/],
    [{ is_active: 'maybe' }, /is_active/],
    [{ category: 1.5 }, /category/],
    [{ images: 42 }, /images/],
    [{ images: ['https://a/1', 42] }, /images/],
    [{ barcodes: 'x' }, /barcodes/],
    [{ delivery_methods: [null] }, /delivery_methods\.0\.name missing/],
    [
      { delivery_methods: [{ id: 1, name: 'Moto', base_price: '?' }] },
      /delivery_methods\.0\.base_price/,
    ],
    [{ promotion_end_date: 'bientôt' }, /promotion_end_date/],
    [{ dimensions: { width: Infinity } }, /dimensions/],
    [{ anything: Infinity }, /anything/],
  ])('for %j', (fields, reason) => {
    expect(reasonOf(products, { id: 7, name: 'Riz', ...fields })).toMatch(reason);
  });

  test.each(['anything', 'specifications', 'category', 'images', 'name', 'barcodes'])(
    'for 5,000 levels in %s, without running out of stack',
    (field) => {
      const deep = JSON.parse(`${'{"a":['.repeat(2500)}${']}'.repeat(2500)}`);
      expect(reasonOf(products, { id: 7, name: 'Riz', [field]: deep })).toContain(field);
    },
  );
});

const validated = (wire: JsonObject): string => JSON.stringify(products.validate(wire));

describe('a product’s stored body', () => {
  test('is the same text whatever order upstream’s keys come in', () => {
    const wire = { ...fixture('upstream-product-by-weight'), zz: { b: 1, a: [{ d: 1, c: 2 }] } };
    const more = { specifications: { poids: 1, origine: 'Mali' }, dimensions: { h: 1, b: 2 } };
    const forwards = { ...wire, ...more };
    const backwards = Object.fromEntries(
      Object.entries({
        ...forwards,
        zz: { a: [{ c: 2, d: 1 }], b: 1 },
        specifications: { origine: 'Mali', poids: 1 },
        dimensions: { b: 2, h: 1 },
      }).toReversed(),
    );
    expect(validated(backwards)).toBe(validated(forwards));
  });

  test('of a typical product stays under 1,100 bytes', () => {
    const detail = fixture('upstream-product-by-weight');
    for (const entry of fixtureList('upstream-products-page-1')) {
      const { body } = stored(products, { ...entry, ...detail });
      expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThanOrEqual(1100);
    }
  });

  test('keeps the shop’s secrets and unknown fields apart, and no view shows them', () => {
    const wire = {
      id: 7,
      name: 'Riz',
      purchase_price: '820.00',
      margin_rate: 18.2,
      b: 'secret',
      a: 1,
    };
    const record = stored(products, wire);
    expect(record.body['private']).toEqual({
      purchase_price: '820',
      margin_rate: 18.2,
      other: { a: 1, b: 'secret' },
    });
    for (const shown of [one(wire), view.inList(record, contextOf({}))]) {
      expect(JSON.stringify(shown)).not.toMatch(/820|18\.2|secret|private/);
    }
  });

  const kept = (fields: JsonObject): unknown =>
    isJsonObject(privateOf(fields)) ? Object(privateOf(fields))['other'] : undefined;
  const privateOf = (fields: JsonObject) =>
    stored(products, { id: 7, name: 'Riz', ...fields }).body['private'];

  test.each([
    [{ brand: 'Marque', manufacturer: 'Usine SA' }, { manufacturer: 'Usine SA' }],
    [{ brand: { id: 1, name: 'Marque' }, brand_name: 'Marque' }, undefined],
    [{ selling_price: '100.00', price: 100, unit_price: '12.5' }, { unit_price: '12.5' }],
    [{ selling_price: '100', price: 'on request' }, { price: 'on request' }],
    [{ discount_price: '90', sale_price: 0 }, undefined],
    [{ is_available_b2c: false, is_active: true, available: 1 }, { available: 1 }],
    [{ category: { id: 2, name: 'Sec' }, category_id: '2' }, undefined],
    [{ category: { id: 2, name: 'Sec' }, category_id: 3 }, { category_id: 3 }],
    [{ category: { id: 2, name: 'Sec' }, category_name: 'Sec' }, undefined],
    [
      { category: { id: 2, name: 'Sec' }, category_name: 'Épicerie' },
      { category_name: 'Épicerie' },
    ],
    [{ images: ['https://a/1'], image_url: 'https://a/1' }, undefined],
    [{ images: ['https://a/1'], image_url: 'https://a/2' }, { image_url: 'https://a/2' }],
    [
      { barcodes: [{ id: 4, ean: '1', product: 7, added_at: '2026-01-01' }] },
      { barcodes: [{ added_at: '2026-01-01' }] },
    ],
    [{ barcodes: [{ id: 4, ean: '1', product: 7, product_name: 'Riz' }, '2'] }, undefined],
    [
      { barcodes: [{ ean: '1', product: 8, product_name: 'Blé' }] },
      { barcodes: [{ product: 8, product_name: 'Blé' }] },
    ],
    [
      { delivery_methods: [{ name: 'Moto', zones: ['A'] }, { name: 'Retrait' }] },
      { delivery_methods: [{ zones: ['A'] }, {}] },
    ],
    [
      { specifications: { sold_by_weight: 'perhaps', origine: 'Mali' } },
      { specifications: { sold_by_weight: 'perhaps' } },
    ],
    [
      {
        specifications: { couleur: 'rouge' },
        attributes: { couleur: 'bleu', taille: 'M' },
        features: [{ name: 'taille', value: 'L' }],
      },
      { features: { taille: 'L' }, attributes: { couleur: 'bleu' } },
    ],
    [{ specifications: { a: 1 }, attributes: { a: 1 } }, undefined],
    [
      { specifications: [{ id: 3, name: 'Couleur', value: 'Rouge', cost: '3.10' }] },
      { specifications: [{ id: 3, name: 'Couleur', value: 'Rouge', cost: '3.10' }] },
    ],
  ])('keeps of %j what the public form leaves out: %j', (fields, other) => {
    expect(kept(fields)).toEqual(other);
    const text = JSON.stringify(products.validate({ id: 7, name: 'Riz', ...fields }));
    const backwards = Object.fromEntries(
      Object.entries({ ...fields, name: 'Riz', id: 7 }).toReversed(),
    );
    expect(JSON.stringify(products.validate(backwards))).toBe(text);
  });

  test('has no private part when there is nothing in it', () => {
    expect(stored(products, { id: 7, name: 'Riz' }).body).not.toHaveProperty('private');
  });

  test('is not reached by a `__proto__` key, wherever it stands', () => {
    const evil = '{"__proto__":{"polluted":true},"a":1}';
    const wire = JSON.parse(
      `{"id":7,"name":"Riz","__proto__":{"title":"x"},"dimensions":${evil},"x":${evil}}`,
    );
    const { body } = stored(products, wire);
    expect(JSON.stringify(body)).not.toMatch(/__proto__|polluted/);
    expect(body).toMatchObject({
      title: 'Riz',
      dimensions: { a: 1 },
      private: { other: { x: { a: 1 } } },
    });
    expect(Object.assign({}, body['dimensions'])).not.toHaveProperty('polluted');
  });
});

describe('a product’s single form', () => {
  test('notes that a negative stock counts as 0', () => {
    expect(one({ quantity: '-2.000' })).toMatchObject({
      stock: 0,
      notes: ['stock -2 counts as 0'],
    });
    expect(one({ quantity: '2.000' })).not.toHaveProperty('notes');
  });

  test('leaves out an upstream time that is none, and says so', () => {
    const product = one({ created_at: '22/11/2026', updated_at: '2026-11-22T12:00:00+01:00' });
    expect(product['created_at']).toBeNull();
    expect(product['updated_at']).toBe('2026-11-22T11:00:00.000Z');
    expect(product['notes']).toEqual([expect.stringContaining('created_at')]);
  });

  test('shows fields that a list leaves out', () => {
    const wire = { id: 7, name: 'Riz', stock_status: 'low_stock', has_backorder: false };
    expect(one(wire)).toMatchObject({ stock_status: 'low_stock', has_backorder: false });
    const listed = view.inList(stored(products, wire), contextOf({}));
    expect(listed).not.toHaveProperty('stock_status');
  });

  test('has a slug of title and id when upstream gives none, the same at each sync', () => {
    const slugs = [one({ name: ' Épices & thé ' })['slug'], one({ name: 'Épices & thé' })['slug']];
    expect(slugs).toEqual(['epices-the-7', 'epices-the-7']);
    expect(one({ name: '米' })['slug']).toBe('7');
    expect(one({ slug: 'riz-long' })['slug']).toBe('riz-long');
  });

  test('reads specifications from objects, pairs and plain lists, and its own win', () => {
    const product = one({
      specifications: { origine: 'Mali', sold_by_weight: 'perhaps' },
      attributes: [{ name: 'Couleur', value: 'Blanc' }],
      features: ['bio'],
    });
    expect(product['specifications']).toEqual({
      sold_by_weight: false,
      unit_type: 'quantity',
      Couleur: 'Blanc',
      features: ['bio'],
      origine: 'Mali',
    });
  });

  test.each([
    [
      [
        { name: 'Allergène', value: 'Lait' },
        { name: 'Allergène', value: 'Soja' },
      ],
    ],
    [[{ name: 'Poids net', unit: 'g', value: 250 }]],
    [[{ name: 'Poids net', value: 250 }, 'bio']],
  ])('has specifications that no object can hold as they are sent: %j', (specifications) => {
    expect(one({ specifications })['specifications']).toEqual({
      sold_by_weight: false,
      unit_type: 'quantity',
      specifications,
    });
  });

  test('has the names and values of specifications of which more is said, and no more', () => {
    const specifications = [{ id: 3, name: 'Couleur', value: 'Rouge', cost: '3.10' }];
    expect(one({ specifications })['specifications']).toEqual({
      sold_by_weight: false,
      unit_type: 'quantity',
      Couleur: 'Rouge',
    });
  });

  test('has delivery methods in their order, their money as text', () => {
    const sent = [
      { id: 2, name: 'Moto', base_price: 1500.5, order: 2 },
      {
        id: 1,
        name: 'Retrait',
        slug: 'retrait',
        effective_price: '0.00',
        order: 1,
        site_configuration: 3,
      },
    ];
    const blank = { slug: null, description: null, base_price: null, effective_price: null };
    const rest = { override_price: null, site_configuration: null };
    expect(one({ shipping_methods: sent })['delivery_methods']).toEqual([
      {
        ...blank,
        ...rest,
        id: 1,
        name: 'Retrait',
        slug: 'retrait',
        effective_price: '0',
        order: 1,
        site_configuration: 3,
      },
      { ...blank, ...rest, id: 2, name: 'Moto', base_price: '1500.50', order: 2 },
    ]);
  });

  test('joins its category from the catalogue of the moment', () => {
    const known = snapshotOf(categories, [{ id: 11, name: 'Épices', slug: 'epices', parent: 2 }]);
    const record = stored(products, { id: 7, name: 'Riz', category: { id: '11', name: 'Old' } });
    const shown = view.inList(record, contextOf({ categories: known }));
    expect(shown['category']).toEqual({ id: 11, name: 'Épices', slug: 'epices', parent: 2 });
    expect(view.categoryOf(record)).toBe('11');
  });
});
