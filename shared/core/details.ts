import { isOwnFailure } from './errors.ts';
import type { Listed, PageEnd } from './entries.ts';
import type { Ledger } from './control.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import type { RecordId } from './record-id.ts';
import type { RunPorts } from './run-ports.ts';

/** A row with all that upstream says of it, or why there is no record in it. */
export type Detailed =
  | {
      readonly kind: 'wire';
      readonly id: RecordId;
      readonly wire: JsonObject;
      /** The list entry, where a detail was read over it. */
      readonly entry?: JsonObject;
    }
  /** The detail was read not long ago, and the entry is as it was. */
  | { readonly kind: 'verified'; readonly id: RecordId }
  | { readonly kind: 'bad'; readonly id: string; readonly reason: string; readonly payload: Json }
  | { readonly kind: 'duplicate'; readonly hasMoved: boolean }
  | PageEnd;

/**
 * Fetches a row's detail where its list entry lacks something. A detail that can't be had makes a
 * reject, never a poorer record.
 *
 * @throws UpstreamError when the supplier, and not one record, is the trouble.
 */
export async function withDetail(
  listed: Listed,
  { details, ledger, served, source, resource }: RunPorts,
  signal: AbortSignal,
): Promise<Detailed> {
  if (listed.kind === 'unusable') {
    return { ...listed, kind: 'bad', reason: 'id: missing, or not a usable id' };
  }
  if (listed.kind !== 'entry') return listed;
  const { id, entry } = listed;
  if (!resource.needsDetail(entry)) return { kind: 'wire', id, wire: entry };
  if (details.isVerified(id, entry)) {
    served.skipped = true;
    return { kind: 'verified', id };
  }
  try {
    const detail = await source.detail(resource, id, signal, () => servedBefore(ledger, id));
    served.detail = true;
    if (isJsonObject(detail)) return { kind: 'wire', id, wire: overlaid(entry, detail), entry };
    return { kind: 'bad', id, reason: 'detail: upstream answered no object', payload: detail };
  } catch (error) {
    if (!isOwnFailure(error)) throw error;
    return { kind: 'bad', id, reason: `detail: ${error.message}`, payload: entry };
  }
}

/** How many records are named that were served before. */
const SERVED_BEFORE = 4;

/** Records whose details were served: in this run, or else before it. */
function servedBefore({ manifest, rejects, seen }: Ledger, but: RecordId): readonly RecordId[] {
  const found: RecordId[] = [];
  for (const ids of [seen, manifest.keys()]) {
    for (const id of ids) {
      if (found.length === SERVED_BEFORE) return found;
      const entry = manifest.get(id);
      if (entry === undefined || entry.missing || rejects.has(id) || id === but) continue;
      if (!found.includes(id)) found.push(id);
    }
  }
  return found;
}

/** Every name under which upstream may send a picture. */
const IMAGES = ['image', 'image_url', 'image_urls', 'images', 'gallery', 'main_image', 'photo'];

/** The detail wins, but an image that only the list has is kept. */
function overlaid(entry: JsonObject, detail: JsonObject): JsonObject {
  const pictured = IMAGES.some((name) => !isBlank(detail[name])) ? detail : entry;
  const wire: Record<string, Json | undefined> = { ...entry, ...detail };
  for (const name of IMAGES) {
    if (!(name in wire)) continue;
    if (name in pictured) wire[name] = pictured[name];
    else delete wire[name];
  }
  return wire;
}

const isBlank = (value: Json | undefined): boolean =>
  (value ?? '') === '' || (Array.isArray(value) && value.length === 0);
