import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { Resource } from '../core/resource.ts';
import { openCatalog, type KnownSync, type ReadPorts } from './catalog.ts';
import type { Freshness } from './freshness.ts';
import { categoryTree } from '../resources/category-tree.ts';
import { CATEGORIES } from './matching.ts';
import { listText } from './rendering.ts';
import { withSecondLook } from './second-look.ts';

/** What the shop's home shows. */
export interface Home {
  /** The first of the tree, in the shop's order. */
  readonly mainCategories: readonly JsonObject[];
  /** How many main categories there are. */
  readonly mainCategoryCount: number;
  /** As in the list, newest id first; of several sources, one of each in turn. */
  readonly newestProducts: readonly JsonObject[];
  readonly freshness: Freshness;
}

/** How much of it the home shows at the most. */
interface Most {
  readonly products: number;
  readonly categories: number;
}

/** The first main categories, and the newest available products.
 *  @throws StoreUnavailableError */
export function home(
  products: Resource,
  { sync, most }: { readonly sync: KnownSync; readonly most: Most },
  ports: ReadPorts,
): Promise<Home> {
  return withSecondLook(sync, ports, (looked, known) => homeOf(products, looked, most, known));
}

async function homeOf(
  products: Resource,
  sync: KnownSync,
  most: Most,
  ports: ReadPorts,
): Promise<Home> {
  const request = { sync, force: false, ifNoneMatch: null, source: null };
  const also = [CATEGORIES, products.name];
  const catalog = await openCatalog(products, request, ports, { also });
  const loaded = await Promise.all(catalog.sources.map(({ load }) => load()));
  const newest = loaded.map(({ snapshot, context }) =>
    snapshot.records
      .filter(({ body }) => products.view.isAvailable(body))
      .slice(0, most.products)
      .map((record): unknown => JSON.parse(listText(products, record, context)))
      .filter(isJsonObject),
  );
  const mainCategories = loaded.flatMap(({ context }) => categoryTree(context).main_categories);
  return {
    mainCategories: mainCategories.slice(0, most.categories),
    mainCategoryCount: mainCategories.length,
    newestProducts: inTurn(newest).slice(0, most.products),
    freshness: catalog.freshness,
  };
}

/** The first of each, then the second of each, and so on. */
function inTurn<Row>(all: readonly (readonly Row[])[]): readonly Row[] {
  const longest = Math.max(...all.map(({ length }) => length));
  return Array.from({ length: longest }, (_, turn) =>
    all.flatMap((rows) => rows.slice(turn, turn + 1)),
  ).flat();
}
