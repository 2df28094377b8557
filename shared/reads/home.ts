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
  /** As in the list, newest id first; of several sources, one of each in turn. */
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
  const request = { sync, force: false, ifNoneMatch: null, source: null };
  const also = [CATEGORIES, products.name];
  const catalog = await openCatalog(products, request, ports, { also });
  const loaded = await Promise.all(catalog.sources.map(({ load }) => load()));
  const newest = loaded.map(({ snapshot, context }) =>
    snapshot.records
      .filter(({ body }) => products.view.isAvailable(body))
      .slice(0, most)
      .map((record): unknown => JSON.parse(listText(products, record, context)))
      .filter(isJsonObject),
  );
  return {
    mainCategories: loaded.flatMap(({ context }) => categoryTree(context).main_categories),
    newestProducts: inTurn(newest).slice(0, most),
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
