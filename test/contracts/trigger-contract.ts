import { describe, expect, test } from 'vitest';
import {
  chunkOf,
  commitNext,
  ended,
  holdOf,
  LEASE_MS,
  newCatalog,
  NO_ENDING,
  NOW_MS,
  start,
  upsert,
  type OpenStore,
} from './catalog-fixture.ts';

const CLAIM_MS = 30_000;

/** Which of many readers starts the worker. */
export function describeTrigger(open: OpenStore): void {
  describe('the trigger’s claim', () => {
    test('200 readers at once: exactly one may start the worker', async () => {
      const { store } = open();
      const ref = newCatalog();
      const claims = Array.from({ length: 200 }, () =>
        store.claimTrigger(ref, NOW_MS, NOW_MS + CLAIM_MS),
      );
      expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1);
      expect((await store.control(ref)).triggerClaimedUntilMs).toBe(NOW_MS + CLAIM_MS);
    });

    test('a claim is over when its time is', async () => {
      const { store } = open();
      const ref = newCatalog();
      await store.claimTrigger(ref, NOW_MS, NOW_MS + CLAIM_MS);
      const again = (nowMs: number) => store.claimTrigger(ref, nowMs, nowMs + CLAIM_MS);
      expect(await again(NOW_MS + CLAIM_MS - 1)).toBe(false);
      expect(await again(NOW_MS + CLAIM_MS)).toBe(true);
    });

    test('a claim whose start failed is over sooner; another’s is left alone', async () => {
      const { store } = open();
      const ref = newCatalog();
      const untilOf = async () => (await store.control(ref)).triggerClaimedUntilMs;
      await store.claimTrigger(ref, NOW_MS, NOW_MS + CLAIM_MS);
      await store.shortenClaim(ref, NOW_MS + CLAIM_MS, NOW_MS + 5_000);
      expect(await untilOf()).toBe(NOW_MS + 5_000);
      const laterMs = NOW_MS + 5_000;
      expect(await store.claimTrigger(ref, laterMs, laterMs + CLAIM_MS)).toBe(true);
      await store.shortenClaim(ref, NOW_MS + CLAIM_MS, laterMs);
      expect(await untilOf()).toBe(laterMs + CLAIM_MS);
    });

    test('nobody may start the worker while a lease is in force', async () => {
      const { store } = open();
      const ref = newCatalog();
      await start(store, ref, 'run-1');
      const at = (nowMs: number) => store.claimTrigger(ref, nowMs, nowMs + CLAIM_MS);
      expect(await at(NOW_MS + LEASE_MS - 1)).toBe(false);
      expect(await at(NOW_MS + LEASE_MS)).toBe(true);
    });

    test('a run that starts, commits and finishes leaves the claim of a reader as it is', async () => {
      const { store } = open();
      const ref = newCatalog();
      await store.claimTrigger(ref, NOW_MS, NOW_MS + CLAIM_MS);
      const untouched = { triggerClaimedUntilMs: 0 };
      const first = await start(store, ref, 'run-1', untouched);
      const second = await commitNext(store, ref, first, chunkOf([upsert('1')]));
      await store.finish(ref, holdOf(second), ended(second), NO_ENDING);
      expect((await store.control(ref)).triggerClaimedUntilMs).toBe(NOW_MS + CLAIM_MS);
    });
  });
}
