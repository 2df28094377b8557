import { describe, expect, test } from 'vitest';
import { StoreUnavailableError } from '../../shared/core/errors.ts';
import { isJsonObject, type JsonObject } from '../../shared/core/json.ts';
import { Crash, dyingStore, intercepted } from '../support/failing-store.ts';
import { many } from '../support/fake-source.ts';
import { onEachStore } from '../support/stores.ts';
import { syncBench, type Store, type SyncBench } from '../support/sync-bench.ts';

/** Some 18 to a published page, newest id first. */
const large = (count: number): JsonObject[] =>
  many(count, (id) => ({ name: `${id} `.padEnd(20_000, 'x') }));

/** Writes and reads of published pages, in their order among commits. */
async function watched(bench: SyncBench): Promise<readonly string[]> {
  const seen: string[] = [];
  const reading: Store = {
    ...bench.store,
    liveRecords: (ref) => {
      seen.push('liveRecords');
      return bench.store.liveRecords(ref);
    },
  };
  const store = intercepted(reading, ({ operation }) => void seen.push(operation));
  expect((await bench.sync({}, { store })).success).toBe(true);
  return seen;
}

/** Lists show what is stored, and that is what upstream lists. */
async function expectLevel(bench: SyncBench, rows: readonly JsonObject[]): Promise<void> {
  const listed = await bench.listed();
  expect(listed).toEqual(await bench.live());
  expect(Object.keys(listed)).toHaveLength(rows.length);
}

onEachStore('a first sync', (open) => {
  test('in the order of lists writes their base as it goes, and reads nothing back', async () => {
    const bench = syncBench(await open(), large(150));
    const seen = await watched(bench);
    expect(seen).not.toContain('liveRecords');
    expect(seen.indexOf('writePage')).toBeLessThan(seen.lastIndexOf('commit'));
    const { pages } = (await bench.control()).published;
    expect(seen.filter((operation) => operation === 'writePage')).toHaveLength(pages);
    expect(pages).toBeGreaterThan(6);
    await expectLevel(bench, large(150));
  });

  test('whose base is given up leaves no late page of it behind', async () => {
    const bench = syncBench(await open(), [...large(25), { id: 100, name: 'last' }]);
    let isFirst = true;
    const store = intercepted(bench.store, async ({ operation }) => {
      if (operation !== 'writePage' || !isFirst) return;
      isFirst = false;
      await new Promise((resolve) => setTimeout(resolve, 150));
    });
    expect((await bench.sync({}, { store })).success).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await expectLevel(bench, bench.source.rows.filter(isJsonObject));
  });

  test.each([
    ['oldest first', large(60).toReversed()],
    ['of which the last is out of order', [...large(59), { id: 100, name: 'last' }]],
    ['of which none is first', [...large(60).slice(30), ...large(60).slice(0, 30)]],
  ])('of a list %s has its base written from the store', async (_title, rows) => {
    const bench = syncBench(await open(), rows);
    expect(await watched(bench)).toContain('liveRecords');
    await expectLevel(bench, rows);
  });

  test('with records in error has the others on its pages', async () => {
    const rows = large(60).with(20, { id: 40, name: 7 });
    const bench = syncBench(await open(), rows);
    expect((await bench.sync()).stats).toMatchObject({ created: 59, errors: 1 });
    await expectLevel(bench, large(59));
  });

  test('one of whose pages can’t be written fails, and the next one shows all of it', async () => {
    const bench = syncBench(await open(), large(150));
    let pages = 0;
    const store = intercepted(bench.store, ({ operation }) => {
      if (operation !== 'writePage') return;
      pages += 1;
      if (pages === 2) throw new StoreUnavailableError('down');
    });
    await expect(bench.sync({}, { store })).rejects.toThrow(StoreUnavailableError);
    expect((await bench.control()).lastSuccessAtMs).toBeNull();
    bench.clock.advance(101_000);
    expect((await bench.sync({ force: true })).success).toBe(true);
    await expectLevel(bench, large(150));
  });

  test('whose lease is over once a commit is answered writes no page of its base', async () => {
    const bench = syncBench(await open(), large(60));
    const begun: string[] = [];
    const store = intercepted(
      bench.store,
      ({ operation }) => void begun.push(operation),
      ({ operation }) => {
        if (operation === 'commit') bench.clock.advance(81_000);
      },
    );
    const result = await bench.sync({}, { store });
    expect(result).toMatchObject({ success: false, decision: 'running' });
    expect(begun).toEqual(['acquire', 'ledger', 'commit']);
  });

  test('whose lease is over while its base is written from the store writes no further page', async () => {
    const bench = syncBench(await open(), large(60).toReversed());
    const written: string[] = [];
    const store = intercepted(
      bench.store,
      () => {},
      ({ operation }) => {
        // The first page takes long enough for a commit to extend the lease, and that one outlasts it.
        if (written.includes('writePage')) bench.clock.advance(81_000);
        else if (operation === 'writePage') bench.clock.advance(11_000);
        written.push(operation);
      },
    );
    const result = await bench.sync({}, { store });
    expect(result).toMatchObject({ success: false, decision: 'running' });
    expect(written.slice(written.indexOf('writePage'))).toEqual(['writePage', 'commit']);
  });

  test('that is resumed shows what both halves stored', async () => {
    const bench = syncBench(await open(), large(120));
    let commits = 0;
    const store = intercepted(bench.store, ({ operation }) => {
      if (operation === 'commit') commits += 1;
    });
    await bench.sync({}, { store, shouldStop: () => commits >= 2 });
    expect((await bench.control()).run).not.toBeNull();
    bench.clock.advance(60_000);
    expect((await bench.sync({ resumeOnly: true })).success).toBe(true);
    await expectLevel(bench, large(120));
  });

  describe.each(['before', 'after'] as const)('killed %s any write', (when) => {
    test('shows all of it once it is done', async () => {
      for (let call = 1; ; call += 1) {
        const bench = syncBench(await open(), large(90));
        const dying = dyingStore(bench.store, call, when);
        const died = await bench.sync({}, { store: dying }).then(
          () => false,
          (error: unknown) => error instanceof Crash,
        );
        expect(Object.keys(await bench.listed()).length).toBeLessThanOrEqual(90);
        if (!died) break;
        bench.clock.advance(101_000);
        expect((await bench.sync({ force: true })).success).toBe(true);
        await expectLevel(bench, large(90));
      }
    });
  });
});
