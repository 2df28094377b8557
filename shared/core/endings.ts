import type {
  ActiveControl,
  ControlRecord,
  LastError,
  Ledger,
  RunOutcome,
  RunSummary,
} from './control.ts';
import { KEY_PROBE_MS } from './decide.ts';
import { gatesAfterFailure, gatesAfterSuccess } from './gates.ts';
import { settledCountOf } from './deletion.ts';
import { isKeyTrouble, type UpstreamError } from './errors.ts';
import { errorAfter, sinceMsOf } from './lasting.ts';
import { compactManifest, KEPT } from './manifest.ts';
import type { RecordId } from './record-id.ts';
import { remarkText, type Remark } from './remarks.ts';
import type { RunPorts } from './run-ports.ts';
import { accounted, summaryOf } from './summary.ts';

/** How a run ended, besides what its figures say. */
export interface Ending {
  readonly outcome: RunOutcome;
  /** What people should know of it. */
  readonly remark?: Remark;
  readonly error: Pick<LastError, 'code' | 'message'> | null;
  /** How long the supplier asked to be left alone, milliseconds; absent or null: it did not. */
  readonly retryAfterMs?: number | null;
  /** The deletions that wait for a person from now on. */
  readonly held?: {
    readonly ids: readonly RecordId[];
    readonly why: Remark;
  };
  /** The manifest base in force from now on; absent: the one before. */
  readonly manifestVersion?: number;
  /** Readers go on with what they see: what an earlier run left half done may wait for one that ends. */
  readonly isUnseen?: boolean;
}

/** Ends the run and gives the lease back, all or nothing.
 *  @throws LeaseLostError */
export async function endRun(
  control: ActiveControl,
  ending: Ending,
  ports: RunPorts,
): Promise<ControlRecord> {
  const nowMs = ports.clock.nowMs();
  const summary = summaryOf(accounted(control, ports), ending, nowMs);
  const { published } = control;
  const after = {
    ...released(control),
    run: null,
    published: ending.isUnseen === true ? published : { ...published, version: control.version },
    manifestVersion: ending.manifestVersion ?? control.manifestVersion,
    rejectCount: ports.ledger.rejects.size,
    liveRejectCount: liveRejectsIn(ports.ledger),
    lastError: lastErrorAfter(control, ending, nowMs),
    ...heldAfter(control, ending, nowMs),
    ...gatesAfterEnding(control, ending, ports, nowMs),
  };
  await release(control, after, { summary, held: ending.held?.ids ?? null }, ports);
  ports.end.trouble = ending.error && { ...ending.error, atMs: nowMs };
  ports.log[ending.error === null ? 'info' : 'error']('run_ended', { ...ports.ref, ...summary });
  return after;
}

/**
 * Ends what upstream interrupted: a full run with something done stays to be resumed from its cursor,
 * unless it would never end; any other is over.
 */
export async function endInterrupted(
  control: ActiveControl,
  error: UpstreamError,
  ports: RunPorts,
): Promise<ControlRecord> {
  const lastError = { code: error.failure, message: error.message };
  const { run } = control;
  const isBegun = run.pagesRead > 0 || run.stats.total > 0;
  if (run.scope !== 'full' || !isBegun || error.isEndless) {
    const values = { failure: error.failure, message: error.message };
    const remark: Remark = { code: 'upstream', values };
    const { retryAfterMs } = error;
    const ending = { outcome: 'failed', remark, error: lastError, isUnseen: true } as const;
    // What was missing and it has read for all that is missing no more, also for a person's word on it.
    const manifestVersion = await compactManifest(control, KEPT, ports);
    return endRun(control, { ...ending, retryAfterMs, manifestVersion }, ports);
  }
  const nowMs = ports.clock.nowMs();
  const { retryAfterMs } = error;
  const waiting = retryAfterMs === null ? {} : { waitsUntilMs: nowMs + retryAfterMs };
  const counted = accounted(control, ports);
  const after = {
    ...released({ ...counted, run: { ...counted.run, ...waiting } }),
    lastError: errorAfter(control, lastError, nowMs),
    ...gatesAfterFailure(control, error, ports, nowMs),
  };
  await release(control, after, { summary: null, held: null }, ports);
  ports.end.trouble = after.lastError;
  ports.log.error('run_paused', { ...ports.ref, runId: run.runId, error });
  return after;
}

/** Ends what an unexpected error broke, so that others need not wait for the lease; the caller rethrows.
 *  Best effort: when even this fails, the lease runs out by itself. */
export async function endBroken(
  control: ActiveControl,
  error: unknown,
  ports: RunPorts,
): Promise<void> {
  ports.log.error('run_broken', { ...ports.ref, runId: control.run.runId, error });
  const nowMs = ports.clock.nowMs();
  const broken = { code: 'worker_failed', message: String(error) } as const;
  const lastError = errorAfter(control, broken, nowMs);
  const gates = gatesAfterFailure(
    control,
    { failure: 'worker_failed', retryAfterMs: null },
    ports,
    nowMs,
  );
  // A partial run says nothing of the whole.
  const moved = control.run.scope === 'full' ? gates : { resumeAtMs: gates.resumeAtMs };
  const after = { ...released(control), lastError, ...moved };
  const ending = { summary: null, held: null };
  await release(control, after, ending, ports).catch((cause: unknown) => {
    ports.log.error('release_failed', { ...ports.ref, error: cause });
  });
}

