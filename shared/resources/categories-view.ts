import type { JsonObject } from '../core/json.ts';
import { publicId, type RecordId } from '../core/record-id.ts';
import type { Resource, StoredRecord, View, ViewContext } from '../core/resource.ts';
import { categoryIndex, parentOf } from './category-index.ts';
import type { CategoryBody } from './category-record.ts';
import { memoised } from './memoised.ts';
import { products } from './products.ts';

const { view: productView }: Resource = products;

/** A category's public forms: with its children, one level of them, and how many products it has. */
export const categoriesView: Partial<View<CategoryBody>> = {
  inList: withChildren,
  listed: ({ extra: _single, private: _secret, ...shown }) => shown,
  single: (record, context) => ({ ...withChildren(record, context), ...record.body.extra }),
  // Filtered by a category, the list has that one and all below it.
  categoryOf: ({ id }) => id,
};

function withChildren(record: StoredRecord, context: ViewContext): JsonObject {
  const { childrenOf } = categoryIndex(context.related('categories'));
  const children = childrenOf.get(record.id) ?? [];
  return categoryFields(
    record,
    context,
    children.map((child) => categoryFields(child, context, [])),
  );
}

/** A category's public fields, around the children that are given. */
export function categoryFields(
  record: StoredRecord,
  context: ViewContext,
  children: readonly JsonObject[],
): JsonObject {
  const { byId, cyclic, depthOf } = categoryIndex(context.related('categories'));
  const {
    name,
    slug,
    description,
    image_url,
    extra: _single,
    private: _secret,
    ...others
  } = record.body;
  const parent = parentOf(record);
  return {
    id: publicId(record.id),
    source: record.source,
    name,
    slug,
    description,
    ...others,
    parent: parent === null ? null : publicId(parent),
    parent_missing: parent !== null && !byId.has(parent),
    in_cycle: cyclic.has(record.id),
    children,
    image_url,
    image: image_url,
    is_main: parent === null,
    level: others['level'] ?? depthOf.get(record.id) ?? null,
    product_count: productCounts(context.related('products')).get(record.id) ?? 0,
    synced_at: record.syncedAt,
  };
}

/** How many available products are in each category itself, its descendants' not counted. */
const productCounts = memoised(({ records }) => {
  const counts = new Map<RecordId, number>();
  for (const product of records) {
    const category = productView.categoryOf(product);
    if (category === null || !productView.isAvailable(product.body)) continue;
    counts.set(category, (counts.get(category) ?? 0) + 1);
  }
  return counts;
});
