import { describe, expect, test } from 'vitest';
import type { CatalogRef, ControlRecord } from '../../shared/core/control.ts';
import { LeaseLostError } from '../../shared/core/errors.ts';
import {
  advanced,
  chunkOf,
  commitNext,
  ended,
  holdOf,
  leased,
  LEASE_MS,
  newCatalog,
  NEW_CONTROL,
  NO_ENDING,
  NOW_MS,
  runOf,
  start,
  upsert,
  type OpenStore,
} from './catalog-fixture.ts';

const at = (nowMs: number) => ({ nowMs, goneHolder: null });
const gone = (goneHolder: string | null) => ({ nowMs: NOW_MS, goneHolder });

/** Who may start a run, and who may not write any more. */
export function describeLease(open: OpenStore): void {
  describe('the lease', () => {
    test('a resource that was never synced has the control record of a new one', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      expect(await store.control(ref)).toEqual(NEW_CONTROL);
      expect(await reader.control(ref)).toEqual(NEW_CONTROL);
    });

    test('keeps every field of the control record as it was written', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      const after = leased(NEW_CONTROL, runOf('run-1', { note: 'a note', cursor: 'page-7' }), {
        lastSuccessAtMs: 1,
        nextDueAtMs: 2,
        resumeAtMs: 3,
        consecutiveFailures: 4,
        keyRefusedAtMs: 5,
        version: 6,
        manifestVersion: 7,
        liveCount: 8,
        rejectCount: 9,
        liveRejectCount: 8,
        removedCount: 10,
        held: { runId: 'run-0', reason: 'half is gone', count: 600, atMs: 11 },
        lastError: { code: 'held', message: 'half is gone', atMs: 12 },
      });
      await store.acquire(ref, NEW_CONTROL, after, { nowMs: NOW_MS, goneHolder: null });
      expect(await store.control(ref)).toEqual(after);
      expect(await reader.control(ref)).toEqual(after);
    });

    test('20 acquires at once: exactly one has the lease', async () => {
      const { store } = open();
      const ref = newCatalog();
      const tries = Array.from({ length: 20 }, (_, number) =>
        store.acquire(ref, NEW_CONTROL, leased(NEW_CONTROL, runOf(`run-${number}`)), {
          nowMs: NOW_MS,
          goneHolder: null,
        }),
      );
      const taken = await Promise.all(tries);
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect((await store.control(ref)).run?.runId).toBe(`run-${taken.indexOf(true)}`);
    });

    test('a lease in force is refused to others until it is over', async () => {
      const { store } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      const next = leased(first, runOf('run-2'));
      expect(await store.acquire(ref, first, next, at(NOW_MS + LEASE_MS - 1))).toBe(false);
      expect(await store.acquire(ref, first, next, at(NOW_MS + LEASE_MS))).toBe(true);
    });

    test('a lease in force is taken over from a holder that is known to be gone, no other', async () => {
      const { store } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      const next = leased(first, runOf('run-1'));
      expect(await store.acquire(ref, first, next, gone('somebody'))).toBe(false);
      expect(await store.acquire(ref, first, next, gone(first.leaseHolder))).toBe(true);
    });

    test('whoever looked before another run came and went is refused', async () => {
      const { store } = open();
      const ref = newCatalog();
      const before = await store.control(ref);
      const first = await start(store, ref, 'run-1');
      await store.finish(ref, holdOf(first), ended(first), NO_ENDING);
      const late = leased(before, runOf('run-2'));
      const condition = { nowMs: NOW_MS, goneHolder: null };
      expect(await store.acquire(ref, before, late, condition)).toBe(false);
    });

    test('whoever looked before the late holder committed, ended or was discarded is refused, and undoes nothing', async () => {
      const { store } = open();
      const held = { runId: 'run-0', reason: 'half is gone', count: 6, atMs: 11 };
      const lateWrites = [
        (ref: CatalogRef, first: ControlRecord) =>
          store.commit(ref, holdOf(first), advanced(first), chunkOf([upsert('1')])),
        (ref: CatalogRef, first: ControlRecord) =>
          store.finish(ref, holdOf(first), ended(first), NO_ENDING),
        (ref: CatalogRef, first: ControlRecord) =>
          store.discardHeld(ref, 'run-0', { ...first, held: null }, NOW_MS),
      ];
      for (const write of lateWrites) {
        const ref = newCatalog();
        // The holder is late: to others its lease is over, although nobody has taken it.
        const first = await start(store, ref, 'run-1', { leaseExpiresAtMs: NOW_MS, held });
        await write(ref, first);
        const written = await store.control(ref);
        const outdated = leased(first, runOf('run-1'));
        expect(await store.acquire(ref, first, outdated, at(NOW_MS + LEASE_MS))).toBe(false);
        expect(await store.control(ref)).toEqual(written);
        const next = leased(written, runOf('run-2'));
        expect(await store.acquire(ref, written, next, at(NOW_MS + LEASE_MS))).toBe(true);
      }
    });

    test('a holder paused past its lease can neither commit nor finish once another has it', async () => {
      const { store, reader } = open();
      const ref = newCatalog();
      const old = await start(store, ref, 'run-1', { leaseExpiresAtMs: NOW_MS });
      const current = await start(store, ref, 'run-1');
      const stale = chunkOf([upsert('1', 'stale')]);
      const commit = store.commit(ref, holdOf(old), advanced(old), stale);
      await expect(commit).rejects.toThrow(LeaseLostError);
      const finish = store.finish(ref, holdOf(old), ended(old), NO_ENDING);
      await expect(finish).rejects.toThrow(LeaseLostError);
      expect(await store.control(ref)).toEqual(current);
      expect(await reader.record(ref, '1')).toBeNull();
    });

    test('a paused run keeps its checkpoint, and frees the lease at once', async () => {
      const { store } = open();
      const ref = newCatalog();
      const first = await start(store, ref, 'run-1');
      const second = await commitNext(store, ref, first, chunkOf([upsert('1')]));
      const paused = { ...second, leaseHolder: null, leaseExpiresAtMs: 0 };
      await store.finish(ref, holdOf(second), paused, NO_ENDING);
      expect((await store.control(ref)).run).toEqual(second.run);
      await expect(start(store, ref, 'run-1')).resolves.toBeDefined();
    });

    test('resources are independent: the run of one leaves the control record of another', async () => {
      const { store } = open();
      const ref = newCatalog();
      const other = { ...ref, resource: 'categories' };
      await start(store, ref, 'run-1');
      expect(await store.control(other)).toEqual(NEW_CONTROL);
      await expect(start(store, other, 'run-2')).resolves.toBeDefined();
    });
  });
}
