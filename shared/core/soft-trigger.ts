import type { CatalogRef, ControlRecord } from './control.ts';
import { readerDecision, type Decision } from './decide.ts';
import type { Clock, Log, TriggerGate, WorkerStarter } from './ports.ts';
import { orderedOf } from './source-names.ts';

/** How long one reader's claim keeps others from starting the worker too. */
export const CLAIM_MS = 30_000;
/** How long after a start that failed nobody tries again: what refused one start would refuse a hundred. */
const FAILED_CLAIM_MS = 5_000;

export interface TriggerPorts {
  readonly gate: TriggerGate;
  readonly starter: WorkerStarter;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Starts a sync in the background if one is due; of many readers at once, one does. Never throws and
 * never waits for the run: a start that fails is logged, and the read goes on.
 */
export async function softTrigger(
  ref: CatalogRef,
  control: ControlRecord,
  { gate, starter, clock, log }: TriggerPorts,
): Promise<Decision> {
  const nowMs = clock.nowMs();
  const decision = readerDecision(control, nowMs);
  if (decision !== 'due') return decision;
  try {
    if (!(await gate.claimTrigger(ref, nowMs, nowMs + CLAIM_MS))) return 'running';
    await starter.start({ ...orderedOf(ref), trigger: 'read' });
    return 'started';
  } catch (error) {
    log.error('sync_start_failed', { ...ref, error });
    // Best effort: else it ends by itself.
    await gate.shortenClaim(ref, nowMs + CLAIM_MS, nowMs + FAILED_CLAIM_MS).catch(() => {});
    return 'cooling';
  }
}
