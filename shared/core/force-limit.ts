/** Forced syncs of one person or program, in any hour. */
const FORCES_AN_HOUR = 6;
const HOUR_MS = 3_600_000;
/** Between two forced syncs, whoever asks. */
const BETWEEN_MS = 60_000;

/** One forced sync: who asked, when. */
export interface ForceMark {
  readonly subject: string;
  readonly atMs: number;
}

/** Whether a force may be taken now: the marks as they are after it, or why not and when it may. */
export type ForceDecision =
  | { readonly allowed: true; readonly marks: readonly ForceMark[] }
  | { readonly allowed: false; readonly limit: 'minute' | 'hour'; readonly retryAtMs: number };

/** At most 6 an hour each, and one a minute in all. Pure. */
export function decideForce(
  marks: readonly ForceMark[],
  subject: string,
  nowMs: number,
): ForceDecision {
  const lastHour = marks.filter(({ atMs }) => atMs > nowMs - HOUR_MS);
  const own = lastHour.filter((mark) => mark.subject === subject);
  const [oldest] = own.slice(-FORCES_AN_HOUR);
  if (own.length >= FORCES_AN_HOUR && oldest !== undefined) {
    return { allowed: false, limit: 'hour', retryAtMs: oldest.atMs + HOUR_MS };
  }
  const last = lastHour.at(-1);
  if (last !== undefined && nowMs < last.atMs + BETWEEN_MS) {
    return { allowed: false, limit: 'minute', retryAtMs: last.atMs + BETWEEN_MS };
  }
  return { allowed: true, marks: [...lastHour, { subject, atMs: nowMs }] };
}

/** An answer that was given to a request with an `Idempotency-Key`. */
export interface GivenAnswer {
  /** What was asked: the same key with another request is a mistake of the client's. */
  readonly asked: string;
  readonly runId: string;
}

/** What steering over HTTP keeps: a day of answers, an hour of forces. */
export interface SteeringStore {
  /** Strongly consistent, oldest first. @throws StoreUnavailableError */
  forces(): Promise<{ readonly marks: readonly ForceMark[]; readonly revision: number }>;
  /** Replaces the marks if nobody did since that revision. */
  replaceForces(marks: readonly ForceMark[], revision: number): Promise<boolean>;
  /** The answer that was given under this key, or null. */
  answer(key: string): Promise<GivenAnswer | null>;
  /** Keeps it for a day; false when the key has one already. */
  keepAnswer(key: string, answer: GivenAnswer, nowMs: number): Promise<boolean>;
  /** What it announced did not happen. */
  forgetAnswer(key: string): Promise<void>;
}
