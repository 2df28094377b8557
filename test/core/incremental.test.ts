import { expect, test } from 'vitest';
import { createTable } from '../../local/create-table.ts';
import { createDynamoDBStore } from '../../shared/adapters/dynamodb/store.ts';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb/reader.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import { createVerifiedDetails } from '../../shared/adapters/dynamodb/verified.ts';
import { createMemoryStore } from '../../shared/adapters/memory/store.ts';
import type { JsonObject } from '../../shared/core/json.ts';
import { UpstreamError } from '../../shared/core/errors.ts';
import { hours, minutes } from '../../shared/core/resource.ts';
import type { VerifiedDetails } from '../../shared/core/ports.ts';
import { useDynamoDB } from '../support/dynamodb-under-test.ts';
import { many } from '../support/fake-source.ts';
import { REF, syncBench, type HostOptions, type Store } from '../support/sync-bench.ts';

const { client } = useDynamoDB();
let tables = 0;

/** A deployment that reads only the details that may have changed, over the real engine. */
async function incrementalBench(rows = many(50)) {
  const tableName = `incremental-${(tables += 1)}`;
  await createTable(client(), tableName);
  const clock = createSystemClock();
  const parts = { clock, log: { warn: () => {} } };
  const store: Store = {
    ...createDynamoDBReader(client('read'), tableName),
    ...createDynamoDBStore(client(), tableName, parts),
  };
  const verified = createVerifiedDetails(client(), tableName, parts);
  const bench = syncBench(store, rows);
  const sync = async (request = {}, options: Partial<HostOptions> = {}) => {
    bench.source.calls.length = 0;
    const result = await bench.sync(request, { verified, ...options });
    return { result, details: detailsIn(bench.source.calls) };
  };
  return { ...bench, bench, sync, verified };
}

const detailsIn = (calls: readonly string[]): string[] =>
  calls.filter((call) => call.startsWith('detail ')).map((call) => call.slice('detail '.length));

test('a run over 1,000 unchanged entries asks for pages only, and all of them count', async () => {
  const { bench, sync } = await incrementalBench(many(1000));
  bench.source.pageSize = 100;
  expect((await sync()).details).toHaveLength(1000);
  bench.untilDue();
  const { result, details } = await sync();
  expect(details).toEqual([]);
  expect(bench.source.calls.length).toBeLessThanOrEqual(1000 / 100 + 20);
  expect(result).toMatchObject({ success: true, stats: { total: 1000, unchanged: 1000 } });
  expect((await bench.control()).liveCount).toBe(1000);
});

test('an entry too deep to print is read each time, and breaks no run', async () => {
  const { bench, sync } = await incrementalBench(many(3));
  await sync();
  let deep: JsonObject = {};
  for (let level = 0; level < 20_000; level += 1) deep = { deep };
  bench.source.details.set('2', { id: 2, name: 'Record 2', deep: null });
  bench.source.rows = many(3).map((row) => (row['id'] === 2 ? Object.assign(row, { deep }) : row));
  for (let round = 0; round < 2; round += 1) {
    bench.untilDue();
    const { result, details } = await sync();
    expect(result).toMatchObject({ success: true });
    expect(details).toEqual(['2']);
  }
});

test('an entry that changed, one that is new and one that left are seen at once', async () => {
  const { bench, sync } = await incrementalBench(many(50));
  await sync();
  bench.untilDue();
  bench.source.rows = [
    { id: 51, name: 'new' },
    ...many(50)
      .filter(({ id }) => id !== 7)
      .map((row) => (row['id'] === 3 ? Object.assign(row, { name: 'renamed' }) : row)),
  ];
  const { result, details } = await sync();
  expect(details.toSorted()).toEqual(['3', '51', '7']); // 7: asked whether it is gone
  expect(result.stats).toMatchObject({ created: 1, updated: 1, unchanged: 48 });
});

