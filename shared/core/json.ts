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

const WIDE = /[\u0100-\uffff]/g;
/** Of a text with more of them than one in so many characters, escapes would make too long a text. */
const SELDOM = 32;

/** The JSON text of a value, with the characters beyond Latin-1 escaped (RFC 8259, 7) where they are few: V8
 *  keeps and copies such a text at one byte a character, and at two with a single one of them in it. */
export function narrowJson(value: JsonObject): string {
  const text = JSON.stringify(value);
  const wide = text.match(WIDE)?.length ?? 0;
  if (wide === 0 || wide * SELDOM > text.length) return text;
  return text.replace(WIDE, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
