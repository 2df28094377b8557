import pLimit from 'p-limit';

/** A bound on requests in flight that follows what upstream can bear. */
export interface AdaptiveLimit<Result> {
  /** Runs a task once there is room for it. */
  readonly run: (task: () => Promise<Result>) => Promise<Result>;
  /** The bound now. */
  readonly inFlight: () => number;
}

const START = 8;

/**
 * Starts at 8 and grows by one for each round of good results, up to `ceiling`; halves when upstream
 * is overloaded, once for all the requests that were sent before it was known.
 */
export function createAdaptiveLimit<Result>(
  ceiling: number,
  isOverload: (result: Result) => boolean,
): AdaptiveLimit<Result> {
  const limit = pLimit(Math.min(START, ceiling));
  let halvings = 0;
  let goodInRound = 0;

  const adapt = (overloaded: boolean, halvingsBefore: number): void => {
    if (!overloaded) {
      goodInRound += 1;
      if (goodInRound < limit.concurrency || limit.concurrency >= ceiling) return;
      limit.concurrency += 1;
    } else {
      if (halvings > halvingsBefore) return;
      halvings += 1;
      limit.concurrency = Math.max(1, Math.floor(limit.concurrency / 2));
    }
    goodInRound = 0;
  };
  const run = (task: () => Promise<Result>): Promise<Result> =>
    limit(async () => {
      const halvingsBefore = halvings;
      const result = await task();
      adapt(isOverload(result), halvingsBefore);
      return result;
    });
  return { run, inFlight: () => limit.concurrency };
}
