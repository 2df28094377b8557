import { describe, expect, test } from 'vitest';
import { UpstreamError } from '../../shared/core/errors.ts';
import { NO_HEALTH } from '../../shared/core/health.ts';
import { recentChanges } from '../../shared/core/recent-changes.ts';
import { remarkText } from '../../shared/core/remarks.ts';
import { fakeSource, many } from '../support/fake-source.ts';
import { onEachStore } from '../support/stores.ts';
import { REF, syncBench, synced } from '../support/sync-bench.ts';

describe('what the last stored records tell of an update', () => {
  test('plain fields with both values, others by name, the most telling first, never a secret', () => {
    const before = { brand: 'A', tags: ['x'], price: '10.00', title: 'Tea', private: { cost: 1 } };
    const after = { ...before, brand: 'B', tags: [], price: '9.00', private: { cost: 2 } };
    expect(recentChanges(before, after)).toEqual([
      { field: 'price', from: '10.00', to: '9.00' },
      { field: 'brand', from: 'A', to: 'B' },
      { field: 'tags' },
    ]);
    expect(recentChanges({ private: 1 }, { private: 2 })).toEqual([]);
  });

  test('names that the supplier made up are cut too, also those that every object has', () => {
    const long = 'n'.repeat(9000);
    const changes = recentChanges({ [long]: 1 }, { [long]: 2, constructor: 'x', toString: 'y' });
    expect(changes).toEqual([
      { field: `${long.slice(0, 60)}…`, from: 1, to: 2 },
      { field: 'constructor', from: null, to: 'x' },
      { field: 'toString', from: null, to: 'y' },
    ]);
    expect(recentChanges({ a: {} }, { a: { constructor: 'x' } })).toEqual([
      { field: 'a.constructor', from: null, to: 'x' },
    ]);
  });

  test('of what is in an object or among other details, what differs in it, by a name that clients know', () => {
    const before = {
      title: 'Tea',
      updated_at: '1',
      specifications: { unit_type: 'kg', by_weight: true },
      extra: { generated_ean: '2000000003030', primary_barcode: null, stock_updated_at: '1' },
      promotion: null,
    };
    const after = {
      ...before,
      updated_at: '2',
      specifications: { unit_type: 'g', by_weight: true },
      extra: { ...before.extra, stock_updated_at: '2' },
      promotion: { discount_price: '9.00' },
    };
    expect(recentChanges(before, after)).toEqual([
      { field: 'specifications.unit_type', from: 'kg', to: 'g' },
      { field: 'promotion.discount_price', from: null, to: '9.00' },
      { field: 'updated_at', from: '1', to: '2' },
      { field: 'stock_updated_at', from: '1', to: '2' },
    ]);
  });

  test('a list too long to be told is told by its name alone', () => {
    const of = (sign: string) => ({ images: [sign.repeat(500)] });
    expect(recentChanges(of('a'), of('b'))).toEqual([{ field: 'images' }]);
  });

  test('it stays small: long texts are cut, and of many fields a few are told', () => {
    const of = (sign: string) =>
      Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`f${at}`, sign.repeat(5_000)]));
    const told = recentChanges(of('é'), of('ü'));
    expect(told).toHaveLength(6);
    expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThan(2_000);
  });
});

onEachStore('what a run keeps for people', (open) => {
  test('of the last stored records: created ones as new, updated ones with what changed', async () => {
    const bench = await synced(await open(), many(30));
    bench.source.rows = many(31, (id) => (id <= 2 ? { size: 9 } : {}));
    bench.untilDue();
    await bench.sync();
    expect((await bench.store.recent(REF)).slice(0, 4)).toMatchObject([
      { id: '1', change: 'updated', changes: [{ field: 'size', from: 0, to: 9 }] },
      { id: '2', change: 'updated', changes: [{ field: 'size', from: 0, to: 9 }] },
      { id: '31', change: 'created' },
      { id: '1', change: 'created' },
    ]);
    expect((await bench.store.recent(REF))[2]).not.toHaveProperty('changes');
  });

  test('how upstream answered adds up over the invocations of a run, and goes into its history', async () => {
    const health = (bucket: number) => ({
      ...NO_HEALTH,
      requests: 10,
      failed: 1,
      latency: { [bucket]: 9 },
    });
    const answering = (bucket: number) => {
      const source = fakeSource(many(120));
      source.before = () => void Object.assign(source, { health: health(bucket) });
      return source;
    };
    const bench = syncBench(await open(), many(120));
    let commits = 0;
    const stopping = { observe: () => (commits += 1), shouldStop: () => commits > 1 };
    await bench.sync({}, { source: answering(20), ...stopping });
    expect((await bench.control()).run?.health).toEqual(health(20));
    await bench.sync({ resumeOnly: true }, { source: answering(21) });
    expect((await bench.store.runs(REF, 1))[0]?.health).toEqual({
      ...NO_HEALTH,
      requests: 20,
      failed: 2,
      latency: { 20: 9, 21: 9 },
    });
  });

  test('requests add up over the invocations of a run', async () => {
    const bench = syncBench(await open(), many(100));
    await bench.sync({}, { shouldStop: () => bench.source.calls.includes('detail 61') });
    const asked = bench.source.calls.length;
    const { stats } = await bench.sync({ resumeOnly: true });
    expect(bench.source.calls.length).toBeGreaterThan(asked);
    expect(stats?.upstream_requests).toBe(bench.source.calls.length);
  });

  test('a run that never got a page still says how it was answered, and by what it was stopped', async () => {
    const bench = syncBench(await open());
    bench.source.before = () => {
      Object.assign(bench.source, { health: { ...NO_HEALTH, requests: 2, refused: 2 } });
      throw new UpstreamError('key_refused', 'HTTP 401', { status: 401 });
    };
    await bench.sync();
    expect((await bench.store.runs(REF, 1))[0]).toMatchObject({
      outcome: 'failed',
      health: { requests: 2, refused: 2 },
      stats: { upstream_requests: 1 },
      note: 'HTTP 401',
      remarks: [{ code: 'upstream', values: { failure: 'key_refused', message: 'HTTP 401' } }],
    });
  });

  test('what a run is known for comes as codes beside the words, for other languages', async () => {
    const bench = await synced(await open(), many(40));
    bench.source.rows = many(40).slice(0, 20);
    bench.untilDue();
    await bench.sync({ remark: { code: 'asked_by', values: { by: 'Awa' } } });
    const [run] = await bench.store.runs(REF, 1);
    const { held } = await bench.control();
    const why = { code: 'missing', values: { count: 20, live: 40 } } as const;
    expect(run?.remarks).toEqual([{ code: 'asked_by', values: { by: 'Awa' } }, why]);
    expect(run?.note).toBe(
      "Asked for by Awa. 20 of 40 records are missing from the supplier's list",
    );
    expect(held).toMatchObject({ why, reason: remarkText(why) });
  });
});
