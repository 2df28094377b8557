import { describe, expect, test } from 'vitest';
import {
  chunkOf,
  commitNext,
  ended,
  holdOf,
  newCatalog,
  NO_ENDING,
  NOW_MS,
  start,
  summaryOf,
  upsert,
  type OpenStore,
} from './catalog-fixture.ts';

/** What readers see, and what a finished run leaves. */
export function describeReading(open: OpenStore): void {
  describe('reading', () => {
    test('a snapshot has every live record, the newest id first, ids ordered as numbers', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      const ids = ['9', '10', '100', '2', '9007199254740991', 'b-2', 'a#1'];
      const after = await commitNext(store, ref, first, chunkOf(ids.map((id) => upsert(id))));
      const { records, version } = await reader.snapshot(ref, after);
      const expected = ['b-2', 'a#1', '9007199254740991', '100', '10', '9', '2'];
      expect(records.map(({ id }) => id)).toEqual(expected);
      expect(records.map(({ body }) => body['title'])).toEqual(
        expected.map((id) => `title of ${id}`),
      );
      expect(version).toBe(after.published.version);
    });

    test('a snapshot larger than one answer of the store is whole', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      let control = await start(store, ref, 'run-1');
      for (let chunk = 0; chunk < 3; chunk += 1) {
        const ids = Array.from({ length: 60 }, (_, at) => `${chunk * 60 + at}`);
        const writes = ids.map((id) => upsert(id, `${id}:${'x'.repeat(20_000)}`));
        control = await commitNext(store, ref, control, chunkOf(writes));
      }
      const { records } = await reader.snapshot(ref, control);
      expect(records).toHaveLength(180);
      expect(records[0]?.id).toBe('179');
    });

    test('nothing is found of what was never stored', async () => {
      const { reader } = open();
      const ref = newCatalog();
      expect(await reader.record(ref, '1')).toBeNull();
      expect(await reader.recent(ref)).toEqual([]);
      expect(await reader.runs(ref, 10)).toEqual([]);
      expect(await reader.rejects(ref, 10)).toEqual([]);
    });

    test('a run is in the history once it has ended, and no other is', async () => {
      const { store } = open();
      const ref = newCatalog();
      const control = await start(store, ref, '01A');
      expect(await store.hasRun(ref, '01A')).toBe(false);
      await store.finish(ref, holdOf(control), ended(control), {
        summary: summaryOf('01A'),
        held: null,
      });
      expect(await store.hasRun(ref, '01A')).toBe(true);
      expect(await store.hasRun(ref, '01B')).toBe(false);
      expect(await store.hasRun(newCatalog(), '01A')).toBe(false);
    });

    test('finished runs come newest first, at most as many as asked for', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      for (const runId of ['01A', '01B', '01C']) {
        const control = await start(store, ref, runId);
        const ending = { summary: summaryOf(runId), held: null };
        await store.finish(ref, holdOf(control), ended(control), ending);
      }
      expect(await reader.runs(ref, 2)).toEqual([summaryOf('01C'), summaryOf('01B')]);
    });

    test('the same finish sent twice is one', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      const control = await start(store, ref, '01A');
      const ending = { summary: summaryOf('01A'), held: null };
      const send = () => store.finish(ref, holdOf(control), ended(control), ending);
      await send();
      await send();
      expect(await reader.runs(ref, 10)).toEqual([summaryOf('01A')]);
    });
  });

  describe('held deletions', () => {
    const held = { runId: '01A', reason: 'half is gone', count: 150_000, atMs: NOW_MS };

    test('150,000 ids held back come back whole, in force with the finish and not before', async () => {
      const { store } = open();
      const ref = newCatalog();
      const numbers = Array.from({ length: 140_000 }, (_, at) => `${at * 11}`);
      const texts = Array.from({ length: 10_000 }, (_, at) => `référence-${at}-${'x'.repeat(60)}`);
      const ids = [...numbers, ...texts];
      const control = await start(store, ref, '01A');
      expect(await store.heldIds(ref, '01A')).toBeNull();
      await store.finish(ref, holdOf(control), ended(control, { held }), {
        summary: null,
        held: ids,
      });
      const found = await store.heldIds(ref, '01A');
      expect(found).toHaveLength(150_000);
      expect(new Set(found)).toEqual(new Set(ids));
      expect(await store.heldIds(ref, '01')).toBeNull();
    });

    test('a sample shows some of them, and none of a run that holds nothing', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      const control = await start(store, ref, '01A');
      expect(await reader.heldSample(ref, '01A', 3)).toEqual([]);
      const ids = ['7', '12', 'b#2', 'é', '9007199254740991'];
      const ending = { summary: null, held: ids };
      await store.finish(ref, holdOf(control), ended(control, { held }), ending);
      const sample = await reader.heldSample(ref, '01A', 3);
      expect(sample).toHaveLength(3);
      expect(ids).toEqual(expect.arrayContaining([...sample]));
      expect(new Set(await reader.heldSample(ref, '01A', 50))).toEqual(new Set(ids));
      expect(await reader.heldSample(ref, '01', 3)).toEqual([]);
      expect(await reader.heldSample(newCatalog(), '01A', 3)).toEqual([]);
    });

    test('are discarded once, by the run they belong to, and never under a lease', async () => {
      const { store } = open();
      const ref = newCatalog();
      const control = await start(store, ref, '01A');
      const after = ended(control, { held });
      await store.finish(ref, holdOf(control), after, { summary: null, held: ['1', '2'] });
      const released = { ...after, held: null };
      expect(await store.discardHeld(ref, '01X', released, NOW_MS)).toBe(false);
      expect(await store.discardHeld(ref, '01A', released, NOW_MS)).toBe(true);
      expect(await store.control(ref)).toEqual(released);
      expect(await store.heldIds(ref, '01A')).toBeNull();
      expect(await store.discardHeld(ref, '01A', released, NOW_MS)).toBe(false);
    });

    test('a word that looked before a late holder ended is not heard, and undoes nothing', async () => {
      const { store } = open();
      const ref = newCatalog();
      const first = await start(store, ref, '01A');
      await store.finish(ref, holdOf(first), ended(first, { held }), {
        summary: null,
        held: ['1', '2'],
      });
      const late = await start(store, ref, '01B', { leaseExpiresAtMs: NOW_MS });
      await store.finish(ref, holdOf(late), ended(late), NO_ENDING);
      const outdated = { ...late, held: null };
      expect(await store.discardHeld(ref, '01A', outdated, NOW_MS)).toBe(false);
      expect(await store.control(ref)).toEqual(ended(late));
    });

    test('stay while a run is going on, and when one came in between', async () => {
      const { store } = open();
      const ref = newCatalog();
      const control = await start(store, ref, '01A');
      const after = ended(control, { held });
      await store.finish(ref, holdOf(control), after, { summary: null, held: ['1', '2'] });
      const next = await start(store, ref, '01B');
      const released = { ...next, held: null };
      expect(await store.discardHeld(ref, '01A', released, NOW_MS)).toBe(false);
      await store.finish(ref, holdOf(next), ended(next), NO_ENDING);
      const outdated = { ...after, held: null };
      expect(await store.discardHeld(ref, '01A', outdated, NOW_MS)).toBe(false);
      expect(await store.heldIds(ref, '01A')).toEqual(['1', '2']);
    });
  });
}
