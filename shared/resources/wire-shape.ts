import * as z from 'zod';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import { canonical } from './canonical.ts';
import type { ReadBy } from './read-by.ts';

/** A field of ours, read of the whole of what upstream sent. */
interface Field<T> {
  /** Upstream's names for it. */
  readonly names: readonly string[];
  readonly read: (wire: JsonObject) => T | Fault;
  /** Which of the names say something else than the one that was read. */
  readonly spare: (wire: JsonObject) => readonly string[];
}

/** What is wrong with a field, for people. */
class Fault {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/**
 * A field of ours that upstream may call by several names: the first present and usable one wins.
 * Null when all are absent, or hold nothing. When some are present and none is usable the record is
 * rejected: a price that can't be read must not look like a product without one.
 */
export function from<T>(
  names: readonly string[],
  schema: z.ZodType<T> | ReadBy<T>,
): Field<T | null> {
  const read = valueReader(schema);
  return {
    names,
    read: (wire) => {
      let fault: Fault | null = null;
      for (const name of names) {
        const given = wire[name];
        if (isAbsent(given)) continue;
        const value = read(name, given);
        if (value instanceof Fault) fault ??= value;
        else if (value !== null) return value;
      }
      return fault;
    },
    spare: (wire) => {
      if (!areSeveral(wire, names)) return NONE;
      const given = names.filter((name) => !isAbsent(wire[name]));
      const values = given.map((name) => ({ name, value: read(name, wire[name]) }));
      const used = values.find(({ value }) => value !== null && !(value instanceof Fault));
      const others = values.filter(
        ({ value }) => value !== null && used !== undefined && !says(used.value, value),
      );
      return others.map(({ name }) => name);
    },
  };
}

const NONE: readonly string[] = [];

/** Whether upstream says something under more than one of the names. Of nearly every field it does not:
 *  asked of each in each record, this makes nothing that is thrown away. */
function areSeveral(wire: JsonObject, names: readonly string[]): boolean {
  let given = 0;
  for (const name of names) if (!isAbsent(wire[name])) given += 1;
  return given > 1;
}

/** Whether a value says all that another one says: the same, or more of it. */
function says(value: unknown, other: unknown): boolean {
  if (!isJsonObject(value) || !isJsonObject(other) || other instanceof Fault)
    return JSON.stringify(value) === JSON.stringify(other);
  return Object.keys(other).every((name) => other[name] === null || value[name] === other[name]);
}

/** The same for a field without which there is no record. */
export function required<T>(
  names: readonly string[],
  schema: z.ZodType<T> | ReadBy<T>,
): Field<NonNullable<T>> {
  const { read, spare } = from(names, schema);
  return { names, spare, read: (wire) => read(wire) ?? new Fault('missing') };
}

/** A schema around a single function takes several times as long as the function, 45 times a record. */
function valueReader<T>(
  schema: z.ZodType<T> | ReadBy<T>,
): (name: string, given: unknown) => T | Fault {
  if (!('readDirectly' in schema)) return (name, given) => parsed(name, given, schema);
  const { readDirectly, expected } = schema;
  return (name, given) => {
    const value = readDirectly(given);
    return value === undefined ? new Fault(`${name} is not ${expected}`) : value;
  };
}

function parsed<T>(name: string, given: unknown, schema: z.ZodType<T>): T | Fault {
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const path = [name, ...(issue?.path ?? [])].join('.');
  return new Fault(`${path} ${issue?.message ?? 'is malformed'}`);
}

/** Whether upstream said nothing: absent, null, blank, or an empty list or object. */
export function isAbsent(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return !/\S/.test(value);
  return typeof value === 'object' && Object.keys(value).length === 0;
}

type Shape = Readonly<Record<string, Field<unknown>>>;
/** What the fields of a shape come to. */
type Whole<Fields extends Shape> = {
  readonly [Name in keyof Fields]: Exclude<ReturnType<Fields[Name]['read']>, Fault>;
} & { readonly unknown: JsonObject | null };

/**
 * A record's schema: each field reads the whole of what upstream sent. What no field shows comes out as
 * `unknown`, keys sorted, null when there is none: names that nobody knows, and other names of a field that
 * say something else than the one that was read.
 */
export function wireOf<Fields extends Shape>(shape: Fields): z.ZodType<Whole<Fields>> {
  const fields = Object.entries(shape);
  const all = [...fields, ['unknown', unknownFields(Object.values(shape))] as const];
  // An object that grows by 47 names, one after the other, becomes a slow dictionary.
  const blank = Object.fromEntries(all.map(([name]) => [name, null]));
  return z.transform((sent: unknown, { issues }): Whole<Fields> => {
    const wire = isJsonObject(sent) ? sent : {};
    const whole: Record<string, unknown> = { ...blank };
    for (const [name, { read }] of all) {
      const value = read(wire);
      if (value instanceof Fault) {
        issues.push({ code: 'custom', message: value.message, path: [name], input: wire });
      } else if (value !== null) whole[name] = value;
    }
    // oxlint-disable-next-line typescript/consistent-type-assertions, typescript/no-unsafe-type-assertion -- boundary: each field's value is of its type, or there is an issue
    return whole as Whole<Fields>;
  });
}

function unknownFields(fields: readonly Field<unknown>[]): Field<JsonObject | null> {
  const known = new Set(['id', ...fields.flatMap(({ names }) => names)]);
  const several = fields.filter(({ names }) => names.length > 1);
  // What has a field of its own is shown there.
  const alone = new Set(fields.flatMap(({ names }) => (names.length === 1 ? names : [])));
  const isKept = (wire: JsonObject, name: string): boolean =>
    !alone.has(name) && canonical(wire[name]) !== undefined;
  return {
    names: [],
    spare: () => [],
    read: (wire) => {
      const names = Object.keys(wire).filter((name) => !known.has(name) && wire[name] !== null);
      for (const { spare } of several) {
        for (const name of spare(wire)) if (isKept(wire, name)) names.push(name);
      }
      if (names.length === 0) return null;
      const sorted = canonical(Object.fromEntries(names.map((name) => [name, wire[name]])));
      if (isJsonObject(sorted)) return Object.keys(sorted).length > 0 ? sorted : null;
      const first = names.map((name) => name.slice(0, 40)).slice(0, 10);
      return new Fault(`too deep, or too large a number, in one of: ${first.join(', ')}`);
    },
  };
}
