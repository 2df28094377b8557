import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { digest } from '../../../shared/adapters/digest.ts';
import { createSystemClock } from '../../../shared/adapters/system-clock.ts';

describe('the system clock', () => {
  const clock = createSystemClock();

  it('sleeps as long as it is told, by its own monotonic time', async () => {
    const startMs = clock.monotonicMs();
    await clock.sleep(30);
    expect(clock.monotonicMs() - startMs).toBeGreaterThanOrEqual(28);
  });

  it('wakes at once when aborted, and does not sleep when aborted before', async () => {
    const startMs = clock.monotonicMs();
    const abort = new AbortController();
    const slept = clock.sleep(20_000, abort.signal);
    abort.abort();
    await slept;
    await clock.sleep(20_000, abort.signal);
    expect(clock.monotonicMs() - startMs).toBeLessThan(2_000);
  });

  it('makes ULIDs that grow, also within one millisecond', () => {
    const ulids = Array.from({ length: 5_000 }, () => clock.ulid());
    expect(new Set(ulids).size).toBe(5_000);
    expect(ulids.toSorted()).toEqual(ulids);
    expect(ulids[0]).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  });
});

describe('the digest', () => {
  it('is the first 96 bits of SHA-256', () => {
    const bits = createHash('sha256').update('Pâte à tartiner', 'utf8').digest().subarray(0, 12);
    expect(Buffer.from(digest('Pâte à tartiner'), 'base64url')).toEqual(bits);
    expect(digest('')).toBe('47DEQpj8HBSa-_TI');
  });
});
