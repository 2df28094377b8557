import type { Clock, CatalogStore, Log } from './ports.ts';
import { NO_STATS, type CatalogRef, type ControlRecord, type RunSummary } from './control.ts';
import { isLeased } from './decide.ts';
import { settledCountOf } from './deletion.ts';
import { noteOf, type Remark } from './remarks.ts';

/** What came of a person's word on held deletions. */
export interface HeldAnswer {
  readonly success: boolean;
  readonly message: string;
}

/** Whether the deletions that `runId` held back are the ones now waiting, in words when they are not. */
export function heldFault(control: ControlRecord, runId: string): string | null {
  if (control.held === null) return 'No deletions are held.';
  if (control.held.runId === runId) return null;
  return `Run ${runId} holds nothing any more; the deletions now waiting are of run ${control.held.runId}.`;
}

/**
 * Lets held deletions go without doing them: every record stays. A later sync that misses as many
 * records holds again.
 */
export async function discardHeld(
  ref: CatalogRef,
  runId: string,
  { store, clock, log }: { store: CatalogStore; clock: Clock; log: Log },
  by = 'the command line',
): Promise<HeldAnswer> {
  const control = await store.control(ref);
  const nowMs = clock.nowMs();
  const fault = heldFault(control, runId);
  if (fault !== null) return { success: false, message: fault };
  if (control.run?.scope === 'removal')
    return { success: false, message: 'They were approved, and are being removed.' };
  if (isLeased(control, nowMs))
    return { success: false, message: 'A sync is in progress; try again after it.' };
  const settledCount = settledCountOf(control);
  // Whatever else is wrong is not mended by it.
  const isSettled = control.lastError?.code === 'held';
  const mended = isSettled ? { lastError: null, consecutiveFailures: 0 } : {};
  const after = { ...control, ...mended, held: null, settledCount };
  const summary = discarded(control, by, { runId: clock.ulid(), nowMs });
  const done = await store.discardHeld(ref, runId, after, nowMs, summary);
  if (!done) return { success: false, message: 'A sync started meanwhile; try again after it.' };
  log.info('held_discarded', { ...ref, runId, count: control.held?.count, by });
  return { success: true, message: `The ${control.held?.count ?? 0} records stay.` };
}

/** The history keeps who decided: a run that removed nothing. */
function discarded(
  { held }: ControlRecord,
  by: string,
  { runId, nowMs }: { readonly runId: string; readonly nowMs: number },
): RunSummary {
  const count = held?.count ?? 0;
  const values = { by, count, runId: held?.runId ?? '' };
  const remarks: readonly Remark[] = [{ code: 'discarded_by', values }];
  return {
    runId,
    trigger: 'admin',
    scope: 'removal',
    outcome: 'completed',
    startedAtMs: nowMs,
    finishedAtMs: nowMs,
    stats: NO_STATS,
    note: noteOf(remarks),
    remarks,
  };
}

/** What the history keeps of an approval. */
export const approvedBy = (by: string, runId: string): Remark => ({
  code: 'approved_by',
  values: { by, runId },
});
