import { describe, expect, test } from 'vitest';
import { UpstreamError } from '../../shared/core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../shared/core/json.ts';
import { LIMITS } from '../../shared/core/limits.ts';
import { minutes } from '../../shared/core/resource.ts';
import { NOT_PUBLISHED, PUBLISHED_FORM, type Published } from '../../shared/core/published.ts';
import { Crash, dyingStore, intercepted } from '../support/failing-store.ts';
import { many } from '../support/fake-source.ts';
import { onEachStore } from '../support/stores.ts';
import { syncBench, synced, type Store, type SyncBench } from '../support/sync-bench.ts';

const changedIn = (count: number, ids: readonly number[]): JsonObject[] =>
  many(count, (id) => (ids.includes(id) ? { size: 500 + id } : {}));

/** What lists have to show of rows: computed from what upstream lists. */
const shownOf = (rows: readonly JsonObject[]): Record<string, Json> =>
  Object.fromEntries(
    rows.map(({ id, name = '', size = 0 }) => [JSON.stringify(id), { name, size }] as const),
  );

/** What lists show after each commit of a run. */
async function watched(bench: SyncBench): Promise<Record<string, Json | undefined>[]> {
  const views: Record<string, Json | undefined>[] = [];
  const store = intercepted(
    bench.store,
    () => {},
    async ({ operation }) => {
      if (operation === 'commit' || operation === 'writePage') views.push(await bench.listed());
    },
  );
  const result = await bench.sync({}, { store });
  expect(result.success).toBe(true);
  return views;
}

/** As a run finds it that begins on what another version left. */
function publishedAs(store: Store, left: Partial<Published>): Store {
  const control: Store['control'] = async (ref) => {
    const now = await store.control(ref);
    return { ...now, published: { ...now.published, ...left } };
  };
  return { ...store, control };
}

const down = () => new UpstreamError('unavailable', 'HTTP 503', { isOutage: true });

