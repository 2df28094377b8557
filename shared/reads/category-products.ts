import type { RecordId } from '../core/record-id.ts';
import type { Resource } from '../core/resource.ts';
import type { Answer } from './answer.ts';
import { refOf, type ReadPorts } from './catalog.ts';
import { ReadError } from './errors.ts';
import { list, type ListRequest } from './list.ts';
import { CATEGORIES } from './matching.ts';

/** The products of a category and of all that are below it.
 *  @throws ReadError `not_found` when there is no such category; see `list` */
export async function categoryProducts(
  products: Resource,
  request: ListRequest & { readonly id: RecordId },
  ports: ReadPorts,
): Promise<Answer> {
  const { id, query } = request;
  const ref = refOf(CATEGORIES, ports);
  const [category, answer] = await Promise.all([
    ports.reader.record(ref, id),
    list(products, { ...request, query: { ...query, category: id } }, ports),
  ]);
  if (category !== null) return answer;
  throw new ReadError('not_found', 'There is no category with this id: the tree has the ids.');
}
