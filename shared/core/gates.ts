import type { ActiveControl, ControlRecord } from './control.ts';
import { KEY_PROBE_MS, nextDueAfterFailure, nextDueAfterSuccess } from './decide.ts';
import { isKeyTrouble } from './errors.ts';
import type { RunPorts } from './run-ports.ts';

/** When the next run may start after this one processed everything. */
export function gatesAfterSuccess(
  { run, lastSuccessAtMs }: ActiveControl,
  intervalMs: number,
): Pick<
  ControlRecord,
  'lastSuccessAtMs' | 'nextDueAtMs' | 'consecutiveFailures' | 'keyRefusedAtMs'
> {
  return {
    lastSuccessAtMs: Math.max(lastSuccessAtMs ?? 0, run.startedAtMs),
    nextDueAtMs: nextDueAfterSuccess(run.startedAtMs, intervalMs),
    consecutiveFailures: 0,
    keyRefusedAtMs: null,
  };
}

/** When the next run may start, or this one be resumed, after a failure. */
export function gatesAfterFailure(
  control: ActiveControl,
  trouble: { readonly failure: string | undefined; readonly retryAfterMs: number | null },
  { clock, intervalMs }: RunPorts,
  nowMs: number,
): Pick<ControlRecord, 'nextDueAtMs' | 'resumeAtMs' | 'consecutiveFailures' | 'keyRefusedAtMs'> {
  const consecutiveFailures = control.consecutiveFailures + 1;
  const askedMs = trouble.retryAfterMs ?? 0;
  const backedOffAtMs = nextDueAfterFailure(nowMs, consecutiveFailures, intervalMs, clock.random());
  const isOfKey = isKeyTrouble(trouble.failure);
  const waitMs = isOfKey ? KEY_PROBE_MS : askedMs;
  return {
    consecutiveFailures,
    nextDueAtMs: isOfKey ? nowMs + KEY_PROBE_MS : Math.max(backedOffAtMs, nowMs + askedMs),
    resumeAtMs: nowMs + waitMs,
    keyRefusedAtMs: trouble.failure === 'key_refused' ? nowMs : control.keyRefusedAtMs,
  };
}
