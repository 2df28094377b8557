import { expect, test } from 'vitest';
import {
  healthSince,
  latencyBucket,
  latencyMsAt,
  mergedHealth,
  NO_HEALTH,
  type UpstreamHealth,
} from '../../shared/core/health.ts';

/** Answers that took these times, and nothing else. */
const answered = (...times: readonly number[]): UpstreamHealth =>
  times.reduce<UpstreamHealth>(
    (sum, ms) =>
      mergedHealth(sum, { ...NO_HEALTH, requests: 1, latency: { [latencyBucket(ms)]: 1 } }),
    NO_HEALTH,
  );

test('the median and the 95th percentile are right to an eighth, from a millisecond to a minute', () => {
  for (const scale of [1, 12, 90, 640, 5_000, 60_000]) {
    const times = Array.from({ length: 200 }, (_, at) => Math.max(1, (scale * (at + 1)) / 200));
    const health = answered(...times);
    for (const share of [0.5, 0.95]) {
      const exact = times[Math.ceil(times.length * share) - 1] ?? 0;
      const told = latencyMsAt(health, share) ?? 0;
      expect(Math.abs(told - exact), `${share} of ${scale}`).toBeLessThanOrEqual(exact / 8 + 0.6);
    }
  }
});

test('nothing answered has no latency', () => {
  expect(latencyMsAt(NO_HEALTH, 0.5)).toBeNull();
});

test('two invocations of a run are as one, in any order, and a part can be taken out again', () => {
  const a = { ...answered(3, 80, 80, 900), refused: 1, failed: 2 };
  const b = { ...answered(80, 2_000), overloaded: 4 };
  const whole = mergedHealth(a, b);
  expect(whole).toEqual(mergedHealth(b, a));
  expect(whole).toMatchObject({ requests: 6, refused: 1, overloaded: 4, failed: 2 });
  expect(healthSince(whole, a)).toEqual(b);
  expect(latencyMsAt(whole, 0.5)).toBe(latencyMsAt(answered(80), 0.5));
});

test('it stays small, whatever the number of requests', () => {
  const times = Array.from({ length: 20_000 }, (_, at) => 20 + (at % 400));
  expect(JSON.stringify(answered(...times)).length).toBeLessThan(300);
});
