const BASE_MS = 250;
const CAP_MS = 10_000;

/**
 * How long to wait after the failed attempt number `attempt` (1 is the first), milliseconds: full
 * jitter, so that requests which failed together do not come back together.
 * @param random in [0, 1)
 */
export function retryDelayMs(attempt: number, random: number): number {
  return random * Math.min(CAP_MS, BASE_MS * 2 ** (attempt - 1));
}
