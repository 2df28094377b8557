import type { Scheduler } from 'fast-check';
import type { Clock } from '../../shared/core/ports.ts';
import type { HistoryEvent, Controls } from './history.ts';

interface Sleeper {
  readonly wakeAtMs: number;
  readonly wake: () => void;
  readonly isAlive: () => boolean;
}

/** Time, and whose turn it is: the only two ways in which a history's parts wait. */
export interface World {
  readonly events: HistoryEvent[];
  readonly logged: string[];
  nowMs: number;
  /** Everybody goes on at once: nothing is left to be interleaved. */
  isCalm: boolean;
  controls: Controls;
  /** Waits until the scheduler lets this one go on. */
  turn(label: string): Promise<void>;
  /** Runs one after the other what must not overlap. */
  alone<Result>(run: () => Promise<Result>): Promise<Result>;
  /** Moves the time; wakes who slept until then. */
  pass(ms: number): void;
  /** Resolves once the time is `atMs`. */
  until(atMs: number, isAlive: () => boolean, signal?: AbortSignal): Promise<void>;
  /** Moves to the next moment at which somebody alive wakes. False when nobody sleeps. */
  passToNextWaking(): boolean;
}

const START_MS = Date.parse('2026-11-22T10:00:00Z');

/** @param scheduler decides whose turn it is; null: everybody goes on at once */
export function createWorld(scheduler: Scheduler | null, controls: Controls): World {
  const sleepers = new Set<Sleeper>();
  let last: Promise<unknown> = Promise.resolve();
  const world: World = {
    isCalm: scheduler === null,
    alone: (run) => {
      const mine = last.then(run);
      last = mine.catch(() => {});
      return mine;
    },
    events: [],
    logged: [],
    nowMs: START_MS,
    controls,
    turn: async (label) => {
      if (!world.isCalm) await scheduler?.schedule(Promise.resolve(), label);
    },
    pass: (ms) => {
      world.nowMs += ms;
      for (const sleeper of sleepers) {
        if (sleeper.wakeAtMs > world.nowMs) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
    until: (atMs, isAlive, signal) => {
      if (world.nowMs >= atMs || signal?.aborted === true) return Promise.resolve();
      return new Promise((wake) => {
        const sleeper: Sleeper = { wakeAtMs: atMs, wake, isAlive };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          wake();
        });
      });
    },
    passToNextWaking: () => {
      for (const sleeper of sleepers) if (!sleeper.isAlive()) sleepers.delete(sleeper);
      if (sleepers.size === 0) return false;
      const next = Math.min(...[...sleepers].map(({ wakeAtMs }) => wakeAtMs));
      world.pass(next - world.nowMs);
      return true;
    },
  };
  return world;
}

/** What a session's clock shows; both may be wrong, each in its own way. */
export interface Skew {
  /** Ahead of the true time (negative: behind). */
  readonly wallMs: () => number;
  /** Time for which this session's own monotonic clock stood still, as a frozen machine's does. */
  readonly stoodStillMs: () => number;
}

/** One session's clock. `ulids` are shared, so that they grow as real ones do. */
export function clockOf(
  world: World,
  { wallMs, stoodStillMs }: Skew,
  isAlive: () => boolean,
  ulid: () => string,
): Clock {
  return {
    nowMs: () => world.nowMs + wallMs(),
    monotonicMs: () => world.nowMs - START_MS - stoodStillMs(),
    sleep: (ms, signal) => world.until(world.nowMs + ms, isAlive, signal),
    ulid,
    random: () => 0.5,
  };
}
