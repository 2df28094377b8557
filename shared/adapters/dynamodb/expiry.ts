const DAY_SECONDS = 86_400;

/** Days that each kind of row is kept; DynamoDB deletes it within some days more. */
export const KEPT_DAYS = {
  tombstone: 30,
  reject: 30,
  run: 90,
  held: 90,
  /** Twice as long as a run may take. */
  seen: 14,
  published: 1,
} as const;

/** The TTL attribute's value, seconds since 1970, `days` after `fromMs`. */
export function expiresAt(fromMs: number, days: number): number {
  return Math.floor(fromMs / 1000) + days * DAY_SECONDS;
}
