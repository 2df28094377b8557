import { StoreUnavailableError } from '../../shared/core/errors.ts';
import type { World } from './world.ts';

/** What befalls a session at its n-th operation on the store or upstream, from 1. */
export interface Mishap {
  readonly atOperation: number;
  readonly kind:
    /** Dies before it, or after it took effect. */
    | 'crash_before'
    | 'crash_after'
    /** All of the session stands still from here on. */
    | 'pause'
    /** The store fails: before applying it, or with the reply lost for good. */
    | 'refuse'
    | 'lose_reply'
    /** The reply is lost, and the store's client sends it again. */
    | 'repeat';
  readonly forMs: number;
}

/** Whom a gate is for. */
interface Passing {
  readonly number: number;
  readonly mishaps: readonly Mishap[];
  /** Whether its monotonic clock stands still while it is paused. */
  readonly freezes: boolean;
}

/** Where all that a session does outside itself waits for its turn, and meets its mishaps. */
export interface Gate {
  /** Waits for its turn, then lets the operation happen, or what befalls it instead. */
  pass<Result>(label: string, isWrite: boolean, run: () => Promise<Result>): Promise<Result>;
  readonly isAlive: () => boolean;
  readonly died: Promise<void>;
  readonly operations: () => number;
  readonly stoodStillMs: () => number;
}

export function createGate(
  { mishaps, freezes, number }: Passing,
  { world, onOperation }: { readonly world: World; readonly onOperation?: (label: string) => void },
): Gate {
  let operations = 0;
  let frozenUntilMs = 0;
  let stoodStillMs = 0;
  let isDead = false;
  const death = Promise.withResolvers<void>();
  const never = new Promise<never>(() => {});
  const die = (): Promise<never> => {
    isDead = true;
    death.resolve();
    return never;
  };
  const freeze = (forMs: number): void => {
    frozenUntilMs = Math.max(frozenUntilMs, world.nowMs + forMs);
    if (freezes) stoodStillMs += forMs;
  };
  const isAlive = () => !isDead;
  const thawed = async (): Promise<void> => {
    while (world.nowMs < frozenUntilMs) await world.until(frozenUntilMs, isAlive);
    if (isDead) await never;
  };
  const pass: Gate['pass'] = async (label, isWrite, run) => {
    await world.turn(`${number} ${label}`);
    await thawed();
    operations += 1;
    onOperation?.(label);
    const mishap = mishaps.find(({ atOperation }) => atOperation === operations);
    switch (mishap?.kind) {
      case 'crash_before':
        return die();
      case 'pause':
        freeze(mishap.forMs);
        await thawed();
        return run();
      case 'refuse':
        if (isWrite) throw new StoreUnavailableError('the store was not reached');
        return run();
      case 'lose_reply':
        if (!isWrite) return run();
        await run();
        throw new StoreUnavailableError('the reply was lost');
      case 'repeat':
        if (!isWrite) return run();
        await run();
        await world.turn(`${number} ${label} again`);
        return run();
      case 'crash_after':
        await run().catch(() => {});
        return die();
      case undefined:
        return run();
    }
  };
  return {
    pass,
    isAlive,
    died: death.promise,
    operations: () => operations,
    stoodStillMs: () => stoodStillMs,
  };
}
