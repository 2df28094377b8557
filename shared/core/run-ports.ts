import type { BaseAhead } from './base-pages.ts';
import type { ActiveControl, Ledger } from './control.ts';
import { LEASE_MARGIN_MS, LEASE_MS } from './decide.ts';
import { LeaseLostError } from './errors.ts';
import type { UpstreamHealth } from './health.ts';
import type { Clock, SyncPorts } from './ports.ts';
import type { DetailMemory } from './verified.ts';

/** What a run needs while it holds the lease: the ports, and what it has in memory. */
export interface RunPorts extends SyncPorts {
  /** Mirrors the store; only this holder changes either. */
  readonly ledger: Ledger;
  readonly details: DetailMemory;
  readonly lease: LeaseWatch;
  readonly ahead: BaseAhead;
  /** Requests and retries of the run before this lease, and how they were answered. */
  readonly spent: {
    readonly requests: number;
    readonly retries: number;
    readonly health: UpstreamHealth;
  };
  readonly intervalMs: number;
  /** True when the host wants the run to stop at the next commit. */
  readonly shouldStop: () => boolean;
  /** Told after each commit. */
  readonly observe: (control: ActiveControl) => void;
}

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
