import type { Resource } from '../core/resource.ts';
import { categoryTree } from '../resources/category-tree.ts';
import { unchanged, whole, type Answer } from './answer.ts';
import { openCatalog, type ReadPorts, type ReadRequest } from './catalog.ts';

/** Every category, nested to any depth.
 *  @throws StoreUnavailableError */
export async function tree(
  categories: Resource,
  request: ReadRequest,
  ports: ReadPorts,
): Promise<Answer> {
  const catalog = await openCatalog(categories, request, ports);
  if (catalog.unchangedTag !== null) return unchanged(catalog.unchangedTag, catalog);
  const nested = categoryTree(await catalog.context());
  return whole({ ...nested, sync: { ...catalog.freshness } }, catalog.tagUntil(null), catalog);
}
