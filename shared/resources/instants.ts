const DATE_ONLY = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?$/i;
const DAY_MS = 86_400_000;

/** An ISO 8601 time in UTC, with the digits that upstream gave; a time without a zone is UTC.
 *  Null when it is none. */
export function utcText(text: string | null): string | null {
  if (text === null) return null;
  const [, date, time, zone = 'Z'] = DATE_TIME.exec(text) ?? [];
  const iso = DATE_ONLY.test(text) ? `${text}T00:00:00Z` : `${date}T${time}${zone.toUpperCase()}`;
  const atMs = Date.parse(iso);
  if (Number.isNaN(atMs)) return null;
  return iso.endsWith('Z') ? iso : new Date(atMs).toISOString();
}

/** A date kept as a date, or a time in UTC; null when it is neither. */
export function dayOrUtcText(text: string): string | null {
  const utc = utcText(text);
  return utc !== null && DATE_ONLY.test(text) ? text : utc;
}

/** When something that starts at `text` begins: a date alone begins with its day, UTC. */
export function startsAtMs(text: string): number {
  return Date.parse(text);
}

/** When something that ends at `text` is over: a date alone includes its whole day, UTC. */
export function isOverAtMs(text: string): number {
  return DATE_ONLY.test(text) ? Date.parse(text) + DAY_MS : Date.parse(text);
}
