import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { RecordId } from '../core/record-id.ts';
import type { Resource, StoredRecord, ViewContext } from '../core/resource.ts';
import { unchanged, whole, type Answer } from './answer.ts';
import {
  NOTHING_KNOWN,
  openCatalog,
  type OpenCatalog,
  type ReadPorts,
  type ReadRequest,
} from './catalog.ts';
import { ReadError } from './errors.ts';
import { withSecondLook } from './second-look.ts';
import { locate } from './sources.ts';

/** One record, with every public field.
 *  @throws ReadError `not_found` when no live record has that id, `bad_parameter` when it takes a source
 *    to tell which; StoreUnavailableError */
export function single(
  resource: Resource,
  request: ReadRequest & { readonly id: RecordId },
  ports: ReadPorts,
): Promise<Answer> {
  return withSecondLook(request.sync, ports, (sync, known) =>
    singleOf(resource, { ...request, sync }, known),
  );
}

async function singleOf(
  resource: Resource,
  request: ReadRequest & { readonly id: RecordId },
  ports: ReadPorts,
): Promise<Answer> {
  const catalog = await openCatalog(resource, request, ports, { asStored: true });
  if (catalog.unchanged !== null) return unchanged(catalog.unchanged, catalog);
  const { record, context } = await found(resource, request.id, catalog, ports);
  const { view } = resource;
  const boundary = view.changesAtMs(record.body, catalog.nowMs);
  return whole(view.single(record, context), catalog.tagUntil(boundary), catalog);
}

/**
 * One record with all that is kept of it: the public fields, the shop's secrets, and under `upstream` what
 * the supplier sends beyond the fields that we know. For admins alone; no cache may keep it.
 * @throws ReadError `not_found`, `bad_parameter`; StoreUnavailableError
 */
export async function wholeRecord(
  resource: Resource,
  { id, source }: Pick<ReadRequest, 'source'> & { readonly id: RecordId },
  ports: ReadPorts,
): Promise<JsonObject> {
  const { record, context } = await withSecondLook(NOTHING_KNOWN, ports, async (sync, known) => {
    const request = { sync, force: false, ifNoneMatch: null, source };
    const catalog = await openCatalog(resource, request, known, { asStored: true });
    return found(resource, id, catalog, known);
  });
  const kept = record.body['private'];
  const { other = {}, ...secrets } = isJsonObject(kept) ? kept : {};
  return { ...resource.view.single(record, context), ...secrets, upstream: other };
}

/** The record, and what its public form looks at in its source. */
async function found(
  resource: Resource,
  id: RecordId,
  { sources, lastSuccessAtMs }: OpenCatalog,
  ports: ReadPorts,
): Promise<{ readonly record: StoredRecord; readonly context: ViewContext }> {
  const [first] = sources;
  const asked = sources.map(({ source }) => source);
  const [record, ofFirst] = await Promise.all([
    locate(resource.name, id, asked, ports),
    first.context(),
  ]);
  if (record === null) throw new ReadError('not_found', notFound(resource, lastSuccessAtMs));
  const own = sources.find(({ source }) => source === record.source) ?? first;
  return { record, context: own === first ? ofFirst : await own.context() };
}

function notFound({ name }: Resource, lastSuccessAtMs: number | null): string {
  return lastSuccessAtMs === null
    ? `${name} has no record with this id yet: the first sync is not over, so ask again in a moment.`
    : `${name} has no record with this id: it never had, or the supplier removed it. The list has the ids.`;
}
