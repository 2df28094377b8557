/** Short at first: the usual refusal is over at once, and the rows behind the record wait for it. */
const BASE_MS = 60;
const GROWTH = 8;
const CAP_MS = 10_000;

/**
 * How long to wait after the failed attempt number `attempt` (1 is the first), milliseconds: full
 * jitter, so that requests which failed together do not come back together.
 * @param random in [0, 1)
 */
export function retryDelayMs(attempt: number, random: number): number {
  return random * Math.min(CAP_MS, BASE_MS * GROWTH ** (attempt - 1));
}
