import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../../../shared/adapters/http/retry-after.ts';
import { createRetryPolicy } from '../../../../shared/adapters/http/retry-policy.ts';
import { retryDelayMs } from '../../../../shared/adapters/retry-delay.ts';
import { UpstreamError } from '../../../../shared/core/errors.ts';
import { createInstantClock } from '../../../support/instant-clock.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 10, 0, 0);

describe('U1: Retry-After', () => {
  it.each([
    ['seconds', '17', 17_000],
    ['seconds with spaces around', ' 3 ', 3_000],
    ['zero', '0', 0],
    ['an HTTP date', 'Sun, 22 Nov 2026 10:00:12 GMT', 12_000],
    ['an HTTP date of the old form', 'Sunday, 22-Nov-26 10:01:00 GMT', 60_000],
    ['a date in the past, as no wait', 'Sun, 22 Nov 2026 09:00:00 GMT', 0],
    ['a huge number, capped at an hour', '9'.repeat(400), 3_600_000],
    ['a far date, capped at an hour', 'Wed, 22 Nov 2034 10:00:00 GMT', 3_600_000],
  ])('reads %s', (_case, header, expectedMs) => {
    expect(retryAfterMs(header, NOW_MS)).toBe(expectedMs);
  });

  it.each([undefined, '', 'soon', 'soon 5', '-5', '1e3', '0x10', 'Sun, never GMT', '2026-11-22'])(
    'takes %j for no answer',
    (header) => {
      expect(retryAfterMs(header, NOW_MS)).toBeNull();
    },
  );
});

describe('the retry delay', () => {
  it('has full jitter: from nothing to a ceiling that doubles from 250 ms', () => {
    expect([1, 2, 3].map((attempt) => retryDelayMs(attempt, 0))).toEqual([0, 0, 0]);
    expect([1, 2, 3].map((attempt) => retryDelayMs(attempt, 0.5))).toEqual([125, 250, 500]);
  });

  it('never reaches more than 10 s', () => {
    expect(retryDelayMs(50, 0.999_999)).toBeLessThan(10_000);
    expect(retryDelayMs(50, 0.999_999)).toBeGreaterThan(9_999);
  });
});

describe('a refusal for being one too many', () => {
  const refusal = (retryAfter: number | null = null) => ({
    kind: 'failed' as const,
    retriable: true,
    error: new UpstreamError('unavailable', 'busy', { status: 503, retryAfterMs: retryAfter }),
  });
  const { signal } = new AbortController();
  const known: Promise<true> = Promise.resolve(true);

  function underTest() {
    const clock = createInstantClock();
    const log = { info: () => {}, warn: () => {}, error: () => {} };
    const counters = { requests: 20, retries: 0 };
    const { beforeRetry } = createRetryPolicy({ clock, log, counters });
    return { beforeRetry, counters, clock };
  }

  it('is sent again four times, neither as an attempt nor on the budget; then it is a failure', async () => {
    const { beforeRetry, counters } = underTest();
    const tried = { attempts: 0, excesses: 0 };
    for (let time = 0; time < 4; time += 1) await beforeRetry(refusal(), tried, signal, known);
    expect(tried).toEqual({ attempts: 0, excesses: 4 });
    await beforeRetry(refusal(), tried, signal, known);
    expect(tried).toEqual({ attempts: 1, excesses: 4 });
    // Twenty more, where the budget is ten.
    for (let row = 0; row < 20; row += 1)
      await beforeRetry(refusal(), { attempts: 0, excesses: 0 }, signal, known);
    expect(counters.retries).toBe(25);
  });

  it('is waited for as long as any retry waits while nothing is served, and then a failure', async () => {
    const { beforeRetry, clock } = underTest();
    const tried = { attempts: 0, excesses: 0 };
    const never = new Promise<true>(() => {});
    await beforeRetry(refusal(), tried, signal, never);
    expect(tried).toEqual({ attempts: 1, excesses: 0 });
    expect(clock.monotonicMs()).toBe(125);
  });

  it('counts as an attempt where the supplier says when to come again', async () => {
    const { beforeRetry } = underTest();
    const tried = { attempts: 0, excesses: 0 };
    await beforeRetry(refusal(1_000), tried, signal, known);
    expect(tried).toEqual({ attempts: 1, excesses: 0 });
  });
});
