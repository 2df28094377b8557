/** A bound on requests in flight that follows what upstream can bear. */
export interface AdaptiveLimit<Result> {
  /** Runs a task once there is room for it. */
  readonly run: (task: () => Promise<Result>) => Promise<Result>;
  /** The bound now. */
  readonly inFlight: () => number;
  /** Whether this result was refused for being more than upstream has borne: it may be sent again as soon
   *  as there is room, since what is sent then was borne before. While nothing was served at all, upstream
   *  may as well be broken: true comes once something is. */
  readonly wasTooMany: (result: Result) => false | Promise<true>;
}

/** Half of the usual ceiling: a supplier that bears it all loses half a round trip, one that does not refuses
 *  few. */
const START = 16;
/** Rounds of good results before one more than what was borne is tried: twice as many after each try
 *  that is refused, half as many after one that is borne. */
const PATIENCE_ROUNDS = 32;
const LEAST_PATIENCE_ROUNDS = 4;

/**
 * Starts at 16 and grows by one for each good result (so it doubles in a round trip), up to `ceiling`.
 * When upstream is overloaded it halves, once for all the requests that were sent before it was known,
 * but never below what was borne; it grows again to one less than what was refused, and from there tries
 * one more now and then.
 */
export function createAdaptiveLimit<Result extends object>(
  ceiling: number,
  isOverload: (result: Result) => boolean,
): AdaptiveLimit<Result> {
  const waiting: (() => void)[] = [];
  const tooMany = new WeakMap<Result, Promise<true>>();
  const served = Promise.withResolvers<true>();
  let bound = Math.min(START, ceiling);
  let active = 0;
  let halvings = 0;
  /** One less than what was refused. */
  let borne = ceiling;
  /** The most that was in flight when something was served. */
  let proven = 0;
  let good = 0;
  let patienceRounds = PATIENCE_ROUNDS;
  let isTrying = false;

  const grow = (sentAs: number): void => {
    served.resolve(true);
    proven = Math.max(proven, Math.min(sentAs, borne));
    if (bound >= ceiling) return;
    good += 1;
    if (bound >= borne) {
      if (good < bound * patienceRounds) return;
      if (isTrying) patienceRounds = Math.max(LEAST_PATIENCE_ROUNDS, patienceRounds / 2);
      isTrying = true;
      borne += 1;
    }
    bound += 1;
    good = 0;
  };
  const shrink = (sentAs: number, halvingsBefore: number): void => {
    borne = Math.max(1, Math.min(borne, sentAs - 1));
    proven = Math.min(proven, borne);
    if (halvings > halvingsBefore) return;
    halvings += 1;
    bound = Math.max(1, proven, Math.floor(bound / 2));
    good = 0;
    if (isTrying) patienceRounds *= 2;
    isTrying = false;
  };
  const startWaiting = (): void => {
    while (active < bound) {
      const start = waiting.shift();
      if (start === undefined) return;
      active += 1;
      start();
    }
  };
  const run = async (task: () => Promise<Result>): Promise<Result> => {
    if (active < bound) active += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    const [sentAs, halvingsBefore] = [active, halvings];
    try {
      const result = await task();
      if (!isOverload(result)) grow(sentAs);
      else {
        if (sentAs > Math.max(1, proven)) tooMany.set(result, served.promise);
        shrink(sentAs, halvingsBefore);
      }
      return result;
    } finally {
      active -= 1;
      startWaiting();
    }
  };
  return { run, inFlight: () => bound, wasTooMany: (result) => tooMany.get(result) ?? false };
}
