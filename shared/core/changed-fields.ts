import type { Json, JsonObject } from './json.ts';

const MOST_CHARACTERS = 200;

/** A field's value before and after, long ones cut; null where there was or will be none. */
export interface FieldChange {
  readonly from: Json;
  readonly to: Json;
}

/** The fields in which two bodies of a record differ. */
export function changedFields(
  before: JsonObject,
  after: JsonObject,
): Readonly<Record<string, FieldChange>> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const differing = names.filter((name) => textOf(before[name]) !== textOf(after[name]));
  return Object.fromEntries(
    differing.map((name) => [name, { from: cut(before[name]), to: cut(after[name]) }]),
  );
}

const textOf = (value: Json | undefined): string => JSON.stringify(value ?? null);

function cut(value: Json | undefined = null): Json {
  const text = typeof value === 'string' ? value : textOf(value);
  return text.length <= MOST_CHARACTERS ? value : `${text.slice(0, MOST_CHARACTERS)}…`;
}
