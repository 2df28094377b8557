import type { ManifestEntry } from '../../core/control.ts';
import type { RecordId } from '../../core/record-id.ts';
import { canonicalOrder, decodeIds, encodedBytesOf, encodeIds } from './id-codec.ts';

/** Below DynamoDB's 400 KB for one row, with room for keys and names. */
const PART_BYTES = 350_000;
const HASH_BYTES = 12;

/** Ids with their hashes, packed: 12 bytes a hash, in the canonical order of the ids. */
export interface PackedHashes {
  readonly ids: Uint8Array;
  readonly hashes: Uint8Array;
}

/** One part of a manifest base. */
export interface BasePart extends PackedHashes {
  /** Those of `ids` that were missing from the last complete scan. */
  readonly missing: Uint8Array;
}

/** @throws RangeError for a hash that is not 16 characters of base64url: it would come back changed. */
export function packHashes(hashOf: ReadonlyMap<RecordId, string>): PackedHashes {
  const order = canonicalOrder(hashOf.keys());
  const hashes = Buffer.alloc(order.length * HASH_BYTES);
  for (const [position, id] of order.entries()) {
    const hash = hashOf.get(id) ?? '';
    const bytes = Buffer.from(hash, 'base64url');
    if (bytes.length !== HASH_BYTES || bytes.toString('base64url') !== hash) {
      throw new RangeError(`not a hash of 12 bytes in base64url: ${hash}`);
    }
    hashes.set(bytes, position * HASH_BYTES);
  }
  return { ids: encodeIds(order), hashes };
}

/** The inverse of `packHashes`. */
export function unpackHashes({ ids, hashes }: PackedHashes): [RecordId, string][] {
  const bytes = Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength);
  return decodeIds(ids).map((id, position) => {
    const start = position * HASH_BYTES;
    return [id, bytes.toString('base64url', start, start + HASH_BYTES)];
  });
}

/** A whole manifest in parts that each fit one row; an empty one is a single empty part. */
export function packManifest(manifest: ReadonlyMap<RecordId, ManifestEntry>): BasePart[] {
  return splitBySize(canonicalOrder(manifest.keys()), bytesOfEntry).map((ids) => {
    const { ids: packed, hashes } = packHashes(
      new Map(ids.map((id) => [id, manifest.get(id)?.hash ?? ''])),
    );
    const missing = encodeIds(ids.filter((id) => manifest.get(id)?.missing));
    return { ids: packed, hashes, missing };
  });
}

/** An id may stand among the ids and among the missing ones. */
const bytesOfEntry = (id: RecordId): number => 2 * encodedBytesOf(id) + HASH_BYTES;

/** The inverse of `packManifest`, one part at a time. */
export function unpackBasePart(part: BasePart): [RecordId, ManifestEntry][] {
  const missing = new Set(decodeIds(part.missing));
  return unpackHashes(part).map(([id, hash]) => [id, { hash, missing: missing.has(id) }]);
}

/** Sets of ids that each fit one row; at least one. */
export function packIds(ids: Iterable<RecordId>): Uint8Array[] {
  return splitBySize(canonicalOrder(ids), encodedBytesOf).map(encodeIds);
}

/** Ids in lists whose parts, by `bytesOf`, each fit one row; at least one list. */
export function splitBySize(
  ids: readonly RecordId[],
  bytesOf: (id: RecordId) => number,
): RecordId[][] {
  const parts: RecordId[][] = [];
  let part: RecordId[] = [];
  let partBytes = 0;
  for (const id of ids) {
    if (partBytes + bytesOf(id) > PART_BYTES) {
      parts.push(part);
      part = [];
      partBytes = 0;
    }
    part.push(id);
    partBytes += bytesOf(id);
  }
  return [...parts, part];
}
