import { isJsonObject, type Json, type JsonObject } from './json.ts';

const MOST_CHARACTERS = 200;
/** What every update changes, or few look for: told last. */
const LAST = ['updated_at', 'extra', 'private'];
/** Parts of a body whose fields are the record's own to its clients. */
const OPENED = new Set(['extra', 'private']);

/** A field's value before and after; null where there was or will be none. */
export interface FieldChange {
  readonly from: Json;
  readonly to: Json;
}

/** The names of the fields in which two bodies of a record differ. */
export function changedNames(before: JsonObject, after: JsonObject): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.filter((name) => textOf(own(before, name)) !== textOf(own(after, name)));
}

/**
 * What differs between two bodies, in the order of the body. Of an object only the fields in it that differ
 * are told, by names as `specifications.unit_type`; a value may be a list.
 */
export function changedFields(
  before: JsonObject,
  after: JsonObject,
): Readonly<Record<string, FieldChange>> {
  const changed = changedNames(before, after);
  const ordered = [
    ...changed.filter((name) => !LAST.includes(name)),
    ...LAST.filter((name) => changed.includes(name)),
  ];
  return Object.fromEntries(
    ordered.flatMap((name) => changesIn(name, own(before, name), own(after, name))),
  );
}

function changesIn(
  name: string,
  from: Json | undefined = null,
  to: Json | undefined = null,
): readonly [string, FieldChange][] {
  if (!isPart(from) || !isPart(to)) return [[name, { from, to }]];
  const [was, is] = [from ?? {}, to ?? {}];
  return changedNames(was, is).map((part) => [
    OPENED.has(name) ? part : `${name}.${part}`,
    { from: own(was, part) ?? null, to: own(is, part) ?? null },
  ]);
}

/** A field may be called as what every object has: `constructor`. */
const own = (body: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(body, name) ? body[name] : undefined;

/** An object, or none. */
const isPart = (value: Json): value is JsonObject | null => value === null || isJsonObject(value);

/** The same with long values cut: of many records they would be too much for one answer. */
export function cutChanges(
  before: JsonObject,
  after: JsonObject,
): Readonly<Record<string, FieldChange>> {
  const changes = Object.entries(changedFields(before, after));
  return Object.fromEntries(
    changes.map(([name, { from, to }]) => [name, { from: cut(from), to: cut(to) }]),
  );
}

function cut(value: Json): Json {
  const text = typeof value === 'string' ? value : textOf(value);
  return text.length <= MOST_CHARACTERS ? value : `${text.slice(0, MOST_CHARACTERS)}…`;
}

const textOf = (value: Json | undefined): string => JSON.stringify(value ?? null);
