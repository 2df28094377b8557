import { expect, test } from 'vitest';
import { createMemoryStore } from '../../shared/adapters/memory/store.ts';
import { discardHeld } from '../../shared/core/held.ts';
import { guardAllows } from '../../shared/core/deletion.ts';
import { UpstreamError } from '../../shared/core/errors.ts';
import type { Json } from '../../shared/core/json.ts';
import { hours, minutes } from '../../shared/core/resource.ts';
import { stateOf } from '../../shared/reads/status.ts';
import { Crash, dyingStore } from '../support/failing-store.ts';
import { many } from '../support/fake-source.ts';
import { onEachStore } from '../support/stores.ts';
import { REF, syncBench, synced, type SyncBench } from '../support/sync-bench.ts';
import { silent } from '../support/forced-sync.ts';

const without = (bench: SyncBench, ...ids: number[]) => {
  bench.source.rows = bench.source.rows.filter((row) => !ids.includes(idOf(row)));
};
const idOf = (row: Json): number =>
  typeof row === 'object' && row !== null && 'id' in row ? Number(row['id']) : Number.NaN;
const front = (row: Json): number => (idOf(row) === 1 ? -1 : 0);
const ids = async (bench: SyncBench) => Object.keys(await bench.live()).map(Number);

async function leasedByAnother(bench: SyncBench): Promise<void> {
  const now = await bench.control();
  const lease = { leaseHolder: 'other', leaseExpiresAtMs: bench.clock.nowMs() + minutes(1) };
  const terms = { nowMs: bench.clock.nowMs(), goneHolder: null };
  await bench.store.acquire(REF, now, { ...now, ...lease, fence: now.fence + 1 }, terms);
}

/** Absent from the list, while its detail still answers. */
const hidden = (bench: SyncBench, ...hiddenIds: number[]) => {
  for (const id of hiddenIds) bench.source.details.set(String(id), { id, name: `Record ${id}` });
  without(bench, ...hiddenIds);
};

