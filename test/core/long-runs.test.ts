import { expect, test } from 'vitest';
import { UpstreamError } from '../../shared/core/errors.ts';
import { hours, minutes } from '../../shared/core/resource.ts';
import type { JsonObject } from '../../shared/core/json.ts';
import type { Page } from '../../shared/core/ports.ts';
import { createMemoryStore } from '../../shared/adapters/memory/store.ts';
import { KEPT_DAYS } from '../../shared/adapters/dynamodb/expiry.ts';
import { many, type FakeSource } from '../support/fake-source.ts';
import { onEachStore } from '../support/stores.ts';
import { REF, synced, syncBench, type SyncBench } from '../support/sync-bench.ts';

const DAY_MS = hours(24);

/** A tick every half an hour until `isOver` says so, at most for as long as that. */
async function ticked(bench: SyncBench, forMs: number, isOver: () => Promise<boolean>) {
  const endsAtMs = bench.clock.nowMs() + forMs;
  while (bench.clock.nowMs() < endsAtMs && !(await isOver())) {
    bench.clock.advance(minutes(28));
    await bench.sync({ resumeOnly: true });
  }
}

test('a run begins again after a week at the latest, while what it has seen is still kept', async () => {
  const bench = await synced(createMemoryStore(), many(100));
  let pages = 0;
  bench.source.before = ({ kind, of }) => {
    if (kind === 'page') pages += 1;
    if (kind === 'page' && of !== '1' && pages % 2 === 0)
      throw new UpstreamError('throttled', 'HTTP 429', {
        status: 429,
        retryAfterMs: minutes(25),
      });
  };
  // One that gets a page further each time, and would never end.
  bench.source.pageSize = 1;
  bench.source.rows = many(6000);
  bench.untilDue();
  const { run_id: runId } = await bench.sync();
  const startedAtMs = bench.clock.nowMs();
  const isAnother = async () => (await bench.control()).run?.runId !== runId;
  await ticked(bench, 9 * DAY_MS, isAnother);
  const tookMs = bench.clock.nowMs() - startedAtMs;
  expect(tookMs).toBeGreaterThan(6 * DAY_MS);
  expect(tookMs).toBeLessThan(8 * DAY_MS);
  expect(KEPT_DAYS.seen * DAY_MS).toBeGreaterThan(tookMs + DAY_MS);
});

onEachStore('a run that takes long', (open) => {
  test('because its list leads in a circle ends as failed, and is not gone on with', async () => {
    const bench = await synced(await open(), many(100));
    bench.source = circling(bench.source);
    bench.untilDue();
    const result = await bench.sync();
    expect(result).toMatchObject({ success: false, stats: { total: 60, removed: 0 } });
    const control = await bench.control();
    expect(control).toMatchObject({ run: null, lastError: { code: 'invalid' } });
    expect(control.consecutiveFailures).toBe(1);
    expect(Object.keys(await bench.live())).toHaveLength(100);
  });
});

/** Its third page names the second as the next one. */
function circling(source: FakeSource): FakeSource {
  const page: FakeSource['page'] = async (resource, cursor, signal): Promise<Page> => {
    const found = await source.page(resource, cursor, signal);
    return cursor === '3' ? { ...found, next: '2' } : found;
  };
  return { ...source, page };
}

onEachStore('a start that is delivered twice', (open) => {
  const order = { trigger: 'admin', force: true, runId: '01JZZZZZZZZZZZZZZZZZZZZZZZ' } as const;

  test('is carried out once', async () => {
    const bench = await synced(await open(), many(100));
    expect(await bench.sync(order)).toMatchObject({ success: true, run_id: order.runId });
    bench.source.calls.length = 0;
    bench.clock.advance(hours(1));
    expect(await bench.sync(order)).toMatchObject({ decision: 'fresh', run_id: null });
    expect(bench.source.calls).toEqual([]);
    expect(await bench.store.runs(REF, 10)).toHaveLength(2);
  });

  test('goes on with the run that the first delivery began, and never counts as seen what an older one saw', async () => {
    const bench = await synced(await open(), many(100));
    const paused = { shouldStop: () => bench.source.calls.includes('page 3') };
    bench.source.calls.length = 0;
    expect(await bench.sync(order, paused)).toMatchObject({ run_id: order.runId });
    // Another deployment begins it again: under an id of its own.
    bench.source.rows = many(100, () => ({ size: 9 }));
    const again = await bench.sync(order, { configuration: 'v2' });
    expect(again).toMatchObject({ success: true, stats: { updated: 100 } });
    expect(again.run_id).not.toBe(order.runId);
  });
});

onEachStore('a list that says nothing of its end', (open) => {
  const rows = many(30);
  const ofPage = (cursor: string | null): number => Number(cursor ?? 1);
  const guessed = (entries: readonly JsonObject[], cursor: string | null): Page => ({
    entries,
    next: String(ofPage(cursor) + 1),
    isGuess: true,
    count: null,
  });
  /** Answers its first page past its end. */
  const firstAgain: FakeSource['page'] = async (_resource, cursor) => {
    const start = ofPage(cursor) > 3 ? 0 : (ofPage(cursor) - 1) * 10;
    return guessed(rows.slice(start, start + 10), cursor);
  };
  /** Pays no heed to the page, and is in another order each time. */
  const shuffled: FakeSource['page'] = async (_resource, cursor) => {
    const cut = (ofPage(cursor) * 7) % rows.length;
    return guessed([...rows.slice(cut), ...rows.slice(0, cut)], cursor);
  };

  test.each([
    ['whose first page comes again past its end', firstAgain],
    ['that comes whole each time, in another order', shuffled],
  ])('%s is over where a page brings no new record', async (_, page) => {
    const bench = syncBench(await open(), rows);
    bench.source = { ...bench.source, page };
    expect(await bench.sync()).toMatchObject({
      success: true,
      stats: { total: 30, created: 30, duplicates: 0 },
    });
    // Also where the run is resumed in between.
    bench.untilDue();
    let stops = 0;
    await bench.sync({}, { shouldStop: () => (stops += 1) > 25 });
    expect((await bench.control()).run).not.toBeNull();
    expect(await bench.sync({ resumeOnly: true })).toMatchObject({
      success: true,
      stats: { total: 30, unchanged: 30, removed: 0 },
    });
  });
});
