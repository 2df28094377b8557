import { expect, test } from 'vitest';
import { createMemoryStore } from '../../../shared/adapters/memory/store.ts';
import { withPointerCache } from '../../../shared/adapters/pointer-cache.ts';
import { NEW_CONTROL, type CatalogRef, type ControlRecord } from '../../../shared/core/control.ts';
import { manualClock } from '../../support/manual-clock.ts';

const REF = { source: 'main', resource: 'products' };
const SYNCED: ControlRecord = { ...NEW_CONTROL, lastSuccessAtMs: 1 };

function cached(answer: () => Promise<ControlRecord>, clock = manualClock()) {
  let reads = 0;
  const control = (_ref: CatalogRef) => {
    reads += 1;
    return answer();
  };
  const reader = withPointerCache({ ...createMemoryStore(), control }, { clock, checkMs: 10_000 });
  return { clock, reader, reads: () => reads };
}

test('a control record is read at most once in ten seconds, also by many at once', async () => {
  const { clock, reader, reads } = cached(async () => SYNCED);
  await Promise.all(Array.from({ length: 50 }, () => reader.control(REF)));
  clock.advance(9_999);
  expect(await reader.control(REF)).toEqual(SYNCED);
  expect(reads()).toBe(1);
  clock.advance(1);
  await reader.control(REF);
  expect(reads()).toBe(2);
});

/** As of a function that was frozen between two requests. */
const stoppedClock = () => ({ ...manualClock(), monotonicMs: () => 0 });

test('while the monotonic clock stands still, the wall clock ends the ten seconds', async () => {
  const { clock, reader, reads } = cached(async () => SYNCED, stoppedClock());
  await reader.control(REF);
  clock.advance(9_999);
  await reader.control(REF);
  expect(reads()).toBe(1);
  clock.advance(1);
  await reader.control(REF);
  expect(reads()).toBe(2);
});

test('a wall clock that was set back tells no age: the record is read again', async () => {
  const { clock, reader, reads } = cached(async () => SYNCED, stoppedClock());
  await reader.control(REF);
  clock.advance(-1);
  await reader.control(REF);
  expect(reads()).toBe(2);
});

test('catalogues are looked at apart', async () => {
  const { reader, reads } = cached(async () => SYNCED);
  await reader.control(REF);
  await reader.control({ ...REF, resource: 'categories' });
  expect(reads()).toBe(2);
});

test('until the first sync is over it is read each time', async () => {
  const { reader, reads } = cached(async () => NEW_CONTROL);
  await reader.control(REF);
  await reader.control(REF);
  expect(reads()).toBe(2);
});

test('a failed read is not kept', async () => {
  let isDown = true;
  const { reader } = cached(async () => {
    if (isDown) throw new Error('down');
    return SYNCED;
  });
  await expect(reader.control(REF)).rejects.toThrow('down');
  isDown = false;
  expect(await reader.control(REF)).toEqual(SYNCED);
});
