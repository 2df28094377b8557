/** JSON as it is after `JSON.parse`: what upstream sends and what the store keeps. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

/** True for a plain object: not null, not a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Stands for a value too deep to print. */
export const TOO_DEEP = '(too deep to print)';

/** The JSON text of a value; for one too deep to print, a mark. Never throws. */
export function printed(value: Json): string {
  try {
    return JSON.stringify(value);
  } catch {
    return TOO_DEEP;
  }
}
