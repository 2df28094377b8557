import * as z from 'zod';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import { canonical } from './canonical.ts';

/** Which of upstream's names each field is read from. */
const upstreamNames = z.registry<{ readonly names: readonly string[] }>();

/**
 * A field of ours that upstream may call by several names: the first present and usable one wins.
 * Null when all are absent, or hold nothing. When some are present and none is usable the record is
 * rejected: a price that can't be read must not look like a product without one.
 */
export function from<T>(names: readonly string[], schema: z.ZodType<T>): z.ZodType<T | null> {
  return z
    .transform((wire: JsonObject, context): T | null => {
      const { value, fault } = firstUsable(wire, names, schema);
      if (value === null && fault !== null) context.addIssue(fault);
      return value;
    })
    .register(upstreamNames, { names });
}

/** The same for a field without which there is no record. */
export function required<T>(
  names: readonly string[],
  schema: z.ZodType<T>,
): z.ZodType<NonNullable<T>> {
  return from(names, schema)
    .transform((value, context): NonNullable<T> => {
      if (value !== null && value !== undefined) return value;
      context.addIssue('missing');
      return z.NEVER;
    })
    .register(upstreamNames, { names });
}

function firstUsable<T>(wire: JsonObject, names: readonly string[], schema: z.ZodType<T>) {
  let fault: string | null = null;
  for (const name of names) {
    const given = wire[name];
    if (isAbsent(given)) continue;
    const read = schema.safeParse(given);
    if (!read.success) fault ??= faultOf(name, read.error);
    else if (read.data !== null) return { value: read.data, fault: null };
  }
  return { value: null, fault };
}

function faultOf(name: string, { issues: [issue] }: z.ZodError): string {
  return `${[name, ...(issue?.path ?? [])].join('.')} ${issue?.message ?? 'is malformed'}`;
}

/** Whether upstream said nothing: absent, null, blank, or an empty list or object. */
export function isAbsent(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return !/\S/.test(value);
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/**
 * A record's schema: each field reads the whole of what upstream sent. What no field reads comes out
 * as `unknown`, keys sorted, null when there is none.
 */
export function wireOf<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = Object.values(shape).flatMap((field) => upstreamNames.get(field)?.names ?? []);
  const known = new Set(['id', ...names]);
  const fields = { ...shape, unknown: unknownFields(known) };
  const keys = Object.keys(fields);
  const forEachField = (wire: unknown): Record<string, unknown> => {
    const whole: Record<string, unknown> = {};
    for (const key of keys) whole[key] = wire;
    return whole;
  };
  return z.preprocess(forEachField, z.object(fields));
}

function unknownFields(known: ReadonlySet<string>) {
  return z.transform((wire: JsonObject, context): JsonObject | null => {
    const rest = Object.entries(wire).filter(([name, value]) => !known.has(name) && value !== null);
    if (rest.length === 0) return null;
    const sorted = canonical(Object.fromEntries(rest));
    if (isJsonObject(sorted)) return Object.keys(sorted).length > 0 ? sorted : null;
    const names = rest.map(([name]) => name.slice(0, 40)).slice(0, 10);
    context.addIssue(`too deep, or too large a number, in one of: ${names.join(', ')}`);
    return z.NEVER;
  });
}
