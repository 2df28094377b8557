/** What a supplier bears. */
export interface SupplierLimits {
  /** Requests in flight above this are refused with 503; 0: no limit. */
  readonly mostAtOnce: number;
  /** Requests above this in a second of the clock are refused with 429 and `Retry-After`; 0: no limit. */
  readonly mostInASecond: number;
}

export type Verdict = 'served' | 'too_many_at_once' | 'too_many_in_a_second';

/** Judges each request as it comes; counts those being served itself. What is refused is refused at
 *  once, and takes no place. */
export interface Judge {
  readonly arrived: (nowMs: number) => Verdict;
  /** One that was being served is answered. */
  readonly answered: () => void;
  /** Those being served and the one just refused, at most. */
  readonly mostInFlight: () => number;
}

export function createJudge({ mostAtOnce, mostInASecond }: SupplierLimits): Judge {
  let inFlight = 0;
  let most = 0;
  let second = 0;
  let inSecond = 0;
  const refusal = (nowMs: number): Verdict | null => {
    if (mostAtOnce > 0 && inFlight >= mostAtOnce) return 'too_many_at_once';
    const nowSecond = Math.floor(nowMs / 1000);
    if (nowSecond !== second) [second, inSecond] = [nowSecond, 0];
    if (mostInASecond > 0 && inSecond >= mostInASecond) return 'too_many_in_a_second';
    inSecond += 1;
    return null;
  };
  const arrived = (nowMs: number): Verdict => {
    most = Math.max(most, inFlight + 1);
    const refused = refusal(nowMs);
    if (refused === null) inFlight += 1;
    return refused ?? 'served';
  };
  return { arrived, answered: () => void (inFlight -= 1), mostInFlight: () => most };
}
