import { isNumericId, type RecordId } from '../../core/record-id.ts';

const BYTES_IN_A_VARINT_OF_2_TO_53 = 8;

/**
 * A set of ids in few bytes: the count of numeric ids, the gaps between them in ascending order, then
 * each other id as its length and its UTF-8, every number a varint. Dense numeric ids take a byte each.
 */
export function encodeIds(ids: Iterable<RecordId>): Uint8Array {
  const ordered = canonicalOrder(ids);
  const numeric = ordered.filter(isNumericId).map(Number);
  const bytes: number[] = [];
  pushVarint(bytes, numeric.length);
  for (const [position, id] of numeric.entries()) {
    pushVarint(bytes, id - (numeric[position - 1] ?? 0));
  }
  for (const id of ordered.slice(numeric.length)) {
    const text = Buffer.from(id);
    pushVarint(bytes, text.length);
    bytes.push(...text);
  }
  return Uint8Array.from(bytes);
}

/** The inverse of `encodeIds`, in canonical order. */
export function decodeIds(bytes: Uint8Array): RecordId[] {
  const read = varintsOf(bytes);
  const ids: RecordId[] = [];
  let last = 0;
  for (let left = read.next(); left > 0; left -= 1) ids.push(String((last += read.next())));
  while (!read.atEnd()) ids.push(read.text(read.next()));
  return ids;
}

/** Each id once: numeric ones ascending, then the others by code unit. What runs beside an encoded
 *  set (hashes, for one) is in this order. */
export function canonicalOrder(ids: Iterable<RecordId>): RecordId[] {
  const numeric: number[] = [];
  const others: string[] = [];
  for (const id of new Set(ids)) {
    if (isNumericId(id)) numeric.push(Number(id));
    else others.push(id);
  }
  return [...numeric.toSorted((a, b) => a - b).map(String), ...others.toSorted()];
}

/** The most bytes an id can take in a set. */
export function encodedBytesOf(id: RecordId): number {
  return isNumericId(id)
    ? BYTES_IN_A_VARINT_OF_2_TO_53
    : Buffer.byteLength(id) + BYTES_IN_A_VARINT_OF_2_TO_53;
}

// Arithmetic, not shifts: ids go up to 2^53 and shifts end at 2^32.
function pushVarint(bytes: number[], value: number): void {
  let left = value;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  bytes.push(left);
}

function varintsOf(bytes: Uint8Array) {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = buffer.readUInt8(at);
      at += 1;
      value += (byte % 128) * weight;
      if (byte < 128) return value;
    }
  };
  const text = (length: number): string => buffer.toString('utf8', at, (at += length));
  return { next, text, atEnd: () => at >= buffer.length };
}
