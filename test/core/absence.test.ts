import { describe, expect, test } from 'vitest';
import { StoreUnavailableError, UpstreamError } from '../../shared/core/errors.ts';
import { discardHeld } from '../../shared/core/held.ts';
import { isJsonObject, type JsonObject } from '../../shared/core/json.ts';
import { minutes } from '../../shared/core/resource.ts';
import { many, uncounted, type FakeSource } from '../support/fake-source.ts';
import { silent as log } from '../support/forced-sync.ts';
import { onEachStore } from '../support/stores.ts';
import { REF, synced, type SyncBench } from '../support/sync-bench.ts';

const idsOf = async (bench: SyncBench) => Object.keys(await bench.live());
const rowsOf = ({ source }: SyncBench): readonly JsonObject[] => source.rows.filter(isJsonObject);

/** The supplier edits a record, and lists it first from now on. */
function edit(bench: SyncBench, id: number): void {
  const rows = rowsOf(bench);
  const row = rows.filter((one) => one['id'] === id);
  bench.source.rows = [...row, ...rows.filter((one) => one['id'] !== id)];
}

async function dueSync(bench: SyncBench) {
  bench.untilDue();
  return bench.sync();
}

onEachStore('a listed record in error', (open) => {
  const hidden = ({ kind, of }: { kind: string; of: string }): void => {
    if (kind === 'detail' && of === '45')
      throw new UpstreamError('not_found', 'not found', { status: 404 });
  };
  /** It is edited while the second page is read. */
  function moving(bench: SyncBench): void {
    bench.source.rows = many(100);
    let isEdited = false;
    bench.source.before = (call) => {
      if (!isEdited && call.kind === 'page' && call.of === '2') {
        isEdited = true;
        edit(bench, 45);
      }
      hidden(call);
    };
  }
  async function inError(): Promise<SyncBench> {
    const bench = await synced(await open(), many(100));
    bench.source.before = hidden;
    expect(await dueSync(bench)).toMatchObject({ stats: { errors: 1 } });
    return bench;
  }

  test('whose detail answers 404 outlives a scan that missed it, since the list moved', async () => {
    const bench = await inError();
    moving(bench);
    expect(await dueSync(bench)).toMatchObject({ stats: { removed: 0, duplicates: 1 } });
    expect(await idsOf(bench)).toHaveLength(100);
  });

  test('is asked for by the next scan that misses it, where it may have been gone since', async () => {
    const bench = await inError();
    moving(bench);
    expect(await dueSync(bench)).toMatchObject({ stats: { removed: 0 } });
    bench.source.rows = many(100).filter(({ id }) => id !== 45);
    expect(await dueSync(bench)).toMatchObject({ stats: { removed: 1 } });
  });

  test('outlives the end of a run that was broken off there', async () => {
    const bench = await inError();
    moving(bench);
    bench.untilDue();
    const { store } = bench;
    const finish = (): never => {
      throw new StoreUnavailableError('killed');
    };
    await expect(bench.sync({}, { store: { ...store, finish } })).rejects.toThrow('killed');
    bench.clock.advance(minutes(2));
    expect(await bench.sync({ resumeOnly: true })).toMatchObject({ stats: { removed: 0 } });
    expect(await idsOf(bench)).toHaveLength(100);
  });
});

onEachStore('a place in the list that is no longer known', (open) => {
  test('is no end of it: no success, nothing is held, and the next run begins anew', async () => {
    const bench = await synced(await open(), many(100));
    uncounted(bench.source);
    const { page } = bench.source;
    let isExpired = true;
    const named: FakeSource['page'] = async (resource, cursor, signal) => {
      if (cursor === '3' && isExpired)
        return { entries: [], next: null, count: null, isNotFound: true };
      return page(resource, cursor, signal);
    };
    Object.assign(bench.source, { page: named, cursorAfter: () => null });
    bench.untilDue();
    expect(await bench.sync()).toMatchObject({ success: false, stats: { removed: 0 } });
    expect(await bench.control()).toMatchObject({
      held: null,
      run: null,
      lastError: { code: 'pages_lost' },
    });
    isExpired = false;
    expect(await dueSync(bench)).toMatchObject({ success: true, stats: { unchanged: 100 } });
  });
});

