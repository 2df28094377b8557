import type { Clock } from '../../shared/core/ports.ts';

/** A clock that moves only when told to; sleepers wake when it passes their time. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
}

export function manualClock(startMs = Date.parse('2026-11-22T10:00:00Z')): ManualClock {
  const sleepers = new Set<{ readonly wakeAtMs: number; readonly wake: () => void }>();
  let nowMs = startMs;
  let ulids = 0;
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs - startMs,
    random: () => 0.5,
    ulid: () => `01RUN${String((ulids += 1)).padStart(21, '0')}`,
    advance: (ms) => {
      nowMs += ms;
      for (const sleeper of sleepers) {
        if (sleeper.wakeAtMs > nowMs) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
    sleep: (ms, signal) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      if (signal?.aborted) return Promise.resolve();
      const sleeper = { wakeAtMs: nowMs + ms, wake: resolve };
      sleepers.add(sleeper);
      signal?.addEventListener('abort', () => {
        sleepers.delete(sleeper);
        resolve();
      });
      return promise;
    },
  };
}
