import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { Resource } from '../core/resource.ts';
import { openCatalog, type KnownSync, type ReadPorts } from './catalog.ts';
import type { Freshness } from './freshness.ts';
import { categoryTree } from '../resources/category-tree.ts';
import { CATEGORIES } from './matching.ts';
import { listText } from './rendering.ts';

/** What the shop's home shows. */
export interface Home {
  /** As in the tree, in the shop's order. */
  readonly mainCategories: readonly JsonObject[];
  /** As in the list, newest id first. */
  readonly newestProducts: readonly JsonObject[];
  readonly freshness: Freshness;
}

/** The main categories, and the newest available products, at most `most`.
 *  @throws StoreUnavailableError */
export async function home(
  products: Resource,
  { sync, most }: { readonly sync: KnownSync; readonly most: number },
  ports: ReadPorts,
): Promise<Home> {
  const request = { sync, force: false, ifNoneMatch: null };
  const also = [CATEGORIES, products.name];
  const catalog = await openCatalog(products, request, ports, { also });
  const { snapshot, context } = await catalog.load();
  const available = snapshot.records.filter(({ body }) => products.view.isAvailable(body));
  return {
    mainCategories: categoryTree(context).main_categories,
    newestProducts: available
      .slice(0, most)
      .map((record): unknown => JSON.parse(listText(products, record, context)))
      .filter(isJsonObject),
    freshness: catalog.freshness,
  };
}