onEachStore('one scan that missed records', (open) => {
  const missing = new Set([7, 8, 9]);
  const others = () => many(100).filter(({ id }) => !missing.has(Number(id)));

  test.each([
    ['an empty list', []],
    [
      'a list that is mostly unusable',
      many(100, (id) => (id > 40 ? { name: 7 } : {})).filter(({ id }) => !missing.has(Number(id))),
    ],
  ])('is the first one, also behind %s', async (_, glitch) => {
    const bench = await synced(await open(), many(100));
    // They are still served.
    for (const id of missing) bench.source.details.set(String(id), { id, name: `Record ${id}` });
    bench.source.rows = glitch;
    expect(await dueSync(bench)).toMatchObject({ success: false });
    bench.source.rows = others();
    expect(await dueSync(bench)).toMatchObject({ success: true, stats: { removed: 0 } });
    expect(await dueSync(bench)).toMatchObject({ success: true, stats: { removed: 3 } });
  });

  const oddities: Readonly<Record<string, (bench: SyncBench) => void>> = {
    'names a row twice on one page, and counts nothing': (bench) => {
      uncounted(bench.source);
      bench.source.rows = rowsOf(bench).flatMap((row, at) => (at === 4 ? [row, row] : [row]));
    },
    'names a page behind its last one, which is not there': ({ source }) => {
      const { page } = source;
      const naming: FakeSource['page'] = async (resource, cursor, signal) => {
        const found = await page(resource, cursor, signal);
        if (found.entries.length === 0) return { ...found, isNotFound: true };
        return { ...found, next: found.next ?? String(Number(cursor ?? 1) + 1) };
      };
      Object.assign(source, { page: naming });
    },
  };
  test.each(Object.entries(oddities))(
    'and a second one remove them, where the list always %s',
    async (_, distort) => {
      const bench = await synced(await open(), many(100));
      bench.source.details.set('50', { id: 50, name: 'Record 50' });
      bench.source.rows = many(100).filter(({ id }) => id !== 50);
      distort(bench);
      expect(await dueSync(bench)).toMatchObject({ success: true, stats: { removed: 0 } });
      expect(await dueSync(bench)).toMatchObject({ success: true, stats: { removed: 1 } });
    },
  );

  test('counts for nothing where the list counts its records, and names one of them twice', async () => {
    const bench = await synced(await open(), many(100));
    bench.source.details.set('1', { id: 1, name: 'Record 1' });
    // So the last one falls off its end.
    bench.source.rows = rowsOf(bench).flatMap((row, at) => (at === 4 ? [row, row] : [row]));
    bench.source.rows = bench.source.rows.slice(0, 100);
    for (const scan of [1, 2])
      expect(await dueSync(bench), `scan ${scan}`).toMatchObject({ stats: { removed: 0 } });
  });

  test.each(['is given up', 'leads in a circle'])(
    'is the first one anew, where one that lists them again %s',
    async (how) => {
      const bench = await synced(await open(), many(60));
      bench.source.details.set('60', { id: 60, name: 'Record 60' });
      const without = many(60).filter(({ id }) => id !== 60);
      bench.source.rows = without;
      await dueSync(bench);
      bench.source.rows = many(60);
      const { page } = bench.source;
      const round: FakeSource['page'] = async (...asked) => {
        const found = await page(...asked);
        return { ...found, next: found.next ?? '2' };
      };
      if (how === 'leads in a circle') Object.assign(bench.source, { page: round });
      else
        bench.source.before = ({ kind, of }) => {
          if (kind === 'page' && of === '3')
            throw new UpstreamError('unavailable', 'down', { isOutage: true });
        };
      expect(await dueSync(bench)).toMatchObject({ success: false });
      bench.source.before = () => {};
      Object.assign(bench.source, { page });
      bench.source.rows = without;
      bench.clock.advance(minutes(600));
      expect(await bench.sync()).toMatchObject({ success: true, stats: { removed: 0 } });
    },
  );

  test('tells a shift also where rows had left the page in which it was paused', async () => {
    const bench = await synced(await open(), many(300));
    uncounted(bench.source);
    bench.untilDue();
    let asked = 0;
    await bench.sync({}, { shouldStop: () => (asked += 1) > 54 });
    bench.source.rows = rowsOf(bench).slice(10);
    asked = 0;
    await bench.sync({ resumeOnly: true }, { shouldStop: () => (asked += 1) > 84 });
    // One of those that were not read yet is listed first now, and missed.
    edit(bench, 100);
    const { stats } = await bench.sync({ resumeOnly: true });
    expect(stats?.duplicates).toBeGreaterThan(0);
    const { manifest } = await bench.store.ledger(REF, await bench.control());
    expect(manifest.get('100')).toMatchObject({ missing: false });
  });
});

