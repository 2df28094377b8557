import type { Resource } from '../core/resource.ts';
import { categoryTree } from '../resources/category-tree.ts';
import { unchanged, whole, type Answer } from './answer.ts';
import { openCatalog, type ReadPorts, type ReadRequest } from './catalog.ts';
import { withSecondLook } from './second-look.ts';

/** Every category, nested to any depth; those of one source after those of another.
 *  @throws StoreUnavailableError */
export function tree(
  categories: Resource,
  request: ReadRequest,
  ports: ReadPorts,
): Promise<Answer> {
  return withSecondLook(request.sync, ports, (sync, known) =>
    treeOf(categories, { ...request, sync }, known),
  );
}

async function treeOf(
  categories: Resource,
  request: ReadRequest,
  ports: ReadPorts,
): Promise<Answer> {
  const catalog = await openCatalog(categories, request, ports);
  if (catalog.unchanged !== null) return unchanged(catalog.unchanged, catalog);
  const contexts = await Promise.all(catalog.sources.map(({ context }) => context()));
  const trees = contexts.map((context) => categoryTree(context));
  const nested = {
    main_categories: trees.flatMap(({ main_categories: main }) => main),
    total_main: trees.reduce((sum, { total_main: count }) => sum + count, 0),
    total_sub: trees.reduce((sum, { total_sub: count }) => sum + count, 0),
  };
  return whole({ ...nested, sync: { ...catalog.freshness } }, catalog.tagUntil(null), catalog);
}
