import { describe, expect, test } from 'vitest';
import { NEW_CONTROL } from '../../shared/core/control.ts';
import {
  nextDueAfterFailure,
  nextDueAfterSuccess,
  readerDecision,
} from '../../shared/core/decide.ts';
import { UpstreamError } from '../../shared/core/errors.ts';
import { hours, minutes } from '../../shared/core/resource.ts';
import { softTrigger } from '../../shared/core/soft-trigger.ts';
import { many } from '../support/fake-source.ts';
import { onEachStore } from '../support/stores.ts';
import { REF, syncBench, synced, type SyncBench } from '../support/sync-bench.ts';
import { silent } from '../support/forced-sync.ts';

const refuse = (bench: SyncBench, failure: 'key_refused' | 'unavailable' | 'no_credential') => {
  bench.source.before = () => {
    throw new UpstreamError(failure, `supplier says ${failure}`);
  };
};

onEachStore('docs/reliability.md, 2: when a run may start', (open) => {
  test('the next run is due one interval after the START of the last success, 5 minutes early', async () => {
    const bench = syncBench(await open());
    const startedAtMs = bench.clock.nowMs();
    bench.source.before = ({ call }) => {
      if (call === 2) bench.clock.advance(minutes(3) / 4); // the run takes its time
    };
    await bench.sync();
    const { nextDueAtMs, lastSuccessAtMs } = await bench.control();
    expect(lastSuccessAtMs).toBe(startedAtMs);
    expect(nextDueAtMs).toBe(startedAtMs + hours(2) - minutes(5));
  });

  test('an hourly schedule with a 2-hour interval runs every second hour, not every third', async () => {
    const bench = syncBench(await open());
    const decisions: string[] = [];
    for (let hour = 0; hour < 5; hour += 1) {
      decisions.push((await bench.sync()).decision);
      bench.clock.advance(hours(1));
    }
    expect(decisions).toEqual(['started', 'fresh', 'started', 'fresh', 'started']);
  });

  test('before it is due nothing starts and upstream is not asked; force passes the interval', async () => {
    const bench = await synced(await open());
    bench.source.calls.length = 0;
    bench.clock.advance(hours(1));
    expect(await bench.sync()).toMatchObject({ decision: 'fresh', success: true });
    expect(bench.source.calls).toEqual([]);
    expect(await bench.sync({ force: true })).toMatchObject({ decision: 'started', success: true });
  });

  test('a failed attempt gates the next one, longer with each failure', async () => {
    const bench = syncBench(await open());
    refuse(bench, 'unavailable');
    const waits: number[] = [];
    for (let failure = 1; failure <= 8; failure += 1) {
      expect((await bench.sync()).success).toBe(false);
      const control = await bench.control();
      expect(control.consecutiveFailures).toBe(failure);
      waits.push(control.nextDueAtMs - bench.clock.nowMs());
      expect((await bench.sync()).decision).toBe('cooling');
      bench.clock.advance(waits.at(-1) ?? 0);
    }
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits[0]).toBe(90_000); // a minute, and half of the second one by this clock's chance
    expect(Math.max(...waits)).toBeLessThanOrEqual(hours(2));
  });

  test('a failed run is no success: no time is stamped, and the old data stays', async () => {
    const bench = await synced(await open());
    const before = await bench.control();
    const live = await bench.live();
    bench.untilDue();
    refuse(bench, 'unavailable');
    expect(await bench.sync()).toMatchObject({ success: false });
    const after = await bench.control();
    expect(after.lastSuccessAtMs).toBe(before.lastSuccessAtMs);
    expect(after.lastError?.code).toBe('unavailable');
    expect(await bench.live()).toEqual(live);
  });

  test('a refused key is probed once a minute, forced or not, until it works', async () => {
    const bench = await synced(await open());
    bench.untilDue();
    refuse(bench, 'key_refused');
    expect(await bench.sync()).toMatchObject({ success: false, decision: 'no_credential' });
    const { length } = bench.source.calls;
    bench.clock.advance(59_000);
    expect(await bench.sync({ force: true })).toMatchObject({ decision: 'no_credential' });
    expect(bench.source.calls).toHaveLength(length);
    bench.source.before = () => {};
    bench.clock.advance(1_000);
    expect(await bench.sync()).toMatchObject({ success: true, decision: 'started' });
    expect(await bench.control()).toMatchObject({ keyRefusedAtMs: null, lastError: null });
  });

  test('where no key is to be had, it is looked for once a minute, however often it was not', async () => {
    const bench = await synced(await open());
    bench.untilDue();
    refuse(bench, 'no_credential');
    for (let probe = 0; probe < 5; probe += 1) {
      const { length } = bench.source.calls;
      expect(await bench.sync()).toMatchObject({ success: false, decision: 'no_credential' });
      expect(bench.source.calls).toHaveLength(length + 1);
      bench.clock.advance(59_000);
      expect(await bench.sync()).toMatchObject({ decision: 'no_credential' });
      expect(bench.source.calls).toHaveLength(length + 1);
      bench.clock.advance(1_000);
    }
  });

  test('a key that is not to be had in mid-run is looked for a minute later, and the run goes on', async () => {
    const bench = syncBench(await open(), many(200));
    bench.source.before = ({ call }) => {
      if (call > 100) throw new UpstreamError('no_credential', 'no key');
    };
    const first = await bench.sync();
    bench.source.before = () => {};
    bench.source.calls.length = 0;
    bench.clock.advance(59_000);
    expect(await bench.sync({ resumeOnly: true })).toMatchObject({ decision: 'no_credential' });
    expect(bench.source.calls).toEqual([]);
    bench.clock.advance(1_000);
    expect(await bench.sync({ resumeOnly: true })).toMatchObject({
      run_id: first.run_id,
      success: true,
    });
  });

  describe.each(['key_refused', 'no_credential'] as const)('%s, found by a retry,', (failure) => {
    const retry = { scope: 'rejects', force: true, trigger: 'admin' } as const;
    const troubled = async () => {
      const bench = await synced(
        await open(),
        many(60, (id) => (id === 7 ? { name: 1 } : {})),
      );
      bench.clock.advance(minutes(10));
      refuse(bench, failure);
      await bench.sync(retry);
      expect((await bench.control()).lastError?.code).toBe(failure);
      bench.source.before = () => {};
      return bench;
    };

    test('is tried again in a minute by whatever comes', async () => {
      const bench = await troubled();
      bench.clock.advance(59_000);
      expect(readerDecision(await bench.control(), bench.clock.nowMs())).toBe('no_credential');
      bench.clock.advance(1_000);
      expect(await bench.sync()).toMatchObject({ decision: 'started', success: true });
      expect((await bench.control()).lastError).toBeNull();
    });

    test('is over with a retry that is served', async () => {
      const bench = await troubled();
      bench.clock.advance(minutes(5));
      expect(await bench.sync(retry)).toMatchObject({ decision: 'started' });
      expect(await bench.control()).toMatchObject({ lastError: null, keyRefusedAtMs: null });
    });

    test('is not over with a retry that asks for nothing', async () => {
      const bench = await synced(await open());
      bench.untilDue();
      refuse(bench, failure);
      await bench.sync();
      bench.source.before = () => {};
      bench.clock.advance(minutes(5));
      expect(await bench.sync(retry)).toMatchObject({ decision: 'started', stats: { total: 0 } });
      expect((await bench.control()).lastError?.code).toBe(failure);
    });
  });

  test('a key refused while records in error are read again is not tried for a minute, forced or not', async () => {
    const bench = await synced(
      await open(),
      many(60, (id) => (id === 7 ? { name: 1 } : {})),
    );
    const retry = { scope: 'rejects', force: true, trigger: 'admin' } as const;
    refuse(bench, 'key_refused');
    await bench.sync(retry);
    bench.source.before = () => {};
    bench.source.calls.length = 0;
    bench.clock.advance(59_000);
    for (const request of [retry, { force: true }]) {
      expect(await bench.sync(request)).toMatchObject({ decision: 'no_credential' });
    }
    expect(bench.source.calls).toEqual([]);
    bench.clock.advance(1_000);
    expect(await bench.sync(retry)).toMatchObject({ decision: 'started' });
  });

  test('what waits since a retry was asked to leave the supplier alone is told as cooling down, never as fresh', async () => {
    const bench = await synced(
      await open(),
      many(60, (id) => (id === 7 ? { name: 1 } : {})),
    );
    bench.untilDue();
    bench.source.before = () => {
      throw new UpstreamError('throttled', 'HTTP 429', { retryAfterMs: hours(1) });
    };
    const retry = { scope: 'rejects', force: true, trigger: 'admin' } as const;
    await bench.sync(retry);
    bench.source.before = () => {};
    bench.clock.advance(minutes(10));
    expect(await bench.sync()).toMatchObject({ decision: 'cooling', run_id: null });
    expect(await bench.sync(retry)).toMatchObject({ decision: 'cooling', run_id: null });
    expect(readerDecision(await bench.control(), bench.clock.nowMs())).toBe('cooling');
    bench.clock.advance(minutes(50));
    expect(await bench.sync()).toMatchObject({ decision: 'started', success: true });
  });

  test('what waits to be gone on with is told as cooling down, never as fresh', async () => {
    const bench = syncBench(await open(), many(100));
    await bench.sync({}, { shouldStop: () => bench.source.calls.includes('detail 61') });
    expect((await bench.control()).run).not.toBeNull();
    expect(await bench.sync()).toMatchObject({ decision: 'cooling', run_id: null });
    expect(readerDecision(await bench.control(), bench.clock.nowMs())).toBe('cooling');
  });

  test('a key refused in mid-run keeps what was stored, and the run goes on once it works', async () => {
    const bench = syncBench(await open(), many(200));
    bench.source.before = ({ call }) => {
      if (call > 100) throw new UpstreamError('key_refused', 'revoked', { status: 403 });
    };
    const first = await bench.sync();
    expect(first.success).toBe(false);
    expect(Object.keys(await bench.live()).length).toBeGreaterThan(40);
    bench.source.before = () => {};
    bench.clock.advance(60_000);
    expect(await bench.sync({ resumeOnly: true })).toMatchObject({
      run_id: first.run_id,
      success: true,
      stats: { total: 200 },
    });
  });

  test('of 200 readers that find a catalogue due, one starts the worker; the claim lasts 30 s', async () => {
    const bench = syncBench(await open());
    const starts: string[] = [];
    const starter = {
      start: async ({ resource }: { resource: string }) => void starts.push(resource),
    };
    const ports = { gate: bench.store, starter, clock: bench.clock, log: silent };
    const control = await bench.control();
    const read = () => softTrigger(REF, control, ports);
    const decisions = await Promise.all(Array.from({ length: 200 }, read));
    expect(starts).toEqual(['things']);
    expect(decisions.filter((decision) => decision === 'started')).toHaveLength(1);
    expect(decisions.filter((decision) => decision === 'running')).toHaveLength(199);
    bench.clock.advance(29_000);
    expect(await read()).toBe('running');
    bench.clock.advance(2_000);
    expect(await read()).toBe('started');
  });

  test('a worker that can’t be started is logged and never fails the read', async () => {
    const bench = syncBench(await open());
    const errors: string[] = [];
    const log = { ...silent, error: (event: string) => void errors.push(event) };
    const starter = { start: () => Promise.reject(new Error('no such function')) };
    const ports = { gate: bench.store, starter, clock: bench.clock, log };
    expect(await softTrigger(REF, await bench.control(), ports)).toBe('cooling');
    expect(errors).toEqual(['sync_start_failed']);
  });

  test('two workers started at once make one run', async () => {
    const bench = syncBench(await open());
    const results = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((holder) => bench.sync({}, { holder })),
    );
    expect(results.filter(({ decision }) => decision === 'started')).toHaveLength(1);
    expect(await bench.store.runs(REF, 10)).toHaveLength(1);
  });

  test('resources never get in each other’s way', async () => {
    const store = await open();
    const bench = await synced(store);
    const other = syncBench(store, many(5), { source: 'main', resource: 'others' });
    refuse(other, 'unavailable');
    expect((await other.sync()).success).toBe(false);
    expect(await bench.control()).toMatchObject({
      lastError: null,
      consecutiveFailures: 0,
      liveCount: 50,
    });
  });
});

