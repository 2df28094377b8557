import type { HttpEvent } from '../http/event.ts';
import type { Reader } from './format.ts';
import { languageOf } from './language.ts';

/** Set by the page's script; it names the browser's time zone and nothing else. */
const ZONE_COOKIE = 'zone=';

/** Who reads a page: their language, and their time zone as soon as the browser told it. */
export function readerOf({ headers, cookies }: HttpEvent, nowMs: number): Reader {
  const cookie = cookies.find((one) => one.startsWith(ZONE_COOKIE)) ?? '';
  return {
    language: languageOf(headers['accept-language']),
    zone: knownZone(cookie.slice(ZONE_COOKIE.length)),
    nowMs,
  };
}

function knownZone(text: string): string {
  if (!/^[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*$/.test(text)) return 'UTC';
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}
