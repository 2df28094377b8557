import type { Json, JsonObject } from '../core/json.ts';
import { recordId, type RecordId } from '../core/record-id.ts';
import type { ProductWire } from './product-wire.ts';

/** What upstream sends and no public form shows, by the names that it has there; null when there is none.
 *  @param overridden what it says of specifications besides */
export function spareOf(
  wire: ProductWire,
  id: RecordId,
  overridden: Readonly<Record<string, Json>>,
): JsonObject | null {
  const { barcodes, category, category_name, delivery_methods, image, images } = wire;
  const isOtherName =
    category !== null && category.name !== null && category.name !== category_name;
  const isOtherImage = images !== null && images.length > 0 && image !== null;
  const spare: Record<string, Json | undefined> = { ...wire.unknown };
  if (isOtherName && category_name !== null) spare['category_name'] = category_name;
  if (isOtherImage && !images.includes(image)) spare['image_url'] = image;
  const ofEach = {
    barcodes: barcodes?.map(({ unknown }) => withoutOwner(unknown, wire, id)),
    delivery_methods: delivery_methods?.map(({ unknown }) => unknown ?? {}),
  };
  for (const [name, unknown] of Object.entries(ofEach)) {
    const isAny = unknown?.some((one) => Object.keys(one).length > 0);
    if (isAny === true) spare[name] = unknown;
  }
  Object.assign(spare, overridden);
  return Object.keys(spare).length === 0 ? null : spare;
}

/** A barcode repeats what its product says of itself. */
function withoutOwner(unknown: JsonObject | null, wire: ProductWire, id: RecordId): JsonObject {
  const { title, sku, brand, category, category_name } = wire;
  const said: JsonObject = {
    product_name: title,
    product_cug: sku,
    product_brand: brand,
    product_category: category?.name ?? category_name,
  };
  const others = Object.entries(unknown ?? {}).filter(([name, value]) =>
    name === 'product' ? recordId(value) !== id : said[name] !== value,
  );
  return Object.fromEntries(others);
}
