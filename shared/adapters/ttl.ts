import type { Clock } from '../core/ports.ts';

export type TtlClock = Pick<Clock, 'monotonicMs' | 'nowMs'>;

/**
 * Begins a time to live; what it returns says whether it still lasts. Both clocks must say so: the
 * monotonic one may stand still while Lambda freezes a function between two requests, and what was to
 * be kept for seconds was kept for hours; the wall clock may be set back, and then it tells no age.
 */
export function beginTtl(ttlMs: number, clock: TtlClock): () => boolean {
  const beganAtMs = clock.nowMs();
  const untilMs = clock.monotonicMs() + ttlMs;
  return () => {
    const ageMs = clock.nowMs() - beganAtMs;
    return clock.monotonicMs() < untilMs && ageMs >= 0 && ageMs < ttlMs;
  };
}
