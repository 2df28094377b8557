import { LEASE_MARGIN_MS, LEASE_MS } from './decide.ts';
import { LeaseLostError } from './errors.ts';
import type { Clock } from './ports.ts';

/** The holder's own view of its lease, on the monotonic clock: it stops before others may start. */
export interface LeaseWatch {
  /** @throws LeaseLostError when less than the margin is left: nothing may be written any more. */
  check(): void;
  /** The lease was extended by a write that was sent at `sentAtMs` (monotonic). */
  extended(sentAtMs: number): void;
}

export function watchLease(clock: Clock): LeaseWatch {
  let endsAtMs = clock.monotonicMs() + LEASE_MS - LEASE_MARGIN_MS;
  return {
    check: () => {
      if (clock.monotonicMs() < endsAtMs) return;
      throw new LeaseLostError('stopped before the lease ended: no commit for too long');
    },
    extended: (sentAtMs) => {
      endsAtMs = sentAtMs + LEASE_MS - LEASE_MARGIN_MS;
    },
  };
}