test('where no detail is read nor served, a 404 says nothing: the record stays after one scan', async () => {
  const { bench, sync } = await incrementalBench(many(50));
  await sync();
  bench.untilDue();
  const all = bench.source.rows;
  bench.source.rows = many(50).filter(({ id }) => id !== 7);
  bench.source.before = ({ kind }) => {
    if (kind === 'detail') throw new UpstreamError('not_found', 'HTTP 404', { status: 404 });
  };
  const { result, details } = await sync();
  expect(result).toMatchObject({ success: true, stats: { removed: 0, errors: 0 } });
  expect(details).toEqual(['50', '49', '48']); // records that the list has just named
  expect(Object.keys(await bench.live())).toContain('7');
  bench.source.rows = all;
  bench.source.before = () => {};
  bench.untilDue();
  expect((await sync()).result).toMatchObject({ success: true, stats: { removed: 0 } });
});

test('a detail that changed behind its entry is found within 24 hours, whatever the interval', async () => {
  const { bench, sync } = await incrementalBench(many(50));
  await sync();
  const changedAtMs = bench.clock.nowMs();
  bench.source.details.set('5', { id: 5, name: 'thing 5', size: 99 });
  let foundAtMs = 0;
  while (foundAtMs === 0) {
    bench.untilDue();
    await sync();
    const body = (await bench.live())['5'];
    if (JSON.stringify(body).includes('99')) foundAtMs = bench.clock.nowMs();
    expect(bench.clock.nowMs() - changedAtMs).toBeLessThanOrEqual(hours(24));
  }
  expect(foundAtMs - changedAtMs).toBeGreaterThan(hours(12));
});

test('a forced run reads every detail, also after it was paused', async () => {
  const { bench, sync } = await incrementalBench(many(50));
  await sync();
  expect((await sync({ force: true })).details).toHaveLength(50);
  let left = 30;
  const first = await sync({ force: true }, { shouldStop: () => (left -= 1) < 0 });
  const second = await sync({ resumeOnly: true });
  expect(first.details.length).toBeLessThan(50);
  expect(new Set([...first.details, ...second.details]).size).toBe(50);
  expect((await bench.control()).run).toBeNull();
});

test('a forced run that is begun again reads every detail, too', async () => {
  const { bench, sync } = await incrementalBench(many(50));
  await sync();
  let left = 30;
  await sync({ force: true }, { shouldStop: () => (left -= 1) < 0 });
  bench.clock.advance(minutes(31));
  const second = await sync({ resumeOnly: true });
  expect(second.result).toMatchObject({ success: true, stats: { total: 50 } });
  expect(second.details).toHaveLength(50);
  bench.untilDue();
  expect((await sync()).details).toEqual([]);
});

test('what came of a detail is part of it: an entry that goes back to what it was is read again', async () => {
  const { bench, sync, verified } = await incrementalBench(many(5));
  await sync();
  const before = await verified.read(REF);
  bench.untilDue();
  bench.source.rows = many(5).map((row) => Object.assign(row, { name: 'other' }));
  await sync();
  await verified.write(REF, before); // as if that run had died before it kept what it read
  bench.untilDue();
  bench.source.rows = many(5);
  expect((await sync()).details).toHaveLength(5);
});

test('a record in error, one of another configuration and one read in the future are read again', async () => {
  const { bench, sync, verified } = await incrementalBench(many(5));
  bench.source.details.set('2', { id: 2, name: 7 });
  await sync();
  bench.untilDue();
  expect((await sync()).details).toEqual(['2']);
  bench.untilDue();
  expect((await sync({}, { configuration: 'v2' })).details).toHaveLength(5);
  const ahead = [...(await verified.read(REF))].map(([id, one]) => {
    return [id, { fingerprint: one.fingerprint, atMs: one.atMs + hours(9) }] as const;
  });
  await verified.write(REF, new Map(ahead));
  bench.untilDue();
  expect((await sync({}, { configuration: 'v2' })).details).toHaveLength(5);
});

test('a record that was in error is read again, also once its entry is as it was when it was well', async () => {
  const { bench, sync } = await incrementalBench(many(5));
  await sync();
  bench.untilDue();
  bench.source.rows = many(5, (id) => (id === 2 ? { name: 7 } : {}));
  expect((await sync()).result.stats).toMatchObject({ errors: 1 });
  bench.untilDue();
  bench.source.rows = many(5);
  const { result, details } = await sync();
  expect(details).toEqual(['2']);
  expect(result).toMatchObject({ success: true, stats: { unchanged: 5, errors: 0 } });
  expect((await bench.control()).rejectCount).toBe(0);
});

