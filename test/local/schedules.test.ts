import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextFiringMs, startSchedules } from '../../local/schedules.ts';
import { createInstantClock } from '../support/instant-clock.ts';
import { silent } from '../support/forced-sync.ts';

const rule = (everyMinutes: number, atMinute: number) => ({
  name: 'rule',
  everyMinutes,
  atMinute,
  payload: { resource: 'products' },
});
const at = (time: string) => Date.parse(`2026-11-22T${time}Z`);

test.each([
  [60, 0, '10:00:00.000', '11:00:00.000'],
  [60, 0, '09:59:59.999', '10:00:00.000'],
  [60, 10, '10:00:00.000', '10:10:00.000'],
  [60, 10, '10:10:00.001', '11:10:00.000'],
  [5, 0, '10:03:20.000', '10:05:00.000'],
  [5, 2, '10:03:20.000', '10:07:00.000'],
  [120, 30, '10:31:00.000', '12:30:00.000'],
])('every %i minutes at %i: after %s comes %s', (every, minute, now, next) => {
  expect(new Date(nextFiringMs(rule(every, minute), at(now))).toISOString()).toContain(next);
});

test('the next firing is at the declared minute, later than now and at most one period away', () => {
  const periods = fc.constantFrom(1, 5, 10, 15, 30, 60);
  fc.assert(
    fc.property(periods, fc.nat(59), fc.integer({ min: 0, max: 4e12 }), (every, minute, now) => {
      const next = nextFiringMs(rule(every, minute), now);
      expect(next).toBeGreaterThan(now);
      expect(next - now).toBeLessThanOrEqual(every * 60_000);
      expect(new Date(next).getUTCMinutes() % every).toBe(minute % every);
      expect(next % 60_000).toBe(0);
    }),
  );
});

test('a rule fires with its payload at each of its minutes until it is stopped, also after a failure', async () => {
  const clock = createInstantClock(at('10:03:00.000'));
  const fired: [string, unknown][] = [];
  await new Promise<void>((resolve) => {
    const schedules = startSchedules({
      clock,
      log: silent,
      declarations: [rule(5, 0)],
      invoke(payload) {
        fired.push([new Date(clock.nowMs()).toISOString().slice(11, 16), payload]);
        if (fired.length === 3) resolve(schedules.stop());
        return Promise.reject(new Error('the worker is away'));
      },
    });
  });
  const payload = { resource: 'products' };
  expect(fired).toEqual([
    ['10:05', payload],
    ['10:10', payload],
    ['10:15', payload],
  ]);
});

test('a clock that jumps ahead makes a rule fire once, not once for each time it missed', async () => {
  const clock = createInstantClock(at('10:03:00.000'));
  let jumpMs = 0;
  const times: string[] = [];
  await new Promise<void>((resolve) => {
    const schedules = startSchedules({
      clock: {
        nowMs: () => clock.nowMs() + jumpMs,
        sleep: async (ms, signal) => {
          await clock.sleep(ms, signal);
          jumpMs = 3 * 3_600_000;
        },
      },
      log: silent,
      declarations: [rule(60, 0)],
      async invoke() {
        times.push(new Date(clock.nowMs() + jumpMs).toISOString().slice(11, 16));
        if (times.length === 2) resolve(schedules.stop());
      },
    });
  });
  expect(times).toEqual(['13:04', '14:00']);
});