/** Gives the lease back because the host's time is over; the next tick goes on. */
export async function endForNow(control: ActiveControl, ports: RunPorts): Promise<ControlRecord> {
  const after = released(accounted(control, ports));
  await release(control, after, { summary: null, held: null }, ports);
  ports.log.info('run_paused', { ...ports.ref, runId: control.run.runId });
  return after;
}

const released = (control: ActiveControl): ControlRecord => ({
  ...control,
  leaseHolder: null,
  leaseExpiresAtMs: 0,
});

function release(
  { fence, run }: ActiveControl,
  after: ControlRecord,
  ending: { readonly summary: RunSummary | null; readonly held: readonly RecordId[] | null },
  { lease, store, ref }: RunPorts,
): Promise<void> {
  lease.check();
  return store.finish(ref, { fence, runId: run.runId }, after, ending);
}

/** What is wrong with the whole is not mended by reading a few records again, nor by removing some; nor does
 *  it go wrong when these can't be read, unless it is the key that is refused. */
function lastErrorAfter(
  control: ActiveControl,
  { error }: Ending,
  nowMs: number,
): LastError | null {
  const isWhole = control.run.scope === 'full';
  if (error !== null && (isWhole || isKeyTrouble(error.code)))
    return errorAfter(control, error, nowMs);
  const isOver = isWhole || isAboutHeld(control) || (error === null && isKeyGoodAgain(control));
  return isOver ? null : control.lastError;
}

/** Whether the trouble was the key, and the supplier has served with it since. */
const isKeyGoodAgain = ({ lastError, keyRefusedAtMs, run }: ActiveControl): boolean =>
  isKeyTrouble(lastError?.code) && keyRefusedAtMs === null && run.stats.total > 0;

/** Whether the trouble was deletions to decide on, and they are being carried out. */
const isAboutHeld = ({ lastError, run }: ActiveControl): boolean =>
  run.scope === 'removal' && lastError?.code === 'held';

function liveRejectsIn({ manifest, rejects }: Ledger): number {
  let live = 0;
  for (const key of rejects) live += manifest.has(key) ? 1 : 0;
  return live;
}

/** What waits for a person from now on, how many records a loss is measured against, and what marks are. */
function heldAfter(
  { held, run, liveCount, settledCount, marksProve }: ActiveControl,
  ending: Ending,
  nowMs: number,
): Pick<ControlRecord, 'held' | 'settledCount' | 'marksProve'> {
  if (ending.held !== undefined) {
    const { ids, why } = ending.held;
    const reason = remarkText(why);
    const settled = settledCountOf({ settledCount, held }) ?? liveCount - run.stats.created;
    const sinceMs = held === null ? nowMs : sinceMsOf(held);
    const waiting = { runId: run.runId, reason, why, count: ids.length, atMs: nowMs, sinceMs };
    return { held: waiting, settledCount: settled, marksProve: false };
  }
  const isSettled = ending.outcome === 'completed' && run.scope !== 'rejects';
  if (!isSettled) return { held, settledCount, marksProve };
  // A whole scan leaves no marks but its own; a removal leaves those of what it did not remove.
  const areOwn = run.scope === 'full';
  return { held: null, settledCount: liveCount, marksProve: marksProve || areOwn };
}

/** A partial run says nothing of the whole: only a full one moves the interval's gate, but for a key that is
 *  refused, which is tried once a minute. */
function gatesAfterEnding(
  control: ActiveControl,
  { outcome, error, retryAfterMs = null }: Ending,
  ports: RunPorts,
  nowMs: number,
): Partial<ControlRecord> {
  const { scope } = control.run;
  if (scope === 'removal') {
    // At once, but for a wait that the supplier asked for.
    const nextDueAtMs = Math.max(Math.min(control.nextDueAtMs, nowMs), control.resumeAtMs);
    return isAboutHeld(control) ? { nextDueAtMs, consecutiveFailures: 0 } : {};
  }
  if (scope === 'rejects') {
    return {
      ...(error?.code === 'key_refused' && { keyRefusedAtMs: nowMs }),
      ...(isKeyTrouble(error?.code) && {
        nextDueAtMs: Math.min(control.nextDueAtMs, nowMs + KEY_PROBE_MS),
      }),
      ...(retryAfterMs !== null && {
        resumeAtMs: nowMs + retryAfterMs,
        nextDueAtMs: Math.max(control.nextDueAtMs, nowMs + retryAfterMs),
      }),
    };
  }
  if (outcome === 'completed') return gatesAfterSuccess(control, ports.intervalMs);
  if (outcome === 'held') {
    const { nextDueAtMs } = gatesAfterSuccess(control, ports.intervalMs);
    return { nextDueAtMs };
  }
  return gatesAfterFailure(control, { failure: error?.code, retryAfterMs }, ports, nowMs);
}