test('every state has its machine-readable decision', () => {
  const nowMs = 1_000_000;
  const decided = (fields: object) => readerDecision({ ...NEW_CONTROL, ...fields }, nowMs);
  const gated = { nextDueAtMs: nowMs + 1 };
  const lastError = { message: '', atMs: 0 };
  expect(decided({})).toBe('due');
  expect(decided({ leaseHolder: 'x', leaseExpiresAtMs: nowMs - 9_999 })).toBe('running');
  expect(decided({ leaseHolder: 'x', leaseExpiresAtMs: nowMs - 10_001 })).toBe('due');
  expect(decided({ triggerClaimedUntilMs: nowMs + 1 })).toBe('running');
  expect(decided(gated)).toBe('fresh');
  expect(decided({ ...gated, consecutiveFailures: 1 })).toBe('cooling');
  expect(decided({ ...gated, held: { runId: 'r', reason: '', count: 9, atMs: 0 } })).toBe('held');
  expect(decided({ ...gated, lastError: { ...lastError, code: 'no_credential' } })).toBe(
    'no_credential',
  );
  expect(decided({ keyRefusedAtMs: nowMs - 59_999 })).toBe('no_credential');
});

test('the tolerance is 5 minutes, and never over a tenth of the interval', () => {
  expect(nextDueAfterSuccess(0, hours(2))).toBe(6_900_000);
  expect(nextDueAfterSuccess(0, minutes(10))).toBe(540_000);
});

test('the wait after a failure is between a minute and 60 s × 2^failures, never over the interval', () => {
  expect(nextDueAfterFailure(0, 1, hours(2), 0)).toBe(60_000);
  expect(nextDueAfterFailure(0, 3, hours(2), 0.999_999_9)).toBe(480_000);
  expect(nextDueAfterFailure(0, 50, hours(2), 0.999_999_99)).toBe(7_200_000);
  expect(nextDueAfterFailure(0, 9, 30_000, 0)).toBe(30_000);
});
