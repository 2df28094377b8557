import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { RecordId } from '../core/record-id.ts';
import type { Resource } from '../core/resource.ts';
import { unchanged, whole, type Answer } from './answer.ts';
import { NOTHING_KNOWN, openCatalog, refOf, type ReadPorts, type ReadRequest } from './catalog.ts';
import { ReadError } from './errors.ts';

/** One record, with every public field.
 *  @throws ReadError `not_found` when no live record has that id; StoreUnavailableError */
export async function single(
  resource: Resource,
  request: ReadRequest & { readonly id: RecordId },
  ports: ReadPorts,
): Promise<Answer> {
  const { id } = request;
  const catalog = await openCatalog(resource, request, ports, { asStored: true });
  if (catalog.unchangedTag !== null) return unchanged(catalog.unchangedTag, catalog);
  const [record, context] = await Promise.all([
    ports.reader.record(refOf(resource.name, ports), id),
    catalog.context(),
  ]);
  if (record === null)
    throw new ReadError('not_found', notFound(resource, catalog.lastSuccessAtMs));
  const { view } = resource;
  const boundary = view.changesAtMs(record.body, catalog.nowMs);
  return whole(view.single(record, context), catalog.tagUntil(boundary), catalog);
}

/**
 * One record with all that is kept of it: the public fields, the shop's secrets, and under `upstream` what
 * the supplier sends beyond the fields that we know. For admins alone; no cache may keep it.
 * @throws ReadError `not_found`; StoreUnavailableError
 */
export async function wholeRecord(
  resource: Resource,
  id: RecordId,
  ports: ReadPorts,
): Promise<JsonObject> {
  const request = { sync: NOTHING_KNOWN, force: false, ifNoneMatch: null };
  const catalog = await openCatalog(resource, request, ports, { asStored: true });
  const [record, context] = await Promise.all([
    ports.reader.record(refOf(resource.name, ports), id),
    catalog.context(),
  ]);
  if (record === null)
    throw new ReadError('not_found', notFound(resource, catalog.lastSuccessAtMs));
  const kept = record.body['private'];
  const { other = {}, ...secrets } = isJsonObject(kept) ? kept : {};
  return { ...resource.view.single(record, context), ...secrets, upstream: other };
}

function notFound({ name }: Resource, lastSuccessAtMs: number | null): string {
  return lastSuccessAtMs === null
    ? `${name} has no record with this id yet: the first sync is not over, so ask again in a moment.`
    : `${name} has no record with this id: it never had, or the supplier removed it. The list has the ids.`;
}