onEachStore('an approval of held deletions', (open) => {
  /** 40 were missing once, and are back since. */
  async function held(): Promise<SyncBench> {
    const bench = await synced(await open(), many(100));
    bench.source.rows = many(100).slice(0, 60);
    await dueSync(bench);
    expect(await bench.control()).toMatchObject({ held: { count: 40 } });
    bench.source.rows = many(100);
    bench.untilDue();
    return bench;
  }
  const outage = (): never => {
    throw new UpstreamError('unavailable', 'HTTP 500', { isOutage: true });
  };
  async function approved(bench: SyncBench): Promise<string[]> {
    const heldRunId = (await bench.control()).held?.runId ?? '';
    await bench.sync({ scope: 'removal', force: true, trigger: 'admin', heldRunId });
    return idsOf(bench);
  }

  describe.each([
    ['a scan that failed', { resumeOnly: true }],
    ['a retry of rejects', { scope: 'rejects', force: true }],
  ] as const)('removes nothing that an unfinished scan has listed since', (what, next) => {
    test(`which gave way to ${what}`, async () => {
      const bench = await held();
      bench.source.before = ({ kind, of }) => {
        if (kind === 'detail' && Number(of) <= 5) outage();
      };
      await bench.sync();
      bench.clock.advance(minutes(40));
      bench.source.before = outage;
      await bench.sync(next);
      // What it did not come to is all that is left to go.
      expect((await approved(bench)).length).toBeGreaterThanOrEqual(95);
    });
  });

  test('holds its lease, however many scans were given up since', async () => {
    const bench = await held();
    bench.source.before = ({ kind, of }) => {
      if (kind === 'page' && of === '2') outage();
    };
    for (let scan = 0; scan < 12; scan += 1) {
      bench.clock.advance(minutes(180));
      await bench.sync();
    }
    bench.source.before = outage;
    bench.clock.advance(minutes(180));
    await bench.sync();
    const { store } = bench;
    const heldRunId = (await bench.control()).held?.runId ?? '';
    const slow: typeof store.ledger = (...asked) => {
      bench.clock.advance(10_000);
      return store.ledger(...asked);
    };
    const order = { scope: 'removal', force: true, heldRunId } as const;
    expect(await bench.sync(order, { store: { ...store, ledger: slow } })).toMatchObject({
      success: true,
    });
    expect(await bench.control()).toMatchObject({ run: null, held: null });
  });

  test('that was cut off is not taken back by a word to keep them', async () => {
    const bench = await synced(await open(), many(300));
    bench.source.rows = many(300).slice(0, 150);
    await dueSync(bench);
    const heldRunId = (await bench.control()).held?.runId ?? '';
    let commits = 0;
    const killed = (): never => {
      throw new Error('killed');
    };
    const { store } = bench;
    const dying = {
      ...store,
      commit: (...given: Parameters<typeof store.commit>) =>
        (commits += 1) > 3 ? killed() : store.commit(...given),
      finish: killed,
    };
    const order = { scope: 'removal', force: true, heldRunId } as const;
    await expect(bench.sync(order, { store: dying })).rejects.toThrow('killed');
    bench.clock.advance(minutes(2));
    const said = await discardHeld(REF, heldRunId, { store, clock: bench.clock, log });
    expect(said).toMatchObject({ success: false });
    await bench.sync({ resumeOnly: true });
    expect(await idsOf(bench)).toHaveLength(150);
  });
});
