import type { ActiveControl, RunScope, Trigger } from './control.ts';
import type { Remark } from './remarks.ts';

/** What a trigger asks of a run. */
export interface SyncRequest {
  readonly trigger: Trigger;
  /** Passes the interval; never the lease, nor a refused key. */
  readonly force: boolean;
  /** Only goes on with an unfinished run. */
  readonly resumeOnly: boolean;
  readonly scope: RunScope;
  /** For a removal: the run whose held deletions a person approved, and no other's. */
  readonly heldRunId?: string;
  /** The id of a new run, when whoever asked was told it already; default: one of its own. */
  readonly runId?: string | undefined;
  /** Who asked for a new run, or decided on it: it is kept with it. */
  readonly remark?: Remark | undefined;
}

/** Where a run is driven: a Lambda invocation, a command, a test. */
export interface RunHost {
  /** Names this host and no other, in the lease. */
  readonly holder: string;
  /** True when the run must stop at the next commit, because the host's time is nearly over. */
  shouldStop(): boolean;
  /** True only when that holder can't be alive any more: its lease need not be waited for. */
  isGone(holder: string): boolean;
  /** Told after each commit. */
  observe(control: ActiveControl): void;
}

export interface SyncSettings {
  readonly intervalMs: number;
  /** Fingerprint of all that a checkpoint depends on: stored form, supplier, page size. */
  readonly configuration: string;
}
