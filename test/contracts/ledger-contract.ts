import { describe, expect, test } from 'vitest';
import type { ManifestEntry } from '../../shared/core/control.ts';
import type { RecordId } from '../../shared/core/record-id.ts';
import {
  chunkOf,
  commitNext,
  ended,
  hashOf,
  holdOf,
  newCatalog,
  NO_ENDING,
  start,
  tombstone,
  upsert,
  type OpenStore,
} from './catalog-fixture.ts';

const entry = (title: string, missing = false): ManifestEntry => ({ hash: hashOf(title), missing });

/** What a run finds out before it compares. */
export function describeLedger(open: OpenStore): void {
  describe('the ledger', () => {
    test('of a first run knows nothing', async () => {
      const { store } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      expect(await store.ledger(ref, first)).toEqual({
        manifest: new Map(),
        seen: new Set(),
        rejects: new Set(),
        recent: [],
        overBase: 0,
      });
    });

    test('of a resumed run knows what was committed and seen before, and nothing else', async () => {
      const { store } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      const chunk = chunkOf([upsert('1', 'one'), upsert('ref/é', 'two')], { seen: ['7', 'x#1'] });
      const second = await commitNext(store, ref, first, chunk);
      const third = await commitNext(store, ref, second, chunkOf([], { seen: ['8'] }));
      const ledger = await store.ledger(ref, third);
      expect(ledger.manifest).toEqual(
        new Map([
          ['1', entry('one')],
          ['ref/é', entry('two')],
        ]),
      );
      expect(ledger.seen).toEqual(new Set(['1', 'ref/é', '7', 'x#1', '8']));
      expect(ledger.overBase).toBeGreaterThan(0);
    });

    test('of a new run has seen nothing of the run before', async () => {
      const { store } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      const second = await commitNext(store, ref, first, chunkOf([upsert('1')], { seen: ['7'] }));
      await store.finish(ref, holdOf(second), ended(second), NO_ENDING);
      const next = await start(store, ref, 'run-2');
      const after = await commitNext(store, ref, next, chunkOf([], { seen: ['3'] }));
      expect((await store.ledger(ref, after)).seen).toEqual(new Set(['3']));
    });

    test('applies changes in their order, also those of one run under two fences', async () => {
      const { store } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1', { leaseExpiresAtMs: 0 });
      await commitNext(store, ref, first, chunkOf([upsert('1', 'a'), upsert('2', 'b')]));
      const before = await store.control(ref);
      const resumed = { ...before, fence: before.fence + 1 };
      await store.acquire(ref, before, resumed, { nowMs: 1, goneHolder: null });
      const third = await commitNext(
        store,
        ref,
        resumed,
        chunkOf([tombstone('1'), upsert('2', 'c')]),
      );
      const ledger = await store.ledger(ref, third);
      expect(ledger.manifest).toEqual(new Map([['2', entry('c')]]));
      expect(ledger.seen.has('2')).toBe(true);
    });

    test('reads back a whole manifest with its missing marks, and then what changed', async () => {
      const { store } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      const manifest = new Map<RecordId, ManifestEntry>();
      for (let id = 1; id <= 60_000; id += 1)
        manifest.set(`${id * 3}`, entry(`t${id}`, id % 7 === 0));
      manifest.set('été/1', entry('summer', true));
      await store.writeManifest(ref, first.fence, manifest);
      await store.finish(
        ref,
        holdOf(first),
        ended(first, { manifestVersion: first.fence }),
        NO_ENDING,
      );
      const next = await start(store, ref, 'run-2');
      expect(await store.ledger(ref, next)).toMatchObject({ manifest, overBase: 0 });
      const changed = await commitNext(store, ref, next, chunkOf([upsert('été/1', 'autumn')]));
      const ledger = await store.ledger(ref, changed);
      expect(ledger.manifest.get('été/1')).toEqual(entry('autumn'));
      expect(ledger.manifest.size).toBe(60_001);
      expect(ledger.overBase).toBeGreaterThan(0);
    });

    test('a manifest is not in force before a finish names it', async () => {
      const { store } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      await store.writeManifest(ref, first.fence, new Map([['1', entry('one')]]));
      expect((await store.ledger(ref, first)).manifest.size).toBe(0);
    });

    test('changes made before a manifest are never applied on top of it', async () => {
      const { store } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      const second = await commitNext(store, ref, first, chunkOf([upsert('1', 'old')]));
      await store.writeManifest(ref, first.fence, new Map([['1', entry('new', true)]]));
      const after = ended(second, { manifestVersion: first.fence });
      await store.finish(ref, holdOf(second), after, NO_ENDING);
      const ledger = await store.ledger(ref, await start(store, ref, 'run-2'));
      expect(ledger.manifest).toEqual(new Map([['1', entry('new', true)]]));
    });

    test('a manifest written again is the last one, also when it is shorter', async () => {
      const { store } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      const long = Array.from({ length: 40_000 }, (_, id) => [`${id}`, entry('long')] as const);
      await store.writeManifest(ref, first.fence, new Map(long));
      await store.writeManifest(ref, first.fence, new Map([['5', entry('short')]]));
      const after = ended(first, { manifestVersion: first.fence });
      await store.finish(ref, holdOf(first), after, NO_ENDING);
      const ledger = await store.ledger(ref, after);
      expect(ledger.manifest).toEqual(new Map([['5', entry('short')]]));
    });

    test('knows the records in error and the last stored', async () => {
      const { store } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      const recent = [{ id: '1', title: 'one', syncedAt: '2026-11-22T10:00:00.000Z' }];
      const bad = { kind: 'reject', key: 'k9', reason: 'no title', payload: '{}' } as const;
      const second = await commitNext(store, ref, first, chunkOf([bad], { recent }));
      const ledger = await store.ledger(ref, second);
      expect(ledger.rejects).toEqual(new Set(['k9']));
      expect(ledger.recent).toEqual(recent);
      expect(ledger.overBase).toBe(0);
    });
  });
}
