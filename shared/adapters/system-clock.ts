import { setTimeout as delay } from 'node:timers/promises';
import { monotonicFactory } from 'ulid';
import type { Clock } from '../core/ports.ts';

/** The machine's own time and chance. ULIDs of one clock always grow, also within a millisecond. */
export function createSystemClock(): Clock {
  const nextUlid = monotonicFactory();
  return {
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    sleep,
    ulid: () => nextUlid(Date.now()),
    random: () => Math.random(),
  };
}

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, signal ? { signal } : {});
  } catch (error) {
    // An abort ends the sleep early; whoever sleeps looks at the signal.
    if (!signal?.aborted) throw error;
  }
}
