import { expect, test } from 'vitest';
import { UpstreamError } from '../../shared/core/errors.ts';
import { minutes } from '../../shared/core/resource.ts';
import { intercepted } from '../support/failing-store.ts';
import { many } from '../support/fake-source.ts';
import { onEachStore } from '../support/stores.ts';
import { REF, syncBench, synced } from '../support/sync-bench.ts';

onEachStore('what becomes of each record', (open) => {
  test('new ones are created, changed ones updated, the others left alone', async () => {
    const bench = await synced(await open(), many(50));
    bench.source.rows = many(53, (id) => (id <= 4 ? { size: 9 } : {}));
    bench.untilDue();
    const { stats } = await bench.sync();
    expect(stats).toMatchObject({ total: 53, created: 3, updated: 4, unchanged: 46, errors: 0 });
    const live = await bench.live();
    expect(live['4']).toEqual({ name: 'Record 4', size: 9 });
    expect(live['5']).toEqual({ name: 'Record 5', size: 0 });
    expect((await bench.store.recent(REF)).map(({ id }) => id).slice(0, 4)).toEqual([
      '1',
      '2',
      '3',
      '4',
    ]);
  });

  test('a retry that breaks moves no gate: the whole is as fresh as it was', async () => {
    const bench = await synced(await open(), many(3));
    const before = await bench.control();
    const store = intercepted(bench.store, ({ operation }) => {
      if (operation === 'commit') throw new Error('broken');
    });
    bench.source.rows = [{ id: 3, name: 7 }, ...many(2)];
    bench.untilDue();
    await bench.sync();
    const due = (await bench.control()).nextDueAtMs;
    bench.source.rows = many(3, () => ({ size: 2 }));
    await expect(bench.sync({ scope: 'rejects', force: true }, { store })).rejects.toThrow(
      'broken',
    );
    expect(await bench.control()).toMatchObject({ nextDueAtMs: due, consecutiveFailures: 0 });
    expect(due).toBeGreaterThan(before.nextDueAtMs);
  });

  test('ids as long as they may be fit what a commit writes down of the unchanged', async () => {
    const rows = many(950, (id) => ({ id: `${id}-`.padEnd(500, 'x') }));
    const bench = await synced(await open(), rows);
    bench.untilDue();
    expect(await bench.sync()).toMatchObject({ success: true, stats: { unchanged: 950 } });
  });

  test('the detail wins over the list entry', async () => {
    const bench = syncBench(await open(), [{ id: 1, name: 'listed', size: 1 }]);
    bench.source.details.set('1', { id: 1, name: 'detailed' });
    await bench.sync();
    expect(await bench.live()).toMatchObject({ 1: { name: 'detailed', size: 1 } });
  });

  test.each([
    [{ image_url: null, images: [] }, { image_url: 'list.jpg' }],
    [{ photo: '' }, { image_url: 'list.jpg' }],
    [{ photo: 'detail.jpg' }, { photo: 'detail.jpg' }],
    [{ image_url: 'detail.jpg' }, { image_url: 'detail.jpg' }],
  ])('an image that only the list has is kept: detail %j makes %j', async (detail, kept) => {
    const bench = syncBench(await open(), [{ id: 1, name: 'x', image_url: 'list.jpg' }]);
    bench.source.details.set('1', { id: 1, name: 'x', ...detail });
    await bench.sync();
    expect((await bench.live())['1']).toMatchObject({ pictures: kept });
  });

  test('a detail that is no object makes a reject', async () => {
    const bench = syncBench(await open(), many(3));
    bench.source.details.set('2', ['not', 'it']);
    expect((await bench.sync()).stats).toMatchObject({ created: 2, errors: 1 });
  });

  test('one bad record is logged and recorded, never stops the rest, and keeps its last good body', async () => {
    const bench = await synced(
      await open(),
      many(50, (id) => ({ size: id })),
    );
    bench.source.rows = many(50, (id) => ({ size: id === 7 ? 'large' : id + 1 }));
    bench.untilDue();
    const result = await bench.sync();
    expect(result).toMatchObject({ success: true, stats: { updated: 49, errors: 1 } });
    expect((await bench.live())['7']).toEqual({ name: 'Record 7', size: 7 });
    expect(await bench.store.rejects(REF, 10)).toMatchObject([
      { key: '7', reason: expect.stringContaining('size'), attempts: 1 },
    ]);
    expect(bench.events).toContainEqual(
      expect.objectContaining({
        event: 'record_rejected',
        fields: expect.objectContaining({ id: '7' }),
      }),
    );
    expect(await bench.control()).toMatchObject({
      rejectCount: 1,
      liveRejectCount: 1,
      liveCount: 50,
    });
  });

  test('a record in error that is well again leaves the list of errors; so does one that upstream drops', async () => {
    const bench = syncBench(
      await open(),
      many(50, (id) => (id === 7 || id === 8 ? { name: 1 } : {})),
    );
    await bench.sync();
    expect(await bench.store.rejects(REF, 10)).toHaveLength(2);
    expect(await bench.control()).toMatchObject({ rejectCount: 2, liveRejectCount: 0 });
    bench.source.rows = many(50).filter(({ id }) => id !== 8);
    bench.untilDue();
    await bench.sync();
    expect(await bench.store.rejects(REF, 10)).toEqual([]);
    expect(await bench.control()).toMatchObject({ rejectCount: 0, liveCount: 49 });
  });

  test('an attempt more is counted each time a record fails again', async () => {
    const bench = syncBench(
      await open(),
      many(9, (id) => (id === 7 ? { name: 1 } : {})),
    );
    for (let run = 0; run < 3; run += 1) {
      await bench.sync();
      bench.untilDue();
    }
    expect(await bench.store.rejects(REF, 10)).toMatchObject([{ key: '7', attempts: 3 }]);
  });

  test('a detail that can’t be had makes a reject, never a poorer record', async () => {
    const bench = await synced(
      await open(),
      many(50, () => ({ size: 1 })),
    );
    bench.source.rows = many(50, () => ({ size: 2 }));
    bench.source.before = ({ kind, of }) => {
      if (kind === 'detail' && of === '7') throw new UpstreamError('unavailable', 'HTTP 502');
      if (kind === 'detail' && of === '8') throw new UpstreamError('not_found', 'HTTP 404');
    };
    bench.untilDue();
    expect(await bench.sync()).toMatchObject({ success: true, stats: { updated: 48, errors: 2 } });
    const live = await bench.live();
    expect([live['7'], live['8']]).toEqual([
      { name: 'Record 7', size: 1 },
      { name: 'Record 8', size: 1 },
    ]);
  });

  test.each(['unavailable', 'invalid'] as const)(
    'what is %s in an outage rejects no record and loses no page: the run waits before it',
    async (failure) => {
      const bench = await synced(await open(), many(50));
      bench.source.rows = many(90, () => ({ size: 2 }));
      const failingIn = (kind: 'page' | 'detail', failing: string) => {
        bench.source.before = (call) => {
          if (call.kind !== kind || call.of !== failing) return;
          throw new UpstreamError(failure, 'HTTP 502', { isOutage: true });
        };
      };
      failingIn('detail', '60');
      bench.untilDue();
      expect(await bench.sync()).toMatchObject({ success: false, stats: { errors: 0 } });
      failingIn('page', '4');
      expect(await bench.sync({ resumeOnly: true })).toMatchObject({ success: false });
      expect(await bench.control()).toMatchObject({
        lastError: { code: failure },
        run: { pagesFailed: 0, stats: { errors: 0 } },
      });
      bench.source.before = () => {};
      expect(await bench.sync({ resumeOnly: true })).toMatchObject({
        success: true,
        stats: { created: 40, updated: 50, errors: 0 },
      });
    },
  );

  test('a row that is no record at all is one error, and told by its content', async () => {
    const rows = [{ name: 'no id' }, { id: { odd: true }, name: 'x' }, ...many(3)];
    const bench = syncBench(await open(), rows);
    bench.source.rows.push(null, 'text', [1]);
    expect((await bench.sync()).stats).toMatchObject({ total: 8, created: 3, errors: 5 });
    const rejects = await bench.store.rejects(REF, 10);
    expect(rejects.map(({ payload }) => payload).toSorted()).toContain('{"name":"no id"}');
  });

  test('the same id twice makes one record: the first wins, the second is counted as a duplicate', async () => {
    const rows = [{ id: 12, name: 'first' }, { id: '12', name: 'second' }, ...many(30)];
    const bench = syncBench(await open(), rows);
    expect((await bench.sync()).stats).toMatchObject({ total: 30, created: 30, duplicates: 2 });
    expect((await bench.live())['12']).toEqual({ name: 'first', size: 0 });
  });

  test('when most records are unusable the run failed, and nothing is removed', async () => {
    const bench = await synced(await open());
    bench.source.rows = many(48, (id) => (id > 10 ? { name: 1 } : {}));
    bench.untilDue();
    const result = await bench.sync();
    expect(result).toMatchObject({ success: false, stats: { errors: 38, removed: 0 } });
    expect(await bench.control()).toMatchObject({
      lastError: { code: 'mostly_rejected' },
      liveCount: 50,
    });
  });

  test('of a few records nearly all may be unusable, and the run is a success all the same', async () => {
    const bench = syncBench(
      await open(),
      many(4, (id) => (id > 1 ? { name: 1 } : {})),
    );
    expect(await bench.sync()).toMatchObject({ success: true, stats: { created: 1, errors: 3 } });
  });

  test('a record too large to store is rejected before the write', async () => {
    const bench = syncBench(await open(), many(3));
    bench.source.rows.push({ id: 99, name: 'x'.repeat(360_000) });
    expect((await bench.sync()).stats).toMatchObject({ created: 3, errors: 1 });
    expect((await bench.store.rejects(REF, 1))[0]?.reason).toContain('350000');
  });

  test('retrying the records in error asks for the list and their details only, and moves no gate', async () => {
    const bench = syncBench(
      await open(),
      many(60, (id) => (id === 7 ? { name: 1 } : {})),
    );
    await bench.sync();
    const before = await bench.control();
    bench.source.rows = many(60);
    bench.source.calls.length = 0;
    bench.clock.advance(1000);
    const result = await bench.sync({ scope: 'rejects', force: true, trigger: 'cli' });
    expect(result).toMatchObject({ success: true, stats: { total: 1, created: 1 } });
    expect(bench.source.calls.filter((call) => call.startsWith('detail'))).toEqual(['detail 7']);
    const after = await bench.control();
    expect(after).toMatchObject({
      rejectCount: 0,
      liveCount: 60,
      lastSuccessAtMs: before.lastSuccessAtMs,
    });
    expect(after.nextDueAtMs).toBe(before.nextDueAtMs);
  });

  test('retrying the records in error, when it fails, says so, and nothing of the whole', async () => {
    const bench = syncBench(
      await open(),
      many(60, (id) => (id === 3 ? { name: 1 } : {})),
    );
    await bench.sync();
    const { before } = bench.source;
    bench.source.before = () => {
      throw new UpstreamError('unavailable', 'HTTP 500');
    };
    bench.clock.advance(1000);
    const retry = { scope: 'rejects', force: true, trigger: 'cli' } as const;
    const failed = await bench.sync(retry);
    expect(failed).toMatchObject({ success: false, message: expect.stringMatching(/HTTP 500/) });
    expect(await bench.control()).toMatchObject({ lastError: null, consecutiveFailures: 0 });
    // A key that is refused is everybody's trouble.
    bench.source.before = () => {
      throw new UpstreamError('key_refused', 'HTTP 403');
    };
    expect(await bench.sync(retry)).toMatchObject({ decision: 'no_credential' });
    expect((await bench.control()).lastError?.code).toBe('key_refused');
    bench.source.before = before;
  });

  test('a row that comes twice on a page is counted once, however often the page is read again', async () => {
    const bench = syncBench(await open(), many(60));
    const [first = {}, ...rest] = many(60);
    bench.source.rows = [first, first, first, ...rest];
    bench.source.pageSize = 63;
    for (let stop = 0; stop < 3; stop += 1) {
      let asked = 0;
      await bench.sync({ force: true }, { shouldStop: () => (asked += 1) > 36 });
    }
    const result = await bench.sync({ force: true });
    expect(result.stats).toMatchObject({ total: 60, duplicates: 2 });
  });

  test('retrying the records in error is no success where a page of the list was lost', async () => {
    const bench = syncBench(
      await open(),
      many(60, (id) => (id === 3 ? { name: 1 } : {})),
    );
    await bench.sync();
    const before = await bench.control();
    bench.source.rows = many(60);
    bench.source.before = ({ kind, of }) => {
      if (kind === 'page' && of === '3') throw new UpstreamError('invalid', 'not JSON');
    };
    bench.clock.advance(1000);
    const retry = { scope: 'rejects', force: true, trigger: 'cli' } as const;
    expect(await bench.sync(retry)).toMatchObject({ success: false, stats: { total: 0 } });
    expect((await bench.store.runs(REF, 1))[0]).toMatchObject({ outcome: 'incomplete' });
    const { nextDueAtMs, rejectCount, run } = await bench.control();
    expect({ nextDueAtMs, rejectCount, run }).toEqual({
      nextDueAtMs: before.nextDueAtMs,
      rejectCount: 1,
      run: null,
    });
  });

  test.each([
    ['goes on', minutes(5), true],
    ['is begun again after half an hour', minutes(31), false],
  ])(
    'retrying the records in error, paused, %s by a tick, and moves no gate',
    async (_title, pausedMs, isSame) => {
      const bench = syncBench(
        await open(),
        many(300, (id) => (id % 3 === 0 ? { name: 1 } : {})),
      );
      await bench.sync();
      const before = await bench.control();
      bench.source.rows = many(300);
      let commits = 0;
      const host = { shouldStop: () => commits >= 1, observe: () => (commits += 1) };
      const first = await bench.sync({ scope: 'rejects', force: true, trigger: 'cli' }, host);
      expect((await bench.control()).run).toMatchObject({ scope: 'rejects' });
      bench.source.calls.length = 0;
      bench.clock.advance(pausedMs);
      const second = await bench.sync({ resumeOnly: true });
      expect(second.success).toBe(true);
      expect(second.run_id === first.run_id).toBe(isSame);
      expect((await bench.store.runs(REF, 1))[0]).toMatchObject({ scope: 'rejects' });
      expect(bench.source.calls.filter((call) => call.startsWith('detail')).length).toBeLessThan(
        100,
      );
      const after = await bench.control();
      expect(after).toMatchObject({ rejectCount: 0, liveCount: 300, run: null });
      expect(after.nextDueAtMs).toBe(before.nextDueAtMs);
      expect(after.lastAttemptAtMs).toBe(before.lastAttemptAtMs);
    },
  );

  test('retrying the records in error while the whole is unfinished goes on with the whole', async () => {
    const bench = syncBench(
      await open(),
      many(100, (id) => (id === 99 ? { name: 1 } : {})),
    );
    const paused = await bench.sync(
      {},
      { shouldStop: () => bench.source.calls.includes('detail 61') },
    );
    expect((await bench.control()).run).toMatchObject({ phase: 'listing' });
    const retried = await bench.sync({ scope: 'rejects', force: true, trigger: 'admin' });
    expect(retried).toMatchObject({
      success: true,
      run_id: paused.run_id,
      stats: { total: 100, created: 99 },
    });
  });

  test('retrying the records in error does not hide what is wrong with the whole', async () => {
    const bench = syncBench(
      await open(),
      many(60, (id) => (id === 7 ? { name: 1 } : {})),
    );
    bench.source.before = ({ kind, of }) => {
      if (kind === 'page' && of === '3') throw new UpstreamError('unavailable', 'HTTP 500');
    };
    expect((await bench.sync()).success).toBe(false);
    bench.source.rows = many(60);
    bench.source.before = () => {};
    expect(await bench.sync({ scope: 'rejects', force: true })).toMatchObject({ success: true });
    expect(await bench.control()).toMatchObject({
      lastError: { code: 'pages_lost' },
      consecutiveFailures: 1,
    });
  });
});
