import type { RecordId } from '../core/record-id.ts';
import type { Resource } from '../core/resource.ts';
import { unchanged, whole, type Answer } from './answer.ts';
import { openCatalog, type ReadPorts, type ReadRequest } from './catalog.ts';
import { ReadError } from './errors.ts';
import { locate } from './sources.ts';

/** One record, with every public field.
 *  @throws ReadError `not_found` when no live record has that id, `bad_parameter` when it takes a source
 *    to tell which; StoreUnavailableError */
export async function single(
  resource: Resource,
  request: ReadRequest & { readonly id: RecordId },
  ports: ReadPorts,
): Promise<Answer> {
  const { id } = request;
  const catalog = await openCatalog(resource, request, ports, { asStored: true });
  if (catalog.unchangedTag !== null) return unchanged(catalog.unchangedTag, catalog);
  const [first] = catalog.sources;
  const asked = catalog.sources.map(({ source }) => source);
  const [record, ofFirst] = await Promise.all([
    locate(resource.name, id, asked, ports),
    first.context(),
  ]);
  if (record === null)
    throw new ReadError('not_found', notFound(resource, catalog.lastSuccessAtMs));
  const own = catalog.sources.find(({ source }) => source === record.source) ?? first;
  const context = own === first ? ofFirst : await own.context();
  const { view } = resource;
  const boundary = view.changesAtMs(record.body, catalog.nowMs);
  return whole(view.single(record, context), catalog.tagUntil(boundary), catalog);
}

function notFound({ name }: Resource, lastSuccessAtMs: number | null): string {
  return lastSuccessAtMs === null
    ? `${name} has no record with this id yet: the first sync is not over, so ask again in a moment.`
    : `${name} has no record with this id: it never had, or the supplier removed it. The list has the ids.`;
}
