import { expect, test } from 'vitest';
import { UpstreamError } from '../../shared/core/errors.ts';
import { minutes } from '../../shared/core/resource.ts';
import { many } from '../support/fake-source.ts';
import { onEachStore } from '../support/stores.ts';
import { syncBench, synced } from '../support/sync-bench.ts';

const throttled = (retryAfterMs: number) =>
  new UpstreamError('throttled', 'HTTP 429', { status: 429, retryAfterMs });

onEachStore('a supplier that asks to be left alone', (open) => {
  test('for longer than a run may rest: the same run goes on after each wait, and ends', async () => {
    const bench = syncBench(await open(), many(500));
    const window = { startedAtMs: bench.clock.nowMs(), used: 0 };
    bench.source.before = () => {
      const nowMs = bench.clock.nowMs();
      if (nowMs >= window.startedAtMs + minutes(50)) {
        window.startedAtMs = nowMs;
        window.used = 0;
      }
      window.used += 1;
      if (window.used > 300) throw throttled(window.startedAtMs + minutes(50) - nowMs);
    };
    const first = await bench.sync();
    expect(first).toMatchObject({ success: false, decision: 'started' });
    const runs = new Set([first.run_id]);
    let last = first;
    for (let tick = 0; tick < 30 && last.stats?.total !== 500; tick += 1) {
      bench.clock.advance(minutes(5));
      last = await bench.sync({ resumeOnly: true });
      if (last.decision === 'started') runs.add(last.run_id);
    }
    expect(last).toMatchObject({ success: true, stats: { total: 500 } });
    expect([...runs]).toEqual([first.run_id]);
  });

  test('for ever: a run does not rest for more than what it has seen is kept', async () => {
    const bench = syncBench(await open(), many(60));
    bench.source.before = ({ kind, of }) => {
      if (kind === 'page' && of === '3') throw throttled(minutes(60));
    };
    const first = await bench.sync();
    let last = first;
    for (let hour = 0; hour < 14; hour += 1) {
      bench.clock.advance(minutes(61));
      last = await bench.sync({ resumeOnly: true });
    }
    expect(last.run_id).not.toBe(first.run_id);
  });

  test('at the first request: no unforced run asks before that time', async () => {
    const bench = await synced(await open(), many(30));
    bench.source.before = () => {
      throw throttled(minutes(60));
    };
    bench.untilDue();
    await bench.sync();
    const { nextDueAtMs } = await bench.control();
    expect(nextDueAtMs).toBeGreaterThanOrEqual(bench.clock.nowMs() + minutes(60));
    bench.source.calls.length = 0;
    bench.clock.advance(minutes(59));
    await bench.sync();
    const retry = { trigger: 'admin', scope: 'rejects', force: true } as const;
    expect(await bench.sync(retry)).toMatchObject({ success: true, stats: null });
    expect(bench.source.calls).toEqual([]);
  });

  test('while records in error are read again: nothing asks before that time, and approving moves no gate', async () => {
    const bench = await synced(await open(), many(30));
    bench.source.rows = many(10);
    bench.untilDue();
    await bench.sync();
    const { held } = await bench.control();
    bench.source.before = () => {
      throw throttled(minutes(60));
    };
    bench.untilDue();
    await bench.sync();
    const { nextDueAtMs } = await bench.control();
    const approval = { trigger: 'admin', scope: 'removal', force: true } as const;
    await bench.sync({ ...approval, heldRunId: held?.runId ?? '' });
    expect(await bench.control()).toMatchObject({ nextDueAtMs, liveCount: 10 });
  });

  test('when it is asked for while records in error are read again, a due sync waits as well', async () => {
    const bench = syncBench(
      await open(),
      many(30, (id) => (id === 7 ? { name: 1 } : {})),
    );
    await bench.sync();
    bench.clock.advance(minutes(110));
    bench.source.before = () => {
      throw throttled(minutes(60));
    };
    await bench.sync({ trigger: 'admin', scope: 'rejects', force: true });
    bench.source.calls.length = 0;
    bench.clock.advance(minutes(59));
    expect(await bench.sync()).toMatchObject({ stats: null });
    expect(bench.source.calls).toEqual([]);
  });

  test('an approval does not end it: neither a retry nor the next sync asks before', async () => {
    const bench = await synced(await open(), many(30));
    bench.source.rows = many(10);
    bench.untilDue();
    await bench.sync();
    bench.source.before = () => {
      throw throttled(minutes(60));
    };
    await bench.sync({ trigger: 'admin', scope: 'rejects', force: true });
    expect(await bench.sync({ trigger: 'admin', scope: 'removal', force: true })).toMatchObject({
      stats: { removed: 20 },
    });
    bench.source.calls.length = 0;
    bench.clock.advance(minutes(59));
    await bench.sync({ trigger: 'admin', scope: 'rejects', force: true });
    await bench.sync();
    expect(bench.source.calls).toEqual([]);
  });

  test('reading the records in error again does not pass that wait, and forces nothing of the whole', async () => {
    const bench = await synced(await open(), many(60));
    bench.untilDue();
    bench.source.before = ({ kind, of }) => {
      if (kind === 'page' && of === '3') throw throttled(minutes(20));
    };
    await bench.sync();
    bench.source.calls.length = 0;
    const retry = { trigger: 'admin', scope: 'rejects', force: true } as const;
    expect(await bench.sync(retry)).toMatchObject({ decision: 'cooling' });
    expect(bench.source.calls).toEqual([]);
    bench.source.before = ({ kind, of }) => {
      if (kind === 'page' && of === '3') throw throttled(minutes(1));
    };
    bench.clock.advance(minutes(21));
    await bench.sync(retry);
    expect((await bench.control()).run?.allDetails).toBeUndefined();
  });
});

onEachStore('approving deletions', (open) => {
  test('asks the supplier nothing, and says nothing of its key and its failures', async () => {
    const bench = await synced(await open(), many(100));
    bench.source.rows = bench.source.rows.slice(0, 50);
    bench.untilDue();
    await bench.sync();
    const { held } = await bench.control();
    bench.source.before = () => {
      throw new UpstreamError('key_refused', 'HTTP 401', { status: 401 });
    };
    bench.untilDue();
    await bench.sync();
    bench.clock.advance(minutes(2));
    const refused = await bench.control();
    expect(refused).toMatchObject({ lastError: { code: 'key_refused' }, consecutiveFailures: 1 });
    const approval = { trigger: 'admin', scope: 'removal', force: true } as const;
    const approved = await bench.sync({ ...approval, heldRunId: held?.runId ?? '' });
    expect(approved).toMatchObject({ stats: { removed: 50 } });
    const { keyRefusedAtMs, lastError, consecutiveFailures } = refused;
    const kept = { keyRefusedAtMs, lastError, consecutiveFailures, held: null, liveCount: 50 };
    expect(await bench.control()).toMatchObject(kept);
  });
});
