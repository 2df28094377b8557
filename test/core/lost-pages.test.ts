import { expect, test } from 'vitest';
import { UpstreamError } from '../../shared/core/errors.ts';
import { minutes } from '../../shared/core/resource.ts';
import { many } from '../support/fake-source.ts';
import { onEachStore } from '../support/stores.ts';
import { REF, synced, type SyncBench } from '../support/sync-bench.ts';

/** None of these pages can be read, while others can. */
function losing(bench: SyncBench, pages: readonly string[]): void {
  bench.source.before = ({ kind, of }) => {
    if (kind === 'page' && pages.includes(of)) throw new UpstreamError('invalid', 'not JSON');
  };
}

onEachStore('pages that can’t be read within a list', (open) => {
  test.each([
    ['three of them apart', ['2', '5', '8']],
    ['two in a row, twice', ['2', '3', '5', '6']],
  ])('are passed over, also %s: the rest arrives', async (_title, lost) => {
    const bench = await synced(await open(), many(200));
    losing(bench, lost);
    bench.untilDue();
    const left = 200 - 20 * lost.length;
    expect(await bench.sync()).toMatchObject({ success: false, stats: { total: left } });
    expect((await bench.store.runs(REF, 1))[0]).toMatchObject({ outcome: 'incomplete' });
  });

  test('are an outage when they are three in a row: the run waits before the third, and goes on with it', async () => {
    const bench = await synced(await open(), many(200));
    losing(bench, ['4', '5', '6']);
    bench.untilDue();
    const interrupted = await bench.sync();
    expect((await bench.control()).run).not.toBeNull();
    losing(bench, []);
    bench.clock.advance(minutes(5));
    expect(await bench.sync({ resumeOnly: true })).toMatchObject({
      success: false,
      run_id: interrupted.run_id,
      stats: { total: 160 },
    });
  });

  test('are passed over as well where a resumed run begins with one', async () => {
    const bench = await synced(await open(), many(100));
    bench.untilDue();
    bench.source.calls.length = 0;
    const paused = await bench.sync(
      {},
      { shouldStop: () => bench.source.calls.includes('detail 61') },
    );
    const { run } = await bench.control();
    expect(run?.pagesRead).toBeGreaterThan(0);
    losing(bench, [run?.cursor ?? '']);
    bench.clock.advance(minutes(1));
    const resumed = await bench.sync({ resumeOnly: true });
    expect(resumed).toMatchObject({ success: false, run_id: paused.run_id });
    expect(bench.source.calls).toContain('page 5');
    expect((await bench.store.runs(REF, 1))[0]).toMatchObject({ outcome: 'incomplete' });
  });

  test('keep their records in error among those to read again', async () => {
    const bench = await synced(
      await open(),
      many(60, (id) => (id === 3 ? { name: 1 } : {})),
    );
    losing(bench, ['3']);
    bench.untilDue();
    expect((await bench.sync()).success).toBe(false);
    expect(await bench.store.rejects(REF, 10)).toMatchObject([{ key: '3' }]);
    expect((await bench.control()).rejectCount).toBe(1);
  });
});
