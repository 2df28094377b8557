import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import type { Clock } from '../../shared/core/ports.ts';
import { createInstantClock } from '../support/instant-clock.ts';

/** A worker's own clock: the machine's, wrong by a skew, and set at will. */
export interface LabClock extends Clock {
  /** Moves the wall clock, and it alone; negative steps back. */
  step(ms: number): void;
  /** Lets time pass: both of its clocks move. */
  pass(ms: number): void;
}

/** @param skewMs how far the wall clock is ahead; negative is behind */
export function labClock(skewMs = 0): LabClock {
  const system = createSystemClock();
  let aheadMs = skewMs;
  let passedMs = 0;
  return {
    ...system,
    nowMs: () => system.nowMs() + aheadMs + passedMs,
    monotonicMs: () => system.monotonicMs() + passedMs,
    step: (ms) => {
      aheadMs += ms;
    },
    pass: (ms) => {
      passedMs += ms;
    },
  };
}

/** The same wall clock for a source whose waits take no time: its `monotonicMs` is what they would have
 *  taken. */
export function impatient(clock: Clock): Clock {
  const instant = createInstantClock();
  return { ...instant, nowMs: () => clock.nowMs(), random: () => clock.random() };
}
