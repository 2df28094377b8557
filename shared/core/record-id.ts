import { isJsonObject, type Json } from './json.ts';

/** An id in its one canonical text form: `12` and `"12"` are the same id. Made only by `recordId`. */
export type RecordId = string;

/** Long enough for any real id, short enough for a DynamoDB sort key (1,024 bytes). */
const MAX_ID_BYTES = 512;
const CANONICAL_INTEGER = /^(?:0|[1-9]\d{0,15})$/;

/**
 * The canonical id of a wire value, or null when it can't be one: empty, longer than 512 bytes of
 * UTF-8, a lone surrogate, a number that is not a safe integer, or a path segment (`.`, `..`) that
 * no URL can carry.
 */
export function recordId(value: unknown): RecordId | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : null;
  if (typeof value !== 'string' || value === '' || value === '.' || value === '..') return null;
  if (!value.isWellFormed() || Buffer.byteLength(value) > MAX_ID_BYTES) return null;
  return value;
}

/** The id of a row of a list, or null when it has none that can be one. */
export const idOfRow = (row: Json): RecordId | null =>
  isJsonObject(row) ? recordId(row['id']) : null;

/** True when the id is a non-negative safe integer, which sorts and answers as a number. */
export function isNumericId(id: RecordId): boolean {
  return CANONICAL_INTEGER.test(id) && Number.isSafeInteger(Number(id));
}

/** The id as clients see it: a number where it is one. */
export function publicId(id: RecordId): Json & (string | number) {
  return isNumericId(id) ? Number(id) : id;
}

/**
 * A sort key that orders numeric ids as numbers, before all other ids, and is injective:
 * `n` + two digits of length + the digits, or `s` + the id.
 */
export function orderedKey(id: RecordId): string {
  return isNumericId(id) ? `n${String(id.length).padStart(2, '0')}${id}` : `s${id}`;
}

/** The inverse of `orderedKey`. */
export function idOfOrderedKey(key: string): RecordId {
  return key.startsWith('n') ? key.slice(3) : key.slice(1);
}

/** Where the order of UTF-16 units, which is that of `<`, and that of UTF-8 bytes may differ. */
const SURROGATE = /[\ud800-\udfff]/;

/** Orders ids as the store orders their keys: by the bytes of their UTF-8. */
export function compareIds(a: RecordId, b: RecordId): number {
  const keyA = orderedKey(a);
  const keyB = orderedKey(b);
  if (SURROGATE.test(keyA) || SURROGATE.test(keyB)) {
    return Buffer.compare(Buffer.from(keyA), Buffer.from(keyB));
  }
  return keyA < keyB ? -1 : keyA > keyB ? 1 : 0;
}
