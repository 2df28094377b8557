import { describe, expect, test } from 'vitest';
import { LeaseLostError } from '../../shared/core/errors.ts';
import type { CatalogWrite } from '../../shared/core/ports.ts';
import {
  advanced,
  chunkOf,
  commitNext,
  ended,
  holdOf,
  LATER_AT,
  newCatalog,
  NO_ENDING,
  start,
  STORED_AT,
  tombstone,
  upsert,
  type OpenStore,
} from './catalog-fixture.ts';

const reject = (key: string, reason: string): CatalogWrite => ({
  kind: 'reject',
  key,
  reason,
  payload: '{"id":"?"}',
});

/** What one commit does, all or nothing. */
export function describeChunks(open: OpenStore): void {
  describe('a chunk', () => {
    test('stores records, cursor and counts together', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      const after = advanced(first, { version: 1, liveCount: 2 });
      const recent = [{ id: '2', title: 'two', syncedAt: STORED_AT }];
      const chunk = chunkOf([upsert('1', 'one'), upsert('2', 'two')], { recent });
      await store.commit(ref, holdOf(first), after, chunk);
      expect(await store.control(ref)).toEqual(after);
      expect(await reader.record(ref, '2')).toEqual({
        id: '2',
        source: ref.source,
        body: { title: 'two' },
        syncedAt: STORED_AT,
      });
      expect(await reader.recent(ref)).toEqual(recent);
    });

    test('is applied once, however often it is sent', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      const chunk = chunkOf([reject('9', 'no title')]);
      const send = () => store.commit(ref, holdOf(first), advanced(first), chunk);
      await send();
      await send();
      expect(await reader.rejects(ref, 10)).toMatchObject([{ key: '9', attempts: 1 }]);
    });

    test('is refused out of its turn, and then changes nothing', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      const skipping = advanced(advanced(first));
      const commit = store.commit(ref, holdOf(first), skipping, chunkOf([upsert('1')]));
      await expect(commit).rejects.toThrow(LeaseLostError);
      expect(await store.control(ref)).toEqual(first);
      expect(await reader.record(ref, '1')).toBeNull();
      expect((await store.ledger(ref, first)).manifest.size).toBe(0);
    });

    test('of another run is refused, even under the newest fence', async () => {
      const { store } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      const hold = { ...holdOf(first), runId: 'run-2' };
      const commit = store.commit(ref, hold, advanced(first), chunkOf([upsert('1')]));
      await expect(commit).rejects.toThrow(LeaseLostError);
    });

    test('carries 90 writes of 30 KB, and none more', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      const writes = Array.from({ length: 91 }, (_, id) => upsert(`${id}`, 'x'.repeat(30_000)));
      const tooMany = store.commit(ref, holdOf(first), advanced(first), chunkOf(writes));
      await expect(tooMany).rejects.toThrow(RangeError);
      const seen = Array.from({ length: 500 }, (_, id) => `${1000 + id}`);
      const most = chunkOf(writes.slice(1), { seen });
      const after = await commitNext(store, ref, first, most);
      expect((await reader.snapshot(ref, after)).records).toHaveLength(90);
    });

    test('hides a tombstone from reads', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      const second = await commitNext(store, ref, first, chunkOf([upsert('1'), upsert('2')]));
      const after = await commitNext(store, ref, second, chunkOf([tombstone('1')]));
      expect(await reader.record(ref, '1')).toBeNull();
      expect(await reader.lookUp(ref, '1')).toBe('removed');
      expect(await reader.lookUp(ref, '2')).toEqual(await reader.record(ref, '2'));
      expect(await reader.lookUp(ref, '3')).toBeNull();
      const { records } = await reader.snapshot(ref, after);
      expect(records.map(({ id }) => id)).toEqual(['2']);
    });

    test('brings a tombstone back to life', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      const second = await commitNext(store, ref, first, chunkOf([upsert('1', 'old')]));
      const third = await commitNext(store, ref, second, chunkOf([tombstone('1')]));
      const back = chunkOf([upsert('1', 'new')], { storedAt: LATER_AT });
      await commitNext(store, ref, third, back);
      const record = await reader.record(ref, '1');
      expect(record).toMatchObject({ body: { title: 'new' }, syncedAt: LATER_AT });
    });

    test('bodies are given as they are stored before the next chunk, of those that were ever stored', async () => {
      const { store } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      const second = await commitNext(
        store,
        ref,
        first,
        chunkOf([upsert('1', 'old'), upsert('2')]),
      );
      const before = await store.bodies(ref, ['1', '2', '3']);
      await commitNext(store, ref, second, chunkOf([upsert('1', 'new')]));
      expect(before).toEqual(
        new Map([
          ['1', { title: 'old' }],
          ['2', { title: 'title of 2' }],
        ]),
      );
      expect(await store.bodies(ref, ['1'])).toEqual(new Map([['1', { title: 'new' }]]));
      expect(await store.bodies(ref, [])).toEqual(new Map());
    });

    test('counts the attempts of a record in error, and forgets it when it is well', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      const second = await commitNext(store, ref, first, chunkOf([reject('9', 'no title')]));
      const again = chunkOf([reject('9', 'no price')], { storedAt: LATER_AT });
      const third = await commitNext(store, ref, second, again);
      const [known] = await reader.rejects(ref, 10);
      expect(known).toEqual({
        key: '9',
        reason: 'no price',
        payload: '{"id":"?"}',
        firstSeenAt: STORED_AT,
        lastSeenAt: LATER_AT,
        attempts: 2,
      });
      const healed = chunkOf([upsert('9'), { kind: 'clear_reject', key: '9' }]);
      const fourth = await commitNext(store, ref, third, healed);
      expect(await reader.rejects(ref, 10)).toEqual([]);
      await store.finish(ref, holdOf(fourth), ended(fourth), NO_ENDING);
    });
  });
}
