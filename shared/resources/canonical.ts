import type { Json, JsonObject } from '../core/json.ts';
import { isJsonObject } from '../core/json.ts';

/** Far deeper than any real product, far from the end of the stack. */
const MAX_DEPTH = 32;

/** Undefined when there is no such form. */
type Canonical = Json | undefined;

/**
 * Free-form JSON with its keys sorted, so that the order upstream happens to send never changes a
 * hash. Undefined when it is too deep, or holds a number that JSON can't (1e400). `__proto__` is left
 * out: as a key it says nothing of a product, and readers that copy by assignment would trip on it.
 */
export function canonical(value: unknown, depth = 0): Canonical {
  if (depth > MAX_DEPTH) return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (Array.isArray(value)) return canonicalList(value, depth + 1);
  return isJsonObject(value) ? canonicalObject(value, depth + 1) : undefined;
}

function canonicalList(values: readonly unknown[], depth: number): Canonical {
  const list = values.map((value) => canonical(value, depth));
  const whole = list.filter((value) => value !== undefined);
  return whole.length === list.length ? whole : undefined;
}

function canonicalObject(value: JsonObject, depth: number): JsonObject | undefined {
  const names = Object.keys(value).filter((name) => name !== '__proto__');
  const fields: [string, Json][] = [];
  for (const name of names.toSorted()) {
    const field = canonical(value[name], depth);
    if (field === undefined) return undefined;
    fields.push([name, field]);
  }
  return Object.fromEntries(fields);
}
