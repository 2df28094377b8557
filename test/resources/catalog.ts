import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { JsonObject } from '../../shared/core/json.ts';
import { compareIds } from '../../shared/core/record-id.ts';
import type { Resource, Snapshot, StoredRecord, ViewContext } from '../../shared/core/resource.ts';

const jsonObject = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null);

/** A fixture that is an object, as its file has it. */
export function fixture(name: string): JsonObject {
  return jsonObject.parse(JSON.parse(fixtureText(name)));
}

/** The objects in a fixture: the list itself, or its `results`. */
export function fixtureList(name: string): readonly JsonObject[] {
  const parsed: unknown = JSON.parse(fixtureText(name));
  const list = Array.isArray(parsed) ? parsed : jsonObject.parse(parsed)['results'];
  return z.array(jsonObject).parse(list);
}

function fixtureText(name: string): string {
  return readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8');
}

/** What the store gives back for a record: its body as read from the JSON that was hashed.
 *  @throws with the reject's reason. */
export function stored(resource: Resource, wire: JsonObject): StoredRecord {
  const validation = resource.validate(wire);
  if (!validation.ok) throw new Error(validation.reason);
  const body = jsonObject.parse(JSON.parse(JSON.stringify(validation.body)));
  return { id: validation.id, source: 'main', body, syncedAt: '2026-11-22T12:00:00.000Z' };
}

/** Why a record is rejected.
 *  @throws when it is not. */
export function reasonOf(resource: Resource, wire: JsonObject): string {
  const validation = resource.validate(wire);
  if (validation.ok) throw new Error(`accepted: ${JSON.stringify(validation.body)}`);
  return validation.reason;
}

export function snapshotOf(resource: Resource, wires: readonly JsonObject[]): Snapshot {
  const records = wires.map((wire) => stored(resource, wire));
  return { version: 1, records: records.toSorted((a, b) => compareIds(b.id, a.id)) };
}

/** A view's context over these snapshots; a resource that is not given has no records. */
export function contextOf(
  snapshots: { readonly products?: Snapshot; readonly categories?: Snapshot },
  nowMs = Date.parse('2026-11-22T12:00:00Z'),
): ViewContext {
  const empty: Snapshot = { version: 0, records: [] };
  const byName = new Map(Object.entries(snapshots));
  return { nowMs, related: (name) => byName.get(name) ?? empty };
}
