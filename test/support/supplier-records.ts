import type { JsonObject } from '../../shared/core/json.ts';

const ONLY_IN_DETAIL = new Set([
  'slug',
  'description',
  'stock_updated_at',
  'created_at',
  'updated_at',
  'category',
  'brand',
  'barcodes',
]);
const ONLY_IN_LIST = new Set([
  'stock_status',
  'margin_rate',
  'primary_barcode',
  'has_backorder',
  'backorder_quantity',
]);

/** A product with all that a supplier knows of it; the supplier shows a part in lists, another in
 *  details. An override of undefined takes the field away. */
export function aProduct(id: number, overrides: JsonObject = {}): JsonObject {
  const ean = `6${String(id).padStart(12, '0')}`;
  const rayon = (id % 20) + 1;
  return {
    id,
    name: `Produit ${id}`,
    slug: `produit-${id}`,
    cug: String(10_000 + id),
    generated_ean: `2${String(id).padStart(12, '0')}`,
    description: `Description du produit ${id}`,
    sale_unit_type: 'quantity',
    weight_unit: null,
    purchase_price: `${800 + id}.00`,
    selling_price: `${1000 + id}.00`,
    quantity: `${(id % 40) + 1}.000`,
    formatted_quantity: String((id % 40) + 1),
    alert_threshold: '5.000',
    stock_updated_at: '2026-11-22T11:16:03.967849Z',
    is_active: true,
    created_at: '2026-11-22T11:16:03.967880Z',
    updated_at: '2026-11-22T11:16:03.967887Z',
    category: { id: rayon, name: `Rayon ${rayon}` },
    category_name: `Rayon ${rayon}`,
    brand: { id: 1, name: 'Marque 1' },
    brand_name: 'Marque 1',
    barcodes: [{ id, ean, is_primary: true, notes: null, product: id }],
    image_url: null,
    unit_display: 'unité(s)',
    stock_status: 'in_stock',
    margin_rate: 18.2,
    primary_barcode: ean,
    has_backorder: false,
    backorder_quantity: 0,
    ...overrides,
  };
}

/** A category, in a list as in detail; a root unless `overrides` names its parent. */
export function aCategory(id: number, overrides: JsonObject = {}): JsonObject {
  const isRoot = (overrides['parent'] ?? null) === null;
  return {
    id,
    name: `Rayon ${id}`,
    slug: `rayon-${id}`,
    description: null,
    image: null,
    level: isRoot ? 0 : 1,
    order: id,
    is_active: true,
    created_at: '2026-11-22T11:16:03.731907Z',
    updated_at: '2026-11-22T11:16:03.731954Z',
    is_global: true,
    is_rayon: isRoot,
    rayon_type: isRoot ? 'epicerie' : null,
    parent: null,
    site_configuration: null,
    can_edit: true,
    can_delete: true,
    ...overrides,
  };
}

/** Products `first` to `last`, newest id first, as suppliers list them. */
export function products(first: number, last: number): JsonObject[] {
  return Array.from({ length: last - first + 1 }, (_, index) => aProduct(last - index));
}

export function inList(product: JsonObject): JsonObject {
  return without(product, ONLY_IN_DETAIL);
}

export function inDetail(product: JsonObject): JsonObject {
  return without(product, ONLY_IN_LIST);
}

function without(record: JsonObject, names: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.has(name)));
}