onEachStore('docs/reliability.md, 4: what may be removed', (open) => {
  test('a record missing from one scan stays, from two complete scans in a row it goes', async () => {
    const bench = await synced(await open());
    hidden(bench, 7);
    bench.untilDue();
    expect((await bench.sync()).stats?.removed).toBe(0);
    expect(await ids(bench)).toContain(7);
    bench.untilDue();
    expect((await bench.sync()).stats?.removed).toBe(1);
    expect(await ids(bench)).not.toContain(7);
    expect(await bench.control()).toMatchObject({ liveCount: 49, removedCount: 1 });
  });

  test('one that is back in between starts anew: two scans in a row, not two in all', async () => {
    const bench = await synced(await open());
    const all = bench.source.rows;
    for (const rows of [without7(all), all, without7(all), all]) {
      bench.source.details.set('7', { id: 7, name: 'Record 7' });
      bench.source.rows = rows;
      bench.untilDue();
      expect((await bench.sync()).stats?.removed).toBe(0);
    }
    expect(await ids(bench)).toContain(7);
  });

  test('a record missing from one scan whose detail answers 404 goes at once', async () => {
    const bench = await synced(await open());
    without(bench, 7);
    bench.untilDue();
    expect((await bench.sync()).stats?.removed).toBe(1);
    expect(await ids(bench)).not.toContain(7);
  });

  test.each([
    ['fails otherwise', new UpstreamError('unavailable', 'HTTP 500', { status: 500 })],
    [
      'finds nothing, as all others do',
      new UpstreamError('not_found', 'HTTP 404', { isOutage: true }),
    ],
  ])('a probe that %s proves nothing', async (_, failure) => {
    const bench = await synced(await open());
    without(bench, 7);
    bench.source.before = ({ of }) => {
      if (of === '7') throw failure;
    };
    bench.untilDue();
    expect(await bench.sync()).toMatchObject({ success: true, stats: { removed: 0 } });
    expect(await ids(bench)).toContain(7);
  });

  test('a record that edits moved out of two scans stays: where something came twice, only a 404 tells', async () => {
    const bench = await synced(await open(), many(100));
    /** Edited while the third page is read, when it stood on a later one: it jumps to the first. */
    const edited = ({ kind, of }: { kind: string; of: string }) => {
      if (kind !== 'page' || of !== '3') return;
      bench.source.rows = bench.source.rows.toSorted((a, b) =>
        idOf(a) === 1 ? -1 : idOf(b) === 1 ? 1 : 0,
      );
    };
    for (const scan of ['first', 'second', 'third']) {
      bench.source.rows = many(100);
      bench.source.before = edited;
      bench.untilDue();
      const result = await bench.sync();
      expect(result, scan).toMatchObject({ success: true, stats: { duplicates: 1, removed: 0 } });
      expect(await ids(bench), scan).toContain(1);
    }
    // Nor does the next scan count on one of them.
    bench.source.before = () => {};
    bench.source.rows = many(100);
    hidden(bench, 1);
    bench.untilDue();
    expect((await bench.sync()).stats?.removed).toBe(0);
    bench.untilDue();
    expect((await bench.sync()).stats?.removed).toBe(1);
  });

  const edited = (rows: readonly Json[]) => rows.toSorted((a, b) => front(a) - front(b));
  const deleted = (rows: readonly Json[]) => rows.filter((row) => idOf(row) !== 100);

  // 100 to 61 are on the first two pages.
  test.each([
    ['edits moved', 'behind a page', edited, 1, 61],
    ['edits moved', 'within a page', edited, 1, 52],
    ['a deletion moved', 'behind a page', deleted, 60, 61],
  ])(
    'a record that %s out of two scans while their runs rested %s stays',
    async (_what, _where, moved, id, restsAt) => {
      const bench = await synced(await open(), many(100));
      bench.source.details.set('100', { id: 100, name: 'Record 100' });
      for (const scan of ['first', 'second', 'third']) {
        bench.source.rows = many(100);
        bench.untilDue();
        bench.source.calls.length = 0;
        const shouldStop = () => bench.source.calls.includes(`detail ${restsAt}`);
        await bench.sync({}, { shouldStop });
        expect((await bench.control()).run).toMatchObject({ phase: 'listing' });
        bench.source.rows = moved(many(100));
        const result = await bench.sync({ resumeOnly: true });
        expect(result, scan).toMatchObject({ success: true, stats: { removed: 0 } });
        expect(await ids(bench), scan).toContain(id);
      }
    },
  );

  test('a record missing from a sound scan, and then from one in which something moved, stays', async () => {
    const bench = await synced(await open());
    hidden(bench, 7);
    bench.untilDue();
    await bench.sync();
    bench.source.rows = [...bench.source.rows, ...bench.source.rows.slice(0, 1)];
    bench.untilDue();
    expect((await bench.sync()).stats).toMatchObject({ duplicates: 1, removed: 0 });
    expect(await ids(bench)).toContain(7);
  });

  test('a row that comes twice shows that something moved, also once a resumed run found its page shorter', async () => {
    const bench = await synced(await open(), many(100));
    bench.untilDue();
    bench.source.calls.length = 0;
    await bench.sync({}, { shouldStop: () => bench.source.calls.includes('detail 52') });
    // 100 was deleted, so that the others moved up; 90 is listed once more, behind all others.
    bench.source.rows = [...deleted(many(100)), ...many(90).slice(0, 1)];
    const result = await bench.sync({ resumeOnly: true });
    expect(result).toMatchObject({ success: true, stats: { duplicates: 1 } });
  });

  test('what is gone goes also from a list that shifts each time', async () => {
    const bench = await synced(await open(), many(100));
    without(bench, 7);
    bench.source.rows = [...bench.source.rows, ...bench.source.rows.slice(0, 1)];
    bench.untilDue();
    expect((await bench.sync()).stats).toMatchObject({ duplicates: 1, removed: 1 });
    expect(await ids(bench)).not.toContain(7);
  });

  test('a record whose row lost its id is in error, and stays however often', async () => {
    const bench = await synced(await open(), many(50));
    for (const id of [7, 8]) bench.source.details.set(String(id), { id, name: `Record ${id}` });
    bench.source.rows = many(50, (id) => ([7, 8].includes(id) ? { id: null } : {}));
    for (let scan = 0; scan < 3; scan += 1) {
      bench.untilDue();
      const result = await bench.sync();
      expect(result).toMatchObject({ success: true, stats: { errors: 2, removed: 0 } });
      expect(await ids(bench)).toHaveLength(50);
    }
    // What is gone goes all the same.
    without(bench, 30);
    bench.untilDue();
    expect((await bench.sync()).stats).toMatchObject({ errors: 2, removed: 1 });
    expect(await ids(bench)).not.toContain(30);
    // What so few of them can't explain is a loss all the same.
    bench.source.rows = bench.source.rows.slice(20);
    bench.untilDue();
    expect(await bench.sync()).toMatchObject({ success: false, stats: { removed: 0 } });
    expect((await bench.control()).held).not.toBeNull();
  });

  test('as many rows without an id as records are missing explain them all: nothing waits for a person', async () => {
    const bench = await synced(await open(), many(100));
    for (let id = 1; id <= 30; id += 1) {
      bench.source.details.set(String(id), { id, name: `Record ${id}` });
    }
    bench.source.rows = many(100, (id) => (id <= 30 ? { id: null, was: id } : {}));
    bench.untilDue();
    expect(await bench.sync()).toMatchObject({ success: true, stats: { errors: 30, removed: 0 } });
    expect((await bench.control()).held).toBeNull();
    expect(await ids(bench)).toHaveLength(100);
  });

  test('an id that begins with a question mark is an id like any other', async () => {
    const bench = await synced(await open(), [...many(20), { id: '?sort=new', name: 'odd' }]);
    hidden(bench, 7);
    for (const removed of [0, 1]) {
      bench.untilDue();
      expect(await bench.sync()).toMatchObject({ success: true, stats: { errors: 0, removed } });
    }
  });

  test('more than max(5, 10 %) missing: nothing goes, the run is no success and waits for a person', async () => {
    const bench = await synced(await open(), many(100));
    bench.source.rows = bench.source.rows.slice(0, 50);
    bench.untilDue();
    const result = await bench.sync();
    expect(result).toMatchObject({ success: false, stats: { removed: 0, unchanged: 50 } });
    expect(result.message).toContain('50 of 100 records are missing');
    expect(await ids(bench)).toHaveLength(100);
    const control = await bench.control();
    expect(control.held).toMatchObject({ runId: result.run_id, count: 50 });
    expect(control.lastSuccessAtMs).toBeLessThan(bench.clock.nowMs() - 3_600_000);
    bench.clock.advance(60_000);
    expect((await bench.sync()).decision).toBe('held');
  });

  test('the guard lets 10 % go and holds one more', async () => {
    for (const [missing, removed] of [
      [10, 10],
      [11, 0],
    ] as const) {
      const bench = await synced(await open(), many(100));
      bench.source.rows = bench.source.rows.slice(missing);
      bench.untilDue();
      expect((await bench.sync()).stats?.removed).toBe(removed);
      expect(await ids(bench)).toHaveLength(100 - removed);
    }
    expect([0, 49, 59, 60].map(guardAllows)).toEqual([5, 5, 5, 6]);
  });

  test('another shop’s catalogue in place of this one drives nothing out', async () => {
    const bench = await synced(await open(), many(30));
    bench.source.rows = many(300, (id) => ({ id: 1000 + id }));
    bench.source.before = ({ kind, of }) => {
      if (kind === 'detail' && Number(of) < 1000) throw new UpstreamError('not_found', 'HTTP 404');
    };
    bench.untilDue();
    const result = await bench.sync();
    expect(result).toMatchObject({ success: false, stats: { created: 300, removed: 0 } });
    expect(result.message).toContain('30 of 30 records are missing');
    expect(await ids(bench)).toHaveLength(330);
    // Nor in the runs after it: what came since counts as little as what comes.
    const heldStill = async () => {
      bench.untilDue();
      const next = await bench.sync();
      expect(next).toMatchObject({ success: false, stats: { created: 0, removed: 0 } });
      expect(await ids(bench)).toHaveLength(330);
      return (await bench.control()).held;
    };
    await heldStill();
    const held = await heldStill();
    expect(held?.count).toBe(30);
    // Also after a person said that they stay.
    const ports = { store: bench.store, clock: bench.clock, log: silent };
    expect(await discardHeld(REF, held?.runId ?? '', ports)).toMatchObject({ success: true });
    await heldStill();
    // Back to what it was: that the other one goes is a person's to decide, too, in figures that make sense.
    bench.source.rows = many(30);
    bench.source.before = () => {};
    bench.untilDue();
    expect((await bench.sync()).message).toContain('300 of 330 records are missing');
  });

  test('nor in a deployment that an older version left, also after its hold was discarded', async () => {
    for (const isDiscarded of [false, true]) {
      const bench = await synced(await open(), many(30));
      const older = async () => {
        const now = await bench.control();
        const before = { ...now, settledCount: null, fence: now.fence + 1 };
        const terms = { nowMs: bench.clock.nowMs(), goneHolder: null };
        expect(await bench.store.acquire(REF, now, before, terms)).toBe(true);
      };
      if (!isDiscarded) await older();
      bench.source.rows = many(300, (id) => ({ id: 1000 + id }));
      bench.untilDue();
      expect(await bench.sync()).toMatchObject({ success: false, stats: { created: 300 } });
      if (isDiscarded) {
        await older();
        const { held } = await bench.control();
        const ports = { store: bench.store, clock: bench.clock, log: silent };
        await discardHeld(REF, held?.runId ?? '', ports);
      }
      expect((await bench.control()).held === null).toBe(isDiscarded);
      for (const created of [0, 0]) {
        bench.untilDue();
        expect(await bench.sync()).toMatchObject({
          success: false,
          stats: { created, removed: 0 },
        });
      }
      expect(await ids(bench)).toHaveLength(330);
    }
  });

  test('nor where the run that brought it was begun again, and what is missing is now less than came', async () => {
    const bench = await synced(await open(), many(30));
    bench.source.rows = many(300, (id) => ({ id: 1000 + id }));
    bench.source.before = ({ kind, of }) => {
      if (kind === 'detail' && Number(of) < 1000) throw new UpstreamError('not_found', 'HTTP 404');
      if (kind === 'page' && of === '15') throw new UpstreamError('retry_budget', 'down');
    };
    bench.untilDue();
    expect(await bench.sync()).toMatchObject({ success: false });
    expect((await bench.control()).run).not.toBeNull();
    bench.source.before = ({ kind, of }) => {
      if (kind === 'detail' && Number(of) < 1000) throw new UpstreamError('not_found', 'HTTP 404');
    };
    bench.clock.advance(hours(3));
    const again = await bench.sync();
    expect(again.message).toContain('30 of 310 records are missing');
    expect(again).toMatchObject({ success: false, stats: { removed: 0 } });
    expect(await ids(bench)).toHaveLength(330);
  });

  test('nor where no run was complete before it came', async () => {
    const bench = syncBench(await open(), many(60));
    bench.source.pageSize = 30;
    bench.source.before = ({ kind, of }) => {
      if (kind === 'page' && of === '2') throw new UpstreamError('retry_budget', 'down');
    };
    expect(await bench.sync()).toMatchObject({ success: false, stats: { created: 30 } });
    bench.source.before = () => {};
    bench.source.rows = many(300, (id) => ({ id: 1000 + id }));
    for (const created of [300, 0, 0]) {
      bench.untilDue();
      expect(await bench.sync()).toMatchObject({ success: false, stats: { created, removed: 0 } });
    }
    expect(await ids(bench)).toHaveLength(330);
  });

  test('an empty list holds, however few the records are', async () => {
    const bench = await synced(await open(), many(3));
    bench.source.rows = [];
    bench.untilDue();
    expect(await bench.sync()).toMatchObject({ success: false, stats: { removed: 0 } });
    expect(await ids(bench)).toEqual([1, 2, 3]);
    expect((await bench.control()).held?.reason).toContain('listed no record');
  });

  test('a list shorter than announced is incomplete: nothing goes, and it is no success', async () => {
    const bench = await synced(await open(), many(100));
    bench.source.rows = bench.source.rows.slice(0, 60);
    bench.source.count = 100;
    bench.untilDue();
    const result = await bench.sync();
    expect(result.success).toBe(false);
    expect(result.message).toContain('announced 100 records and listed 60');
    expect(await ids(bench)).toHaveLength(100);
    expect((await bench.control()).held).toBeNull();
  });

  test('a count that is a little off removes nothing, and says so', async () => {
    const bench = await synced(await open());
    without(bench, 7);
    bench.source.count = 50;
    for (let scan = 0; scan < 3; scan += 1) {
      bench.untilDue();
      expect(await bench.sync()).toMatchObject({ success: true, stats: { removed: 0 } });
    }
    expect(await ids(bench)).toContain(7);
    expect((await bench.store.runs(REF, 1))[0]?.note).toContain('nothing was removed');
  });

  test('a list short of what was announced by as many as may go is no failure, by one more it is', async () => {
    for (const [listed, success] of [
      [90, true],
      [89, false],
    ] as const) {
      const bench = await synced(await open(), many(100));
      bench.source.rows = bench.source.rows.slice(0, listed);
      bench.source.count = 100;
      bench.untilDue();
      expect(await bench.sync()).toMatchObject({ success, stats: { removed: 0 } });
      expect((await bench.control()).held).toBeNull();
    }
  });

  test('a page that can’t be read: the rest is stored, nothing goes, and it is no success', async () => {
    const bench = await synced(
      await open(),
      many(100, (id) => ({ size: id })),
    );
    bench.source.rows = many(100, (id) => ({ size: id + 1 }));
    bench.source.before = ({ kind, of }) => {
      if (kind === 'page' && of === '3') throw new UpstreamError('unavailable', 'HTTP 500');
    };
    bench.untilDue();
    const result = await bench.sync();
    expect(result).toMatchObject({ success: false, stats: { updated: 80, removed: 0 } });
    expect(await ids(bench)).toHaveLength(100);
    expect((await bench.control()).lastError?.code).toBe('pages_lost');
  });

  test('a maintenance page in place of the list changes nothing and is no success', async () => {
    const bench = await synced(await open());
    bench.source.before = () => {
      throw new UpstreamError('invalid', 'an HTML page instead of JSON');
    };
    bench.untilDue();
    expect(await bench.sync()).toMatchObject({ success: false });
    expect(await ids(bench)).toHaveLength(50);
    expect((await bench.control()).lastError).toMatchObject({ code: 'invalid' });
  });

  test('a record in error is never a candidate', async () => {
    const bench = await synced(await open());
    bench.source.rows = many(50, (id) => (id === 7 ? { name: 7 } : {}));
    for (let scan = 0; scan < 3; scan += 1) {
      bench.untilDue();
      expect(await bench.sync()).toMatchObject({ success: true, stats: { errors: 1, removed: 0 } });
    }
    expect((await bench.live())['7']).toEqual({ name: 'Record 7', size: 0 });
  });

  test('a removed record comes back to life when its id returns', async () => {
    const bench = await synced(await open());
    const all = bench.source.rows;
    without(bench, 7);
    bench.untilDue();
    await bench.sync();
    bench.source.rows = all;
    bench.untilDue();
    expect((await bench.sync()).stats).toMatchObject({ created: 1, unchanged: 49 });
    expect((await bench.live())['7']).toEqual({ name: 'Record 7', size: 0 });
  });

  test('approved deletions happen, without asking upstream, and the catalogue is no longer held', async () => {
    const bench = await synced(await open(), many(100));
    bench.source.rows = bench.source.rows.slice(0, 50);
    bench.untilDue();
    await bench.sync();
    bench.source.calls.length = 0;
    const result = await bench.sync({ scope: 'removal', force: true, trigger: 'admin' });
    expect(result).toMatchObject({ success: true, stats: { removed: 50 } });
    expect(bench.source.calls).toEqual([]);
    expect(await ids(bench)).toHaveLength(50);
    expect(await bench.control()).toMatchObject({ held: null, lastError: null, liveCount: 50 });
  });

  test('what was due stays due since then when deletions are approved, and what was not is due at once', async () => {
    const bench = await synced(await open(), many(100));
    bench.source.rows = bench.source.rows.slice(0, 50);
    bench.untilDue();
    await bench.sync();
    const approve = async (): Promise<number> => {
      await bench.sync({ scope: 'removal', force: true, trigger: 'admin' });
      return (await bench.control()).nextDueAtMs;
    };
    expect(await approve()).toBe(bench.clock.nowMs());
    const dueSinceMs = (await bench.control()).nextDueAtMs;
    bench.clock.advance(minutes(3));
    expect(await approve()).toBe(dueSinceMs);
  });

  test('an approval is of one run: what another held meanwhile is not removed by it', async () => {
    const bench = await synced(await open(), many(100));
    bench.source.rows = bench.source.rows.slice(0, 50);
    bench.untilDue();
    const { run_id: approved } = await bench.sync();
    bench.untilDue();
    await bench.sync();
    const removal = { scope: 'removal', force: true, heldRunId: approved ?? '' } as const;
    expect(await bench.sync(removal)).toMatchObject({ decision: 'fresh', stats: null });
    expect(await ids(bench)).toHaveLength(100);
  });

  test('approved deletions that are interrupted for long, twice, are still those of one run', async () => {
    const bench = await synced(await open(), many(200));
    bench.source.rows = bench.source.rows.slice(0, 100);
    bench.untilDue();
    await bench.sync();
    const dying = () => ({ store: dyingStore(bench.store, 4, 'before') });
    const removal = { scope: 'removal', force: true, trigger: 'admin' } as const;
    await expect(bench.sync(removal, dying())).rejects.toThrow(Crash);
    bench.clock.advance(minutes(20));
    await expect(bench.sync({ resumeOnly: true }, dying())).rejects.toThrow(Crash);
    expect((await bench.control()).liveCount).toBe(140);
    bench.clock.advance(minutes(20));
    expect(await bench.sync({ resumeOnly: true })).toMatchObject({
      success: true,
      stats: { removed: 100 },
    });
    expect(await ids(bench)).toHaveLength(100);
  });

  test('reading records in error again settles nothing: the deletions still wait, and the status says so', async () => {
    const bench = await synced(
      await open(),
      many(100, (id) => (id === 99 ? { name: 1 } : {})),
    );
    bench.source.rows = bench.source.rows.slice(0, 50);
    bench.untilDue();
    await bench.sync();
    const { held } = await bench.control();
    expect(held?.count).toBe(50);
    bench.source.rows = many(100).slice(0, 50);
    bench.clock.advance(1000);
    const retried = await bench.sync({ scope: 'rejects', force: true });
    expect(retried).toMatchObject({ success: true, stats: { total: 1, created: 1 } });
    expect(await bench.control()).toMatchObject({ held, lastError: { code: 'held' } });
  });

  test('a supplier too slow to be probed delays the end by half a minute at most, and proves nothing', async () => {
    const bench = await synced(await open());
    without(bench, 7);
    const { detail } = bench.source;
    const asked = Promise.withResolvers<void>();
    const hang = (signal: AbortSignal): Promise<never> =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')));
        asked.resolve();
      });
    Object.assign(bench.source, {
      detail: (...given: Parameters<typeof detail>) =>
        given[1] === '7' ? hang(given[2]) : detail(...given),
    });
    bench.untilDue();
    const running = bench.sync();
    await asked.promise;
    bench.clock.advance(minutes(1) / 2);
    expect(await running).toMatchObject({ success: true, stats: { removed: 0 } });
    expect(await ids(bench)).toContain(7);
  });

  test.each([
    ['well, and unchanged', 'Record 60'],
    ['well, and changed', 'another name'],
    ['in error still', 7],
  ])('of approved deletions, what a retry of rejects has found %s stays', async (_, name) => {
    const bench = await synced(await open(), many(60));
    bench.source.details.set('60', { id: 60, name: 7 });
    bench.untilDue();
    await bench.sync();
    bench.source.rows = many(60).filter(({ id }) => Number(id) <= 40);
    bench.untilDue();
    await bench.sync();
    bench.source.rows = many(60);
    bench.source.details.set('60', { id: 60, name });
    await bench.sync({ scope: 'rejects', force: true });
    const heldRunId = (await bench.control()).held?.runId ?? '';
    await bench.sync({ scope: 'removal', force: true, heldRunId });
    expect(await ids(bench)).toContain(60);
  });

  test('of approved deletions, what upstream lists again stays', async () => {
    const bench = await synced(await open(), many(100));
    const all = bench.source.rows;
    bench.source.rows = all.slice(0, 50);
    bench.untilDue();
    await bench.sync();
    // A later run, interrupted at its end, has seen them all again.
    bench.source.rows = all;
    bench.source.count = 200;
    bench.untilDue();
    await bench.sync();
    const result = await bench.sync({ scope: 'removal', force: true });
    expect(result.stats?.removed).toBe(0);
    expect(await ids(bench)).toHaveLength(100);
  });

  test('discarded deletions are forgotten, every record stays, and only once', async () => {
    const bench = await synced(await open(), many(100));
    bench.source.rows = bench.source.rows.slice(0, 50);
    bench.untilDue();
    const { run_id: runId } = await bench.sync();
    const ports = { store: bench.store, clock: bench.clock, log: silent };
    expect((await discardHeld(REF, 'another', ports)).success).toBe(false);
    expect(await discardHeld(REF, runId ?? '', ports)).toEqual({
      success: true,
      message: 'The 50 records stay.',
    });
    expect((await discardHeld(REF, runId ?? '', ports)).success).toBe(false);
    expect(await ids(bench)).toHaveLength(100);
    expect((await bench.control()).held).toBeNull();
  });

  /** Half of it is missing, and one record is listed twice: something moved. */
  const heldUnproven = async (): Promise<SyncBench> => {
    const bench = await synced(await open(), many(100));
    const half = bench.source.rows.slice(0, 50);
    bench.source.rows = [...half, ...half.slice(0, 1)];
    bench.source.count = 51;
    bench.untilDue();
    await bench.sync();
    expect((await bench.control()).held?.count).toBe(50);
    bench.source.count = null;
    return bench;
  };

  test('deletions held by a scan in which something moved are carried out when they are approved', async () => {
    const bench = await heldUnproven();
    const result = await bench.sync({ scope: 'removal', force: true });
    expect(result).toMatchObject({ success: true, stats: { removed: 50 } });
    expect(await ids(bench)).toHaveLength(50);
  });

  test.each(['another scan', 'a person who discards them'])(
    'but they prove nothing once %s drops the hold',
    async (who) => {
      const bench = await heldUnproven();
      bench.source.details.set('7', { id: 7, name: 'Record 7' });
      const ports = { store: bench.store, clock: bench.clock, log: silent };
      const runId = (await bench.control()).held?.runId ?? '';
      if (who !== 'another scan') await discardHeld(REF, runId, ports);
      bench.source.rows = many(100).filter(({ id }) => id !== 7);
      bench.untilDue();
      expect(await bench.sync()).toMatchObject({ success: true, stats: { removed: 0 } });
      expect(await ids(bench)).toHaveLength(100);
      // The next one has been missed by two scans in which nothing moved.
      bench.untilDue();
      expect(await bench.sync()).toMatchObject({ success: true, stats: { removed: 1 } });
    },
  );

  test('of approved deletions, what a later scan listed stays, also one that ended in a circle', async () => {
    const bench = await synced(await open(), many(100));
    bench.source.rows = many(100).slice(0, 50);
    bench.untilDue();
    await bench.sync();
    const { page } = bench.source;
    const circling: SyncBench['source']['page'] = async (resource, cursor, signal) => {
      const found = await page(resource, cursor, signal);
      return cursor === '4' ? { ...found, next: '2' } : found;
    };
    bench.source.rows = many(100);
    Object.assign(bench.source, { page: circling });
    bench.untilDue();
    expect((await bench.sync()).success).toBe(false);
    expect(await bench.sync({ scope: 'removal', force: true })).toMatchObject({
      stats: { removed: 20 },
    });
    expect(await ids(bench)).toHaveLength(80);
  });

  test('rows without ids lift no guard from what is missing beside them', async () => {
    const bench = await synced(await open(), many(200));
    const named = many(200).map(({ id, name }) => ({ id: Number(id) > 140 ? null : id, name }));
    bench.source.rows = named.map(({ id, name = '' }) => ({ id, name }));
    for (let scan = 0; scan < 2; scan += 1) {
      bench.untilDue();
      expect((await bench.sync()).stats).toMatchObject({ removed: 0 });
    }
    expect(await ids(bench)).toHaveLength(200);
  });

  test('what upstream serves and lists no more keeps nothing else from being asked for', async () => {
    const bench = await synced(createMemoryStore(), many(2000));
    hidden(bench, ...Array.from({ length: 120 }, (_, place) => 150 - place));
    const left = many(2000).slice(0, 1850);
    bench.source.rows = [...left, ...left.slice(0, 1)];
    bench.source.count = 1851;
    bench.untilDue();
    // 100 of the 150 are asked for, and of those 30 are gone.
    expect((await bench.sync()).stats).toMatchObject({ removed: 30 });
  });

  test('once they are discarded nothing is wrong any more, also when something was before', async () => {
    const bench = await synced(await open(), many(100));
    const { before } = bench.source;
    bench.source.before = () => {
      throw new UpstreamError('unavailable', 'down');
    };
    bench.untilDue();
    await bench.sync();
    bench.source.before = before;
    bench.source.rows = bench.source.rows.slice(0, 50);
    bench.untilDue();
    const { run_id: runId } = await bench.sync();
    const ports = { store: bench.store, clock: bench.clock, log: silent };
    await discardHeld(REF, runId ?? '', ports);
    expect(stateOf(await bench.control(), bench.clock.nowMs())).toBe('fresh');
  });

  test('discarding mends nothing else that is wrong', async () => {
    const bench = await synced(await open(), many(100));
    bench.source.rows = bench.source.rows.slice(0, 50);
    bench.untilDue();
    const { run_id: runId } = await bench.sync();
    bench.source.before = () => {
      throw new UpstreamError('no_credential', 'no key');
    };
    bench.untilDue();
    await bench.sync();
    const ports = { store: bench.store, clock: bench.clock, log: silent };
    expect(await discardHeld(REF, runId ?? '', ports)).toMatchObject({ success: true });
    expect(await bench.control()).toMatchObject({
      held: null,
      lastError: { code: 'no_credential' },
    });
  });

  test('an approval that meets a sync in progress was not carried out, and says so', async () => {
    const bench = await synced(await open(), many(100));
    bench.source.rows = bench.source.rows.slice(0, 50);
    bench.untilDue();
    const { run_id: heldRunId } = await bench.sync();
    await leasedByAnother(bench);
    const approval = { scope: 'removal', force: true, heldRunId: heldRunId ?? '' } as const;
    expect(await bench.sync(approval)).toMatchObject({ success: false, decision: 'running' });
  });

  test('discarding that meets a sync in progress says that it is to be tried again, and the hold stays', async () => {
    const bench = await synced(await open(), many(100));
    bench.source.rows = bench.source.rows.slice(0, 50);
    bench.untilDue();
    const { run_id: runId } = await bench.sync();
    await leasedByAnother(bench);
    const ports = { store: bench.store, clock: bench.clock, log: silent };
    expect(await discardHeld(REF, runId ?? '', ports)).toEqual({
      success: false,
      message: 'A sync is in progress; try again after it.',
    });
    expect((await bench.control()).held).toMatchObject({ runId });
  });

  test('a complete scan settles what was held', async () => {
    const bench = await synced(await open(), many(100));
    const all = bench.source.rows;
    bench.source.rows = all.slice(0, 50);
    bench.untilDue();
    await bench.sync();
    bench.source.rows = all;
    bench.untilDue();
    expect(await bench.sync()).toMatchObject({ success: true, stats: { unchanged: 100 } });
    expect(await bench.control()).toMatchObject({ held: null, lastError: null });
  });
});

const without7 = (rows: readonly Json[]) => rows.filter((row) => idOf(row) !== 7);