test('what is known of a record’s detail goes with the record', async () => {
  const { bench, sync, verified } = await incrementalBench(many(50));
  await sync();
  expect((await verified.read(REF)).has('7')).toBe(true);
  bench.source.rows = many(50).filter(({ id }) => id !== 7);
  bench.untilDue();
  expect((await sync({ force: true })).result.stats).toMatchObject({ removed: 1 });
  const known = await verified.read(REF);
  expect([known.size, known.has('7')]).toEqual([49, false]);
});

test('a detail counts as read when its run began, however long that took', async () => {
  const { bench, sync, verified } = await incrementalBench(many(50));
  const startedAtMs = bench.clock.nowMs();
  bench.source.before = ({ call }) => {
    if (call === 3 || call === 48) bench.clock.advance(minutes(1));
  };
  expect((await sync()).result.success).toBe(true);
  const readAtMs = [...(await verified.read(REF)).values()].map(({ atMs }) => atMs);
  expect(readAtMs).toHaveLength(50);
  expect(Math.max(...readAtMs)).toBeLessThanOrEqual(startedAtMs);
});

test('whoever forces gets every detail, also of what an unfinished run has passed without reading it', async () => {
  const { bench, sync } = await incrementalBench(many(200));
  await sync();
  bench.untilDue();
  bench.source.before = ({ kind, of }) => {
    if (kind === 'detail' || Number(of) < 3) return;
    throw new UpstreamError('unavailable', 'HTTP 503', { isOutage: true });
  };
  const paused = await sync();
  expect(paused.details).toEqual([]);
  bench.source.before = () => {};
  // Changed behind entries that did not change: nothing but the details tells.
  many(200, () => ({ size: 9 })).forEach((row, at) => bench.source.details.set(`${200 - at}`, row));
  const { result, details } = await sync({ force: true });
  expect(result).toMatchObject({ success: true, stats: { total: 200, updated: 200 } });
  expect(result.run_id).not.toBe(paused.result.run_id);
  expect(details).toHaveLength(200);
});

test('what can’t be kept costs requests, and fails no run', async () => {
  const broken: VerifiedDetails = {
    read: async () => new Map(),
    write: () => Promise.reject(new Error('full')),
  };
  const bench = syncBench(createMemoryStore(), many(5));
  const result = await bench.sync({}, { verified: broken });
  expect(result.success).toBe(true);
  expect(bench.events.map(({ event }) => event)).toContain('verified_not_kept');
});

test('ids of all kinds come back with their times, in as many rows as they need', async () => {
  const { verified } = await incrementalBench();
  const atMs = Date.parse('2026-11-22T10:00:00Z');
  const ids = Array.from({ length: 40_000 }, (_, place) =>
    place % 2 === 0 ? `${place}` : `é/${place}`,
  );
  const all = new Map(ids.map((id) => [id, { fingerprint: 'abcdefghijklmnop', atMs }]));
  await verified.write(REF, all);
  expect(await verified.read(REF)).toEqual(all);
  const one = new Map([['1', { fingerprint: 'AAAAAAAAAAAAAAAA', atMs: atMs + 59_999 }]]);
  await verified.write(REF, one);
  expect(await verified.read(REF)).toEqual(
    new Map([['1', { fingerprint: 'AAAAAAAAAAAAAAAA', atMs }]]),
  );
});

test('a retry of rejects takes the place of no whole run: what a forced one owed is read', async () => {
  const { bench, sync } = await incrementalBench(many(100));
  await sync();
  for (let id = 1; id <= 100; id += 1) bench.source.details.set(`${id}`, { id, name: 'new' });
  bench.source.before = ({ kind, of }) => {
    if (kind === 'page' && Number(of) >= 3)
      throw new UpstreamError('unavailable', 'HTTP 503', { isOutage: true });
  };
  await sync({ force: true });
  expect((await bench.control()).run).toMatchObject({ allDetails: true });
  bench.source.before = () => {};
  bench.clock.advance(minutes(31));
  await sync({ scope: 'rejects', force: true });
  expect(await bench.control()).toMatchObject({ run: null, lastError: null });
  const stored = Object.values(await bench.live());
  expect(stored).toHaveLength(100);
  for (const body of stored) expect(body).toMatchObject({ name: 'new' });
});
