import { expect, test } from 'vitest';
import { LeaseLostError, UpstreamError } from '../../shared/core/errors.ts';
import { minutes } from '../../shared/core/resource.ts';
import { Crash, dyingStore, intercepted } from '../support/failing-store.ts';
import { fakeSource, many } from '../support/fake-source.ts';
import { onEachStore } from '../support/stores.ts';
import { REF, syncBench, synced } from '../support/sync-bench.ts';

onEachStore('docs/reliability.md, 1: a run', (open) => {
  test('a lease is one conditional write: the fence grows, and a crash at once gates the next start for a minute', async () => {
    const bench = syncBench(await open());
    const dying = dyingStore(bench.store, 2, 'before');
    await expect(bench.sync({}, { store: dying })).rejects.toThrow(Crash);
    const control = await bench.control();
    expect(control.fence).toBe(1);
    expect(control.lastAttemptAtMs).toBe(bench.clock.nowMs());
    expect(control.nextDueAtMs).toBe(bench.clock.nowMs() + 60_000);
    expect(control.lastSuccessAtMs).toBeNull();
  });

  test('while a lease is in force nobody else starts, forced or not; 10 s after its end somebody may', async () => {
    const bench = syncBench(await open());
    const dying = dyingStore(bench.store, 3, 'before');
    await expect(bench.sync({}, { store: dying })).rejects.toThrow(Crash);
    bench.clock.advance(99_000);
    expect((await bench.sync({ force: true })).decision).toBe('running');
    bench.clock.advance(2_000);
    expect((await bench.sync({ force: true })).success).toBe(true);
  });

  test('a holder that is known to be gone need not be waited for', async () => {
    const bench = syncBench(await open());
    const dying = dyingStore(bench.store, 3, 'before');
    await expect(bench.sync({}, { store: dying })).rejects.toThrow(Crash);
    const isGone = (holder: string) => holder === 'worker-1';
    const result = await bench.sync({ force: true }, { holder: 'worker-2', isGone });
    expect(result).toMatchObject({ success: true, stats: { total: 50 } });
  });

  test('killed before or after any write, the next run resumes and ends with every record, once', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let atCall = 1; ; atCall += 1) {
        const rows = many(70, (id) => ({ size: id }));
        const bench = syncBench(await open(), rows);
        const died = await bench.sync({}, { store: dyingStore(bench.store, atCall, when) }).then(
          () => false,
          (error: unknown) => error instanceof Crash || Promise.reject(error),
        );
        if (!died) break;
        bench.clock.advance(101_000);
        // A kill after the finish leaves nothing to do.
        await bench.sync();
        const control = await bench.control();
        expect(control, `${when} ${atCall}`).toMatchObject({
          run: null,
          lastError: null,
          liveCount: 70,
        });
        expect(await bench.live()).toEqual(
          Object.fromEntries(
            Array.from({ length: 70 }, (_, at) => [
              at + 1,
              { name: `Record ${at + 1}`, size: at + 1 },
            ]),
          ),
        );
        bench.untilDue();
        expect((await bench.sync()).stats).toMatchObject({ created: 0, updated: 0, unchanged: 70 });
      }
    }
  });

  test('a resumed run fetches again no more than what was not committed', async () => {
    const bench = syncBench(await open(), many(200));
    const dying = dyingStore(bench.store, 5, 'before');
    await expect(bench.sync({}, { store: dying })).rejects.toThrow(Crash);
    const { run } = await bench.control();
    const committed = run?.stats.total ?? 0;
    expect(committed).toBeGreaterThan(0);
    bench.clock.advance(101_000);
    bench.source.calls.length = 0;
    expect((await bench.sync()).success).toBe(true);
    const details = bench.source.calls.filter((call) => call.startsWith('detail'));
    expect(details).toHaveLength(200 - committed);
  });

  test("a paused holder's write is refused once another took over, and it stops without touching anything", async () => {
    const bench = syncBench(await open(), many(70));
    let winner: Awaited<ReturnType<typeof bench.sync>> | null = null;
    const zombie = intercepted(bench.store, async ({ operation }) => {
      if (operation !== 'commit' || winner !== null) return;
      bench.clock.advance(101_000);
      winner = await bench.sync({}, { holder: 'worker-2', source: fakeSource(many(70)) });
    });
    // The zombie does not notice the time: its own clock stood still.
    const frozen = { ...bench.clock, monotonicMs: () => 0 };
    Object.assign(bench.clock, { monotonicMs: frozen.monotonicMs });
    const stale = fakeSource(many(70, () => ({ size: 999 })));
    const result = await bench.sync({}, { store: zombie, source: stale });
    expect(winner).toMatchObject({ success: true });
    expect(result).toMatchObject({ success: false, decision: 'running' });
    expect(Object.values(await bench.live())).not.toContainEqual(
      expect.objectContaining({ size: 999 }),
    );
    expect(await bench.control()).toMatchObject({ lastError: null, run: null, leaseHolder: null });
  });

  test('a holder stops itself 10 s before its lease ends, without a write', async () => {
    const bench = syncBench(await open(), many(70));
    let writes = 0;
    const watched = intercepted(bench.store, ({ operation }) => {
      if (operation === 'commit' || operation === 'finish') writes += 1;
    });
    bench.source.before = ({ kind, call }) => {
      if (kind === 'detail' && call === 3) bench.clock.advance(81_000);
    };
    Object.assign(bench.clock, { sleep: () => new Promise(() => {}) }); // no flush comes in time
    const result = await bench.sync({}, { store: watched });
    expect(result).toMatchObject({ success: false, decision: 'running' });
    expect(result.message).toContain('lease');
    expect(writes).toBe(0);
  });

  test.each([
    ['counts from the last commit, and its holder stops 10 s before it ends', 81_000, 0],
    ['counts from when a commit was sent, not from when its answer came', 35_000, 50_000],
  ])('a lease %s', async (_title, supplierTookMs, commitTookMs) => {
    const bench = syncBench(await open(), many(90));
    let begun = 0;
    let done = 0;
    const watched = intercepted(
      bench.store,
      ({ operation }) => {
        if (operation === 'commit' || operation === 'finish') begun += 1;
      },
      ({ operation }) => {
        if (operation !== 'commit') return;
        done += 1;
        bench.clock.advance(commitTookMs);
      },
    );
    let isSlow = false;
    bench.source.before = ({ kind }) => {
      if (kind !== 'detail' || done !== 1 || isSlow) return;
      isSlow = true;
      bench.clock.advance(supplierTookMs);
    };
    Object.assign(bench.clock, { sleep: () => new Promise(() => {}) }); // no flush comes in time
    const result = await bench.sync({}, { store: watched });
    expect(result).toMatchObject({ success: false, decision: 'running' });
    expect([isSlow, begun, done]).toEqual([true, 1, 1]);
  });

  test('however slow the supplier is, a commit extends the lease at least every 20 s', async () => {
    const bench = syncBench(await open(), many(10));
    const release = Promise.withResolvers<void>();
    const { detail } = bench.source;
    Object.assign(bench.source, {
      detail: async (...given: Parameters<typeof detail>) => {
        if (given[1] === '9') await release.promise;
        return detail(...given);
      },
    });
    const commits: number[] = [];
    const observe = () => commits.push(bench.clock.nowMs());
    const startedAtMs = bench.clock.nowMs();
    const running = bench.sync({}, { observe });
    for (let second = 0; second < 45; second += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      bench.clock.advance(1000);
    }
    release.resolve();
    expect((await running).success).toBe(true);
    const gaps = commits.map((atMs, index) => atMs - (commits[index - 1] ?? startedAtMs));
    expect(commits.length).toBeGreaterThan(3);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(20_000);
  });

  test('a host out of time leaves the run resumable; the tick goes on from the cursor at once', async () => {
    const bench = syncBench(await open(), many(300));
    let commits = 0;
    const first = await bench.sync(
      {},
      { shouldStop: () => commits >= 2, observe: () => (commits += 1) },
    );
    expect(first).toMatchObject({ success: false, decision: 'started' });
    const { run, leaseHolder } = await bench.control();
    expect(run).not.toBeNull();
    expect(leaseHolder).toBeNull();
    const tick = await bench.sync({ resumeOnly: true });
    expect(tick).toMatchObject({ success: true, run_id: first.run_id, stats: { total: 300 } });
    expect(Object.keys(await bench.live())).toHaveLength(300);
  });

  test('a host out of time stores what was fetched before: no detail is read twice', async () => {
    const bench = syncBench(await open(), many(300));
    let commits = 0;
    await bench.sync({}, { shouldStop: () => commits >= 2, observe: () => (commits += 1) });
    const details = () => bench.source.calls.filter((call) => call.startsWith('detail'));
    expect(details().length).toBeGreaterThan(60);
    expect((await bench.control()).run?.stats.total).toBe(details().length);
    expect((await bench.sync({ resumeOnly: true })).success).toBe(true);
    expect(details()).toHaveLength(300);
  });

  test('a run that is interrupted within its first page keeps what it stored, and goes on', async () => {
    const bench = syncBench(await open(), many(100));
    bench.source.pageSize = 100;
    bench.source.before = ({ kind, of }) => {
      if (kind !== 'detail' || of !== '30') return;
      throw new UpstreamError('unavailable', 'HTTP 500', { isOutage: true });
    };
    const first = await bench.sync();
    expect(first.stats).toMatchObject({ created: 70 });
    bench.source.before = () => {};
    bench.clock.advance(minutes(2));
    expect(await bench.sync({ resumeOnly: true })).toMatchObject({
      success: true,
      run_id: first.run_id,
      stats: { total: 100, created: 100 },
    });
  });

  test('a host whose time is over does not wait for a supplier that hangs', async () => {
    const bench = syncBench(await open(), many(60));
    Object.assign(bench.source, {
      detail: (_resource: unknown, id: string, signal: AbortSignal) =>
        id === '9'
          ? new Promise((_, reject) => {
              signal.addEventListener('abort', () => reject(new Error('aborted')));
            })
          : Promise.resolve({ id: Number(id), name: 'x' }),
    });
    let isOver = false;
    const running = bench.sync({}, { shouldStop: () => isOver });
    for (let second = 0; second < 40; second += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      bench.clock.advance(1000);
      isOver = second > 12;
    }
    expect(await running).toMatchObject({ success: false });
    expect(await bench.control()).toMatchObject({ leaseHolder: null, run: { phase: 'listing' } });
  });

  test('a tick starts nothing where nothing was left unfinished', async () => {
    const bench = syncBench(await open());
    expect(await bench.sync({ resumeOnly: true })).toMatchObject({
      decision: 'fresh',
      run_id: null,
    });
    expect(bench.source.calls).toEqual([]);
  });

  test.each([
    ['of another configuration', { configuration: 'v2' }, 1],
    ['older than 30 minutes', {}, minutes(31)],
  ])('a checkpoint %s is begun again, safely', async (_title, options, waitMs) => {
    const bench = syncBench(await open(), many(300));
    let commits = 0;
    const observe = () => (commits += 1);
    const first = await bench.sync({}, { shouldStop: () => commits >= 2, observe });
    bench.clock.advance(waitMs);
    const second = await bench.sync({ resumeOnly: true }, options);
    expect(second.run_id).not.toBe(first.run_id);
    expect(second).toMatchObject({ success: true, stats: { total: 300 } });
    // What the first had written is known, and not written again.
    expect(second.stats?.created).toBe(300 - (first.stats?.created ?? 0));
  });

  test('an unchanged catalogue writes no record and publishes no new version', async () => {
    const bench = await synced(await open());
    const before = await bench.control();
    bench.untilDue();
    const upserts: string[] = [];
    const { commit } = bench.store;
    const watched = {
      ...bench.store,
      commit: async (...given: Parameters<typeof commit>) => {
        upserts.push(...given[3].writes.map(({ kind }) => kind));
        return commit.call(bench.store, ...given);
      },
    };
    expect((await bench.sync({}, { store: watched })).stats?.unchanged).toBe(50);
    expect(upserts).toEqual([]);
    const after = await bench.control();
    expect(after.version).toBe(before.version);
    expect(after.manifestVersion).toBe(before.manifestVersion);
  });

  test('an unexpected error gives the lease back and is not swallowed', async () => {
    const bench = syncBench(await open());
    bench.source.before = ({ kind }) => {
      if (kind === 'detail') throw new TypeError('a bug');
    };
    await expect(bench.sync()).rejects.toThrow('a bug');
    expect(await bench.control()).toMatchObject({
      leaseHolder: null,
      lastError: { code: 'worker_failed' },
      consecutiveFailures: 1,
    });
  });

  test('nothing of a refused commit is stored', async () => {
    const bench = syncBench(await open());
    const thief = intercepted(bench.store, ({ operation, call }) => {
      if (operation === 'commit' && call === 3) throw new LeaseLostError('taken');
    });
    await bench.sync({}, { store: thief });
    expect(await bench.live()).toEqual({});
    expect((await bench.store.runs(REF, 10)).length).toBe(0);
  });

  test('a supplier that asks for a long wait gets it: the run is paused, and resumed after it', async () => {
    const bench = syncBench(await open(), many(300));
    bench.source.before = ({ call }) => {
      if (call === 150)
        throw new UpstreamError('throttled', 'slow down', { retryAfterMs: 600_000 });
    };
    expect(await bench.sync()).toMatchObject({ success: false });
    bench.source.before = () => {};
    bench.clock.advance(500_000);
    expect((await bench.sync({ resumeOnly: true })).decision).toBe('cooling');
    bench.clock.advance(100_000);
    expect(await bench.sync({ resumeOnly: true })).toMatchObject({
      success: true,
      stats: { total: 300 },
    });
  });
});
