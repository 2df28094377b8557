import type { Json, JsonObject } from '../core/json.ts';

/** What is kept with a record and shown to no client: the shop's secrets, and what we do not know. */
export type PrivateFields = JsonObject & { readonly other?: JsonObject };

/** The `private` part of a body; empty (so that it takes no room) when there is nothing in it. */
export function privatePart(
  secrets: JsonObject,
  unknown: JsonObject | null,
): { readonly private?: PrivateFields } {
  const fields = withoutNulls(secrets);
  const all = unknown === null ? fields : { ...fields, other: unknown };
  return Object.keys(all).length === 0 ? {} : { private: all };
}

/** The fields that say something, in the order given. */
export function withoutNulls(fields: JsonObject): JsonObject {
  const said: Record<string, Json | undefined> = {};
  for (const name of Object.keys(fields)) {
    if (fields[name] !== null) said[name] = fields[name];
  }
  return said;
}
