import type { BaseAhead } from './base-pages.ts';
import type { ActiveControl, LastError, Ledger } from './control.ts';
import type { UpstreamHealth } from './health.ts';
import type { LeaseWatch } from './lease.ts';
import type { SyncPorts } from './ports.ts';
import type { DetailMemory } from './verified.ts';

/** What a run needs while it holds the lease: the ports, and what it has in memory. */
export interface RunPorts extends SyncPorts {
  /** Mirrors the store; only this holder changes either. */
  readonly ledger: Ledger;
  readonly details: DetailMemory;
  /** What is wrong with the run, once it has ended or is paused; null: nothing. */
  readonly end: { trouble: LastError | null };
  /** Whether the supplier has served a detail under this lease, and whether one need not be asked for. */
  readonly served: { detail: boolean; skipped: boolean };
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
