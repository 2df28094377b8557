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

/** An abort ends the sleep early; whoever sleeps looks at the signal. */
function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    if (signal?.aborted === true) wake();
    else signal?.addEventListener('abort', wake);
  });
}
