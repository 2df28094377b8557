import { slugOf } from './slug.ts';
import type { DemoProduct } from './products.ts';

/** JSON as the supplier sends it. */
export type Wire = Readonly<Record<string, unknown>>;

const THRESHOLD_MILLI = 5000;
const UNIT_NAMES = { piece: 'unité(s)', kg: 'kg', g: 'g' } as const;

const iso = (atMs: number): string => new Date(atMs).toISOString().replace('Z', '000Z');
const money = (cents: number): string => (cents / 100).toFixed(2);
const quantity = (milli: number): string => (milli / 1000).toFixed(3);
const pictureOf = ({ id, hasPicture }: DemoProduct, origin: string): string | null =>
  hasPicture ? `${origin}/media/products/p${id}.svg` : null;

/** Names of the category and the brand are left out where there is none, as the real one does. */
const namesOf = ({ category, brand }: DemoProduct): Wire => ({
  ...(category && { category_name: category.name }),
  ...(brand && { brand_name: brand.name }),
});

const saleOf = ({ soldBy }: DemoProduct): Wire => ({
  sale_unit_type: soldBy === 'piece' ? 'quantity' : 'weight',
  weight_unit: soldBy === 'piece' ? null : soldBy,
});

/** A product as one of a list: no slug, description, category id or dates. */
export function productInList(product: DemoProduct, origin: string): Wire {
  const { quantityMilli, sellingCents, purchaseCents } = product;
  return {
    id: product.id,
    name: product.name,
    cug: cugOf(product),
    generated_ean: product.generatedEan,
    purchase_price: money(purchaseCents),
    selling_price: money(sellingCents),
    quantity: quantity(quantityMilli),
    formatted_quantity: String(quantityMilli / 1000),
    unit_display: UNIT_NAMES[product.soldBy],
    ...saleOf(product),
    alert_threshold: quantity(THRESHOLD_MILLI),
    ...namesOf(product),
    is_active: product.isActive,
    stock_status: stockStatusOf(quantityMilli),
    margin_rate: Math.round((sellingCents / purchaseCents - 1) * 1000) / 10,
    image_url: pictureOf(product, origin),
    primary_barcode: product.eans[0] ?? null,
    has_backorder: quantityMilli < 0,
    backorder_quantity: Math.max(0, -quantityMilli / 1000),
  };
}

/** A product's own page: it drops what only the list has. */
export function productDetail(product: DemoProduct, origin: string): Wire {
  return {
    id: product.id,
    name: product.name,
    slug: slugOf(product.name),
    cug: cugOf(product),
    generated_ean: product.generatedEan,
    description: product.description,
    ...saleOf(product),
    purchase_price: money(product.purchaseCents),
    selling_price: money(product.sellingCents),
    quantity: quantity(product.quantityMilli),
    formatted_quantity: String(product.quantityMilli / 1000),
    alert_threshold: quantity(THRESHOLD_MILLI),
    stock_updated_at: iso(product.updatedAtMs),
    is_active: product.isActive,
    created_at: iso(product.createdAtMs),
    updated_at: iso(product.updatedAtMs),
    category: product.category,
    brand: product.brand,
    ...namesOf(product),
    barcodes: product.eans.map((_, index) => barcode(product, index)),
    image_url: pictureOf(product, origin),
    unit_display: UNIT_NAMES[product.soldBy],
    ...promotionOf(product),
  };
}

const cugOf = ({ id }: DemoProduct): string => String(10_000 + id);

function stockStatusOf(quantityMilli: number): string {
  if (quantityMilli < 0) return 'backorder';
  if (quantityMilli === 0) return 'out_of_stock';
  return quantityMilli <= THRESHOLD_MILLI ? 'low_stock' : 'in_stock';
}

function barcode(product: DemoProduct, index: number): Wire {
  return {
    id: product.id * 2 + index,
    ean: product.eans[index],
    is_primary: index === 0,
    notes: null,
    added_at: iso(product.createdAtMs),
    updated_at: iso(product.createdAtMs),
    product: product.id,
    product_name: product.name,
    product_cug: cugOf(product),
    product_category: product.category?.name ?? null,
    product_brand: product.brand?.name ?? null,
  };
}

/** Only products that have, had or will have a promotion carry its fields. */
function promotionOf({ promotion, sellingCents }: DemoProduct): Wire {
  if (promotion === null) return {};
  return {
    has_promotion: true,
    promo_price: money(Math.floor(sellingCents * (1 - promotion.percent / 100))),
    discount_percent: promotion.percent.toFixed(2),
    promotion_start_date: iso(promotion.startsAtMs),
    promotion_end_date: iso(promotion.endsAtMs),
  };
}
