import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../shared/core/ports.ts';

export interface InstantClock extends Clock {
  /** What was slept, milliseconds, in order. */
  readonly sleeps: number[];
}

/** A clock on which a sleep takes no time, and moves it. `random` always answers the same. */
export function createInstantClock(
  startMs = Date.UTC(2026, 10, 22, 10, 0, 0),
  random = 0.5,
): InstantClock {
  let elapsedMs = 0;
  let ulids = 0;
  const sleeps: number[] = [];
  return {
    sleeps,
    nowMs: () => startMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    sleep: async (ms, signal) => {
      if (signal?.aborted) return;
      sleeps.push(ms);
      const wakesAtMs = elapsedMs + ms;
      await nextTurn();
      elapsedMs = Math.max(elapsedMs, wakesAtMs);
    },
    ulid: () => String((ulids += 1)).padStart(26, '0'),
    random: () => random,
  };
}