onEachStore('publishing', (open) => {
  test('the first sync of all fills the shop as it goes', async () => {
    const bench = syncBench(await open(), many(150));
    const sizes = (await watched(bench)).map((view) => Object.keys(view).length);
    expect(sizes[0]).toBeGreaterThan(0);
    expect(sizes[0]).toBeLessThan(150);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    expect(await bench.listed()).toEqual(shownOf(many(150)));
  });

  /** All prices change; the run breaks off, and the next one can read nothing. */
  async function halfDone(bench: SyncBench, count: number): Promise<void> {
    bench.source.rows = many(count, (id) => ({ size: id }));
    bench.source.before = ({ kind, of }) => {
      if (kind === 'page' && Number(of) >= 5) throw down();
    };
    bench.untilDue();
    await bench.sync();
    bench.source.before = () => {
      throw down();
    };
    bench.untilDue();
    await bench.sync();
    bench.source.before = () => {};
  }
  const withNewPrice = async (bench: SyncBench): Promise<number> =>
    Object.values(await bench.listed()).filter((row) => isJsonObject(row) && row['size'] !== 0)
      .length;

  test('nobody ever sees half a run: not by a retry of rejects, before a whole one ends', async () => {
    const bench = await synced(await open(), many(150));
    bench.source.details.set('150', { id: 150, name: 7 });
    bench.untilDue();
    await bench.sync();
    await halfDone(bench, 150);
    bench.source.details.set('150', { id: 150, name: 'well', size: 150 });
    bench.clock.advance(minutes(5));
    const retry = await bench.sync({ scope: 'rejects', force: true });
    expect(retry).toMatchObject({ success: true, stats: { updated: 1 } });
    expect(await withNewPrice(bench)).toBe(0);
    bench.untilDue();
    await bench.sync();
    expect(await withNewPrice(bench)).toBe(150);
  });

  test('nor by an approval', async () => {
    const bench = await synced(await open(), many(150));
    bench.source.rows = many(120);
    bench.untilDue();
    await bench.sync();
    await halfDone(bench, 120);
    const heldRunId = (await bench.control()).held?.runId ?? '';
    const approved = await bench.sync({ scope: 'removal', force: true, heldRunId });
    expect(approved).toMatchObject({ success: true, stats: { removed: 30 } });
    expect(await withNewPrice(bench)).toBe(0);
    bench.untilDue();
    await bench.sync();
    expect(await bench.listed()).toEqual(shownOf(many(120, (id) => ({ size: id }))));
  });

  test('nobody ever sees half a run: lists change when it is over, all at once', async () => {
    const bench = await synced(await open(), many(150));
    const before = shownOf(many(150));
    bench.untilDue();
    const rows = many(151, (id) => ({ size: id }));
    bench.source.rows = rows;
    const views = await watched(bench);
    expect(views.length).toBeGreaterThan(3);
    for (const view of views) expect(view).toEqual(before);
    expect(await bench.listed()).toEqual(shownOf(rows));
  });

  test('what a run that broke off has stored is seen with the next one that ends', async () => {
    const bench = await synced(await open(), many(150));
    bench.untilDue();
    bench.source.rows = many(150, (id) => ({ size: id }));
    let isOver = false;
    const store = intercepted(
      bench.store,
      () => {},
      ({ operation }) => void (isOver ||= operation === 'commit'),
    );
    await bench.sync({}, { store, shouldStop: () => isOver });
    const { run } = await bench.control();
    expect(run?.stats.updated).toBeGreaterThan(0);
    expect(await bench.listed()).toEqual(shownOf(many(150)));
    bench.clock.advance(60_000);
    expect((await bench.sync({ resumeOnly: true })).success).toBe(true);
    expect(await bench.listed()).toEqual(await bench.live());
    expect(await bench.listed()).toEqual(shownOf(many(150, (id) => ({ size: id }))));
  });

  test('nor is half a run seen when the next one could read nothing', async () => {
    const bench = await synced(await open(), many(150));
    bench.untilDue();
    bench.source.rows = many(150, (id) => ({ size: id }));
    bench.source.before = ({ kind, of }) => {
      if (kind === 'page' && of === '6') throw down();
    };
    expect((await bench.sync()).stats?.updated).toBeGreaterThan(0);
    bench.source.before = () => {
      throw down();
    };
    bench.untilDue();
    expect(await bench.sync()).toMatchObject({ success: false, stats: { total: 0 } });
    expect((await bench.control()).run).toBeNull();
    expect(await bench.listed()).toEqual(shownOf(many(150)));
    bench.source.before = () => {};
    bench.untilDue();
    expect((await bench.sync()).success).toBe(true);
    expect(await bench.listed()).toEqual(shownOf(many(150, (id) => ({ size: id }))));
  });

  test('nothing is published again when nothing changed', async () => {
    const bench = await synced(await open(), many(60));
    const { published } = await bench.control();
    bench.untilDue();
    const pages: string[] = [];
    const store = intercepted(bench.store, ({ operation }) => void pages.push(operation));
    expect((await bench.sync({}, { store })).stats).toMatchObject({ unchanged: 60, updated: 0 });
    expect(pages).not.toContain('writePage');
    expect((await bench.control()).published).toEqual(published);
  });

  test('a few changes lie over the base; many make a new one', async () => {
    const bench = await synced(await open(), many(60));
    const first = (await bench.control()).published;
    bench.untilDue();
    bench.source.rows = changedIn(60, [7, 31]);
    await bench.sync();
    const second = (await bench.control()).published;
    expect(second).toMatchObject({ base: first.base, changes: 2 });
    bench.untilDue();
    const rows = many(60, (id) => ({ size: -id }));
    bench.source.rows = rows;
    await bench.sync();
    const third = (await bench.control()).published;
    expect(third.base).toBeGreaterThan(first.base);
    expect(third).toMatchObject({ changes: 0, commits: 0 });
    expect(await bench.listed()).toEqual(shownOf(rows));
  });

  test('so do many small commits, each of which is one page more to read', async () => {
    const bench = await synced(await open(), many(300));
    const { base } = (await bench.control()).published;
    const syncOnce = async (size: number) => {
      bench.source.rows = many(300, (id) => (id === 1 ? { size } : {}));
      await bench.sync({ force: true });
      return (await bench.control()).published;
    };
    for (let commits = 1; commits <= LIMITS.commitsOverBase; commits += 1) {
      expect(await syncOnce(commits)).toMatchObject({ base, commits });
    }
    const renewed = await syncOnce(1000);
    expect(renewed.base).toBeGreaterThan(base);
    expect(renewed).toMatchObject({ commits: 0, changes: 0 });
    expect(await bench.listed()).toEqual(await bench.live());
  });

  test('removed records leave the lists with the end of the run that removed them', async () => {
    const bench = await synced(await open(), many(60));
    bench.source.rows = many(60).filter(({ id }) => id !== 17);
    for (let scan = 0; scan < 2; scan += 1) {
      bench.untilDue();
      await bench.sync();
    }
    expect(Object.keys(await bench.listed())).not.toContain('17');
    expect(Object.keys(await bench.listed())).toHaveLength(59);
  });

  test('a catalogue that was emptied is listed as empty, and fills again', async () => {
    const bench = await synced(await open(), many(2));
    bench.source.rows = [{ id: 7 }];
    for (let scan = 0; scan < 3; scan += 1) {
      bench.untilDue();
      await bench.sync();
    }
    expect(await bench.live()).toEqual({});
    expect(await bench.listed()).toEqual({});
    bench.untilDue();
    bench.source.rows = many(3);
    await bench.sync();
    expect(await bench.listed()).toEqual(shownOf(many(3)));
  });

  test('a catalogue that never had a record is listed as empty', async () => {
    const bench = await synced(await open(), []);
    expect(await bench.listed()).toEqual({});
    bench.untilDue();
    const store = publishedAs(bench.store, { form: 0 });
    expect((await bench.sync({}, { store })).success).toBe(true);
    expect(await bench.listed()).toEqual({});
  });

  test('a base without pages, as an older version left of an emptied catalogue, is written anew', async () => {
    const bench = await synced(await open(), [{ id: 7 }, ...many(2)]);
    bench.source.rows = [{ id: 7 }];
    for (let scan = 0; scan < 2; scan += 1) {
      bench.untilDue();
      await bench.sync();
    }
    const { published } = await bench.control();
    expect(published.pages).toBe(1);
    bench.untilDue();
    await bench.sync({}, { store: publishedAs(bench.store, { pages: 0, form: 2 }) });
    const after = (await bench.control()).published;
    expect(after).toMatchObject({ pages: 1, form: PUBLISHED_FORM });
    expect(after.base).toBeGreaterThan(published.base);
    expect(await bench.listed()).toEqual({});
  });

  test('pages of an older form are written anew, although no record changed', async () => {
    const bench = await synced(await open(), many(60));
    bench.untilDue();
    const store = publishedAs(bench.store, { form: 0 });
    const { base } = (await bench.control()).published;
    expect((await bench.sync({}, { store })).success).toBe(true);
    const after = (await bench.control()).published;
    expect(after.base).toBeGreaterThan(base);
    expect(await bench.listed()).toEqual(shownOf(many(60)));
  });

  test('what an older version stored and did not publish is published, although no record changed', async () => {
    const bench = await synced(await open(), many(60));
    bench.untilDue();
    const { base } = (await bench.control()).published;
    const store = publishedAs(bench.store, NOT_PUBLISHED);
    expect((await bench.sync({}, { store })).stats).toMatchObject({ unchanged: 60 });
    expect((await bench.control()).published.base).toBeGreaterThan(base);
    expect(await bench.listed()).toEqual(shownOf(many(60)));
  });

  test('a run out of time while it publishes goes on later, and shows nothing until then', async () => {
    const bench = await synced(await open(), many(60));
    bench.untilDue();
    bench.source.rows = many(60, (id) => ({ size: id }));
    let isOver = false;
    // What is written beside the manifest has not begun by then.
    const store = intercepted(
      bench.store,
      ({ operation }) => void (isOver ||= operation === 'writeManifest'),
    );
    await bench.sync({}, { store, shouldStop: () => isOver });
    expect((await bench.control()).run).toMatchObject({ phase: 'closing' });
    expect(await bench.listed()).toEqual(shownOf(many(60)));
    expect((await bench.sync({ resumeOnly: true })).success).toBe(true);
    expect(await bench.listed()).toEqual(shownOf(many(60, (id) => ({ size: id }))));
  });

  describe.each(['before', 'after'] as const)('killed %s any write', (when) => {
    test.each([
      ['few changes', changedIn(70, [3, 40])],
      ['all of it changed', many(71, (id) => ({ size: id }))],
    ])(
      'lists show the version before or the whole new one, and then the new one: %s',
      async (_title, rows) => {
        for (let call = 1; ; call += 1) {
          const bench = await synced(await open(), many(70));
          bench.untilDue();
          bench.source.rows = rows;
          const dying = dyingStore(bench.store, call, when);
          const died = await bench.sync({}, { store: dying }).then(
            () => false,
            (error: unknown) => error instanceof Crash,
          );
          expect([shownOf(many(70)), shownOf(rows)]).toContainEqual(await bench.listed());
          if (!died) break;
          bench.clock.advance(101_000);
          await bench.sync({ force: true });
          expect(await bench.listed()).toEqual(shownOf(rows));
          expect(await bench.listed()).toEqual(await bench.live());
        }
      },
    );
  });
});
