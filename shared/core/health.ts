/** How upstream answered one run's requests, attempt by attempt. Small, and two of them add up. */
export interface UpstreamHealth {
  readonly requests: number;
  /** 401 and 403: the key. */
  readonly refused: number;
  /** 429 and 503: too much for it. */
  readonly overloaded: number;
  /** Any other error: 5xx, a reset, a time-out, an answer that is of no use. */
  readonly failed: number;
  /** Answers by the time that they took: how many, by the number of their bucket. */
  readonly latency: Readonly<Record<string, number>>;
}

export const NO_HEALTH: UpstreamHealth = {
  requests: 0,
  refused: 0,
  overloaded: 0,
  failed: 0,
  latency: {},
};

/** Each bucket of latency reaches this much further than the one before it, from 1 ms on: what is read
 *  from them is right to an eighth, and a run has a handful of them. */
const GROWTH = 1.25;
/** 1.25^52 is almost two minutes, the longest deadline that can be set for a request. */
const LAST_BUCKET = 52;

/** The bucket of a time, milliseconds. */
export function latencyBucket(latencyMs: number): number {
  const bucket = Math.ceil(Math.log(Math.max(1, latencyMs)) / Math.log(GROWTH));
  return Math.min(bucket, LAST_BUCKET);
}

/** Two parts of one run, or several runs, as one. */
export const mergedHealth = (a: UpstreamHealth, b: UpstreamHealth): UpstreamHealth =>
  combined(a, b, 1);

/** What came after `before` was noted. */
export const healthSince = (now: UpstreamHealth, before: UpstreamHealth): UpstreamHealth =>
  combined(now, before, -1);

function combined(a: UpstreamHealth, b: UpstreamHealth, sign: 1 | -1): UpstreamHealth {
  const latency = { ...a.latency };
  for (const [bucket, count] of Object.entries(b.latency)) {
    const sum = (latency[bucket] ?? 0) + sign * count;
    if (sum === 0) delete latency[bucket];
    else latency[bucket] = sum;
  }
  return {
    requests: a.requests + sign * b.requests,
    refused: a.refused + sign * b.refused,
    overloaded: a.overloaded + sign * b.overloaded,
    failed: a.failed + sign * b.failed,
    latency,
  };
}

/**
 * The time within which this share of the answers came, milliseconds: 0.5 is the median. Null when none
 * came. It is the middle of a bucket, so at most an eighth away from the exact one.
 */
export function latencyMsAt({ latency }: UpstreamHealth, share: number): number | null {
  const buckets = Object.entries(latency)
    .map(([bucket, count]) => ({ bucket: Number(bucket), count }))
    .toSorted((a, b) => a.bucket - b.bucket);
  const wanted = buckets.reduce((sum, { count }) => sum + count, 0) * share;
  let passed = 0;
  for (const { bucket, count } of buckets) {
    passed += count;
    if (passed >= wanted) return Math.max(1, Math.round(GROWTH ** (bucket - 0.5)));
  }
  return null;
}

/** Errors of all kinds but refusals, as a part of all requests, 0 to 1. */
export const errorRate = ({ requests, failed }: UpstreamHealth): number =>
  requests === 0 ? 0 : failed / requests;
