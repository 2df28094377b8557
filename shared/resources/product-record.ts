import type { Json, JsonObject } from '../core/json.ts';
import type { RecordId } from '../core/record-id.ts';
import { privatePart, type PrivateFields } from './private-fields.ts';
import { extraOf, timesOf } from './product-extra.ts';
import { spareOf } from './product-spare.ts';
import type { ProductWire } from './product-wire.ts';
import { promotionOf, type Promotion } from './promotions.ts';
import { slugOf } from './slug.ts';
import { freeFormsOf, isSoldByWeight, overriddenIn, specificationsOf } from './specifications.ts';
import type { Barcode, DeliveryMethod } from './sublists.ts';

/** A product as it is stored, in this order of fields. Money is decimal text. */
export type ProductBody = {
  readonly title: string;
  readonly slug: string;
  readonly sku: string | null;
  readonly description: string | null;
  readonly price: string | null;
  readonly promotion: Promotion | null;
  readonly category: { readonly id: RecordId; readonly name: string | null } | null;
  readonly brand: string | null;
  readonly images: readonly string[];
  readonly barcodes: readonly Barcode[];
  readonly is_available: boolean;
  /** Made to order. */
  readonly is_salam: boolean;
  /** In upstream's unit, never negative; null when upstream does not say. */
  readonly stock: number | null;
  readonly weight: number | null;
  readonly dimensions: Json;
  readonly specifications: JsonObject;
  readonly delivery_methods: readonly DeliveryMethod[];
  readonly tags: readonly string[];
  /** Upstream's times, ISO 8601 UTC. */
  readonly created_at: string | null;
  readonly updated_at: string | null;
  /** What only the single product shows; absent fields are left out. */
  readonly extra: JsonObject;
  readonly private?: PrivateFields;
};

/** The stored form of what upstream sends.
 *  @throws Error naming the field when it is sold by an unknown unit of weight. */
export function productRecord(wire: ProductWire, id: RecordId): ProductBody {
  const times = timesOf(wire);
  const freeForms = freeFormsOf(wire);
  const specifications = specificationsOf(wire, freeForms);
  return {
    title: wire.title,
    slug: wire.slug ?? slugOf(wire.title, id),
    sku: wire.sku,
    description: wire.description,
    price: wire.price,
    promotion: promotionOf(wire),
    category: categoryOf(wire),
    brand: wire.brand,
    images: imagesOf(wire),
    barcodes: barcodesOf(wire),
    is_available: wire.is_available ?? true,
    is_salam: wire.is_salam === true || isOutOfWeight(wire),
    stock: stockOf(wire),
    weight: wire.weight,
    dimensions: wire.dimensions,
    specifications,
    delivery_methods: wire.delivery_methods?.map(known) ?? [],
    tags: wire.tags ?? [],
    created_at: times.created_at,
    updated_at: times.updated_at,
    extra: extraOf(wire, times),
    ...privatePart(
      { purchase_price: wire.purchase_price, margin_rate: wire.margin_rate },
      spareOf(wire, id, overriddenIn(specifications, freeForms)),
    ),
  };
}

function categoryOf({ category, category_name }: ProductWire): ProductBody['category'] {
  return category === null ? null : { id: category.id, name: category.name ?? category_name };
}

function imagesOf({ images, image }: ProductWire): readonly string[] {
  if (images !== null && images.length > 0) return images;
  return image === null ? [] : [image];
}

/** A list alone knows only the first barcode. */
function barcodesOf({ barcodes, primary_barcode }: ProductWire): readonly Barcode[] {
  if (barcodes !== null && barcodes.length > 0) return barcodes.map(known);
  if (primary_barcode === null) return [];
  return [{ id: null, ean: primary_barcode, is_primary: true, notes: null }];
}

const known = <Entry extends { readonly unknown: unknown }>({ unknown: _spare, ...entry }: Entry) =>
  entry;

const hasStock = ({ stock }: ProductWire): boolean => stock !== null && Number(stock) > 0;

/** What is sold by weight is made to order once there is none left. */
const isOutOfWeight = (wire: ProductWire): boolean => isSoldByWeight(wire) && !hasStock(wire);

/** Whole units of what is weighed (clients read an integer there); the exact weight is kept apart. */
function stockOf(wire: ProductWire): number | null {
  if (wire.stock === null) return null;
  const stock = Math.max(0, Number(wire.stock));
  return isSoldByWeight(wire) ? Math.floor(stock) : stock;
}
