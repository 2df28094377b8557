/** A bound on requests in flight that follows what upstream can bear. */
export interface AdaptiveLimit<Result> {
  /** Runs a task once there is room for it. */
  readonly run: (task: () => Promise<Result>) => Promise<Result>;
  /** The bound now. */
  readonly inFlight: () => number;
}

const START = 8;
/** Rounds of good results before one more than what was borne is tried; twice as many after each try. */
const PATIENCE_ROUNDS = 8;

/**
 * Starts at 8 and grows by one for each good result (so it doubles in a round trip), up to `ceiling`.
 * When upstream is overloaded it halves, once for all the requests that were sent before it was known,
 * and grows again to one less than what was refused; from there it tries one more ever more rarely.
 */
export function createAdaptiveLimit<Result>(
  ceiling: number,
  isOverload: (result: Result) => boolean,
): AdaptiveLimit<Result> {
  const waiting: (() => void)[] = [];
  let bound = Math.min(START, ceiling);
  let active = 0;
  let halvings = 0;
  let borne = ceiling;
  let good = 0;
  let patienceRounds = PATIENCE_ROUNDS;

  const grow = (): void => {
    if (bound >= ceiling) return;
    good += 1;
    if (bound >= borne) {
      if (good < bound * patienceRounds) return;
      patienceRounds *= 2;
      borne += 1;
    }
    bound += 1;
    good = 0;
  };
  const halve = (sentAs: number, halvingsBefore: number): void => {
    borne = Math.max(1, Math.min(borne, sentAs - 1));
    if (halvings > halvingsBefore) return;
    halvings += 1;
    bound = Math.max(1, Math.floor(bound / 2));
    good = 0;
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
      if (isOverload(result)) halve(sentAs, halvingsBefore);
      else grow();
      return result;
    } finally {
      active -= 1;
      startWaiting();
    }
  };
  return { run, inFlight: () => bound };
}
