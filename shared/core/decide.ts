import type { ControlRecord, RunScope, RunState } from './control.ts';
import { isKeyTrouble } from './errors.ts';

/** The machine-readable answer to every trigger. */
export type Decision =
  'started' | 'running' | 'fresh' | 'cooling' | 'forbidden' | 'no_credential' | 'held';

/** A lease is over for others only this long after its end, so that clocks may differ a little. */
export const LEASE_MARGIN_MS = 10_000;
export const LEASE_MS = 90_000;
/** Gate after any start, so that even a crash at once is not repeated at once. */
export const PROVISIONAL_GATE_MS = 60_000;
/** After a refused key, one probe a minute; not even `force` passes it. */
export const KEY_PROBE_MS = 60_000;
/** An unfinished run without a commit for this long is begun again rather than resumed. */
const RESUMABLE_MS = 30 * 60_000;
const MOST_WAITED_MS = 12 * 3_600_000;
/** However well it goes on: what a run has seen is kept for twice as long. */
const MOST_RUN_MS = 7 * 24 * 3_600_000;
const TOLERANCE_MS = 5 * 60_000;

/** What a trigger asks for. */
export interface StartRequest {
  readonly scope: RunScope;
  /** Passes the interval and the gates after failures; never the lease, nor a refused key. */
  readonly force: boolean;
  /** Only goes on with an unfinished run, whatever its scope; begins it again when it is too old. */
  readonly resumeOnly: boolean;
}

/** Whether a run may start now, and what it would be. */
export type StartDecision =
  | { readonly start: 'new'; readonly scope: RunScope }
  | { readonly start: 'resume'; readonly run: RunState }
  | { readonly start: null; readonly decision: Exclude<Decision, 'started'> };

const refuse = (decision: Exclude<Decision, 'started'>): StartDecision => ({
  start: null,
  decision,
});

/** True while some holder's lease may still be in force, clock differences included. */
export function isLeased(control: ControlRecord, nowMs: number): boolean {
  return control.leaseHolder !== null && control.leaseExpiresAtMs + LEASE_MARGIN_MS > nowMs;
}

/** When a run may start (docs/reliability.md, 2). Pure; the store repeats it as a condition. */
export function decideStart(
  control: ControlRecord,
  request: StartRequest,
  context: { readonly nowMs: number; readonly configuration: string; readonly leaseGone: boolean },
): StartDecision {
  const { nowMs } = context;
  if (isLeased(control, nowMs) && !context.leaseGone) return refuse('running');
  if (isKeyBlocked(control, nowMs)) return refuse('no_credential');
  if (!mayStart(control, request, nowMs)) return refuse(whyNot(control, nowMs));
  const { run } = control;
  const { resumeOnly, scope } = request;
  if (run === null) return resumeOnly ? refuse('fresh') : { start: 'new', scope };
  if (isResumable(run, request, context)) return { start: 'resume', run };
  if (resumeOnly) return { start: 'new', scope: run.scope };
  // Approved deletions are of the last whole scan: they wait until the unfinished one is over.
  if (scope === 'removal') return refuse('running');
  // A whole run that is too old to be gone on with is begun again, and reads the records in error, too.
  return { start: 'new', scope: run.scope === 'full' ? 'full' : scope };
}

function mayStart(control: ControlRecord, request: StartRequest, nowMs: number): boolean {
  const { run, resumeAtMs } = control;
  // Reading a few records again may go on with the whole, and passes no wait that the supplier asked for.
  if (request.scope === 'rejects' && nowMs < resumeAtMs) return false;
  if (request.force) return true;
  if (request.resumeOnly) return run !== null && nowMs >= resumeAtMs;
  return nowMs >= control.nextDueAtMs;
}

function isKeyBlocked({ keyRefusedAtMs }: ControlRecord, nowMs: number): boolean {
  return keyRefusedAtMs !== null && nowMs < keyRefusedAtMs + KEY_PROBE_MS;
}

/** An unfinished full run serves every request but a removal; a partial one is not the whole. */
function isResumable(
  run: RunState,
  { scope, resumeOnly, force }: StartRequest,
  { nowMs, configuration }: { nowMs: number; configuration: string },
): boolean {
  // Who forces a whole sync wants every detail, also of what this run has passed already.
  if (force && scope === 'full' && run.skippedDetails === true) return false;
  const serves = run.scope === scope || resumeOnly || (run.scope === 'full' && scope === 'rejects');
  return serves && run.configuration === configuration && isYoung(run, nowMs);
}

/** A wait that the supplier asked for makes no run older, for half a day in all. */
function isYoung({ checkpointAtMs, startedAtMs, waitsUntilMs }: RunState, nowMs: number): boolean {
  if (nowMs >= startedAtMs + MOST_RUN_MS) return false;
  const waitedUntilMs = Math.min(waitsUntilMs ?? 0, startedAtMs + MOST_WAITED_MS);
  return nowMs < Math.max(checkpointAtMs, waitedUntilMs) + RESUMABLE_MS;
}

/** The unfinished run that a request for a whole sync goes on with, unless its configuration changed. */
export function runGoingOn(
  { run }: ControlRecord,
  { nowMs, force }: { readonly nowMs: number; readonly force: boolean },
): RunState | null {
  if (run === null || run.scope !== 'full' || !isYoung(run, nowMs)) return null;
  return force && run.skippedDetails === true ? null : run;
}

function whyNot(
  control: ControlRecord,
  nowMs: number,
): 'no_credential' | 'held' | 'cooling' | 'fresh' {
  if (isKeyTrouble(control.lastError?.code)) return 'no_credential';
  if (control.held !== null) return 'held';
  const isWaiting = control.run !== null || nowMs < control.resumeAtMs;
  return control.consecutiveFailures > 0 || isWaiting ? 'cooling' : 'fresh';
}

/** What a reader answers without starting anything: `due` means that it may claim the start. */
export function readerDecision(
  control: ControlRecord,
  nowMs: number,
): Exclude<Decision, 'started'> | 'due' {
  if (isLeased(control, nowMs) || control.triggerClaimedUntilMs > nowMs) return 'running';
  if (isKeyBlocked(control, nowMs)) return 'no_credential';
  return nowMs >= control.nextDueAtMs ? 'due' : whyNot(control, nowMs);
}

/**
 * When the next unforced run may start after a success: its **start** + interval − tolerance.
 * Measured from the end, an hourly schedule with a 2-hour interval would run every 3 hours. The
 * tolerance is 5 minutes, and never over a tenth of the interval.
 */
export function nextDueAfterSuccess(startedAtMs: number, intervalMs: number): number {
  return startedAtMs + intervalMs - Math.min(TOLERANCE_MS, intervalMs / 10);
}

/**
 * When the next unforced run may start after `failures` failures in a row: at least a minute, then up
 * to 60 s × 2^failures with full jitter, never over the interval.
 */
export function nextDueAfterFailure(
  nowMs: number,
  failures: number,
  intervalMs: number,
  random: number,
): number {
  const ceilingMs = Math.min(intervalMs, PROVISIONAL_GATE_MS * 2 ** Math.min(failures, 20));
  const floorMs = Math.min(PROVISIONAL_GATE_MS, ceilingMs);
  return Math.round(nowMs + floorMs + random * (ceilingMs - floorMs));
}
