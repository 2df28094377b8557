import type { JsonObject } from '../core/json.ts';
import { publicId } from '../core/record-id.ts';
import type { StoredRecord, View, ViewContext } from '../core/resource.ts';
import { categoryIndex, parentOf } from './category-index.ts';
import type { ProductBody } from './product-record.ts';
import { promotionChangesAtMs, promotionView } from './promotions.ts';

/** A product's public forms: its promotion as of now, its category as the catalogue knows it now. */
export const productsView: Partial<View<ProductBody>> = {
  inList,
  listed: ({ is_available, category, promotion }) => ({ is_available, category, promotion }),
  parts: { fixed, live },
  searched,
  single: (record, context) => ({ ...inList(record, context), ...record.body.extra }),
  isAvailable: ({ is_available }) => is_available,
  changesAtMs: ({ promotion }, nowMs) => promotionChangesAtMs(promotion, nowMs),
  categoryOf: ({ body: { category } }) => category?.id ?? null,
};

/** Also the barcode that the supplier made up: a product may have no other. */
function searched({ title, sku, barcodes, extra }: ProductBody): readonly (string | null)[] {
  const { generated_ean: generated } = extra;
  const own = typeof generated === 'string' ? generated : null;
  return [title, sku, own, ...barcodes.map(({ ean }) => ean)];
}

function inList(record: StoredRecord<ProductBody>, context: ViewContext): JsonObject {
  const { id, source, body } = record;
  return { id: publicId(id), source, ...fixed(body), ...live(record, context) };
}

function fixed(body: ProductBody): JsonObject {
  const { promotion: _live, category: _joined, extra: _single, private: _secret, ...shown } = body;
  const { title, slug, sku, description, price, ...others } = shown;
  return { title, slug, sku, description, price, image_url: others.images[0] ?? null, ...others };
}

function live(
  { body, syncedAt }: Pick<StoredRecord<ProductBody>, 'body' | 'syncedAt'>,
  context: ViewContext,
): JsonObject {
  return {
    ...promotionView(body.promotion, context.nowMs),
    category: categoryView(body.category, context),
    synced_at: syncedAt,
  };
}

/** A category that is not in the catalogue (yet) keeps its id and the name that the product gives. */
function categoryView(category: ProductBody['category'], context: ViewContext): JsonObject | null {
  if (category === null) return null;
  const known = categoryIndex(context.related('categories')).byId.get(category.id);
  const parent = known === undefined ? null : parentOf(known);
  return {
    id: publicId(category.id),
    name: known?.body['name'] ?? category.name,
    slug: known?.body['slug'] ?? null,
    parent: parent === null ? null : publicId(parent),
  };
}
