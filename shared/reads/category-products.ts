import type { RecordId } from '../core/record-id.ts';
import type { Resource } from '../core/resource.ts';
import type { Answer } from './answer.ts';
import type { ReadPorts } from './catalog.ts';
import { ReadError } from './errors.ts';
import { list, type ListRequest } from './list.ts';
import { CATEGORIES } from './matching.ts';
import { askedSources, locate } from './sources.ts';

/** The products of a category and of all that are below it, in its source and no other.
 *  @throws ReadError `not_found` when there is no such category; see `list` */
export async function categoryProducts(
  products: Resource,
  request: ListRequest & { readonly id: RecordId },
  ports: ReadPorts,
): Promise<Answer> {
  const { id, query } = request;
  const asked = askedSources(request.source, ports);
  const located = locate(CATEGORIES, id, asked, ports);
  // Of one source there is nothing to wait for.
  const source = asked.length === 1 ? request.source : ((await located)?.source ?? null);
  const ofSource = source !== null && { source };
  const [category, answer] = await Promise.all([
    located,
    list(products, { ...request, source, query: { ...query, category: id, ...ofSource } }, ports),
  ]);
  // All pages of a walk show one version, in which there was one.
  if (category !== null || query.cursor !== undefined) return answer;
  throw new ReadError('not_found', 'There is no category with this id: the tree has the ids.');
}
