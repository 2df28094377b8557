import type { Finish } from '../history.ts';
import { DUE_AFTER_MS } from '../model.ts';
import { onEach, type Invariant } from './replay.ts';

/** By the clock of whoever failed: another's start may be early by what the clocks differ. */
const LEAST_AFTER_FAILURE_MS = 60_000;

/** 7. No unforced run begins before it is due, and a partial one makes no whole one due, but for a key that
 *  is refused, which is tried once a minute. A tick may go on
 *  with what is unfinished at any time, but not turn a partial run into a whole one. */
export const noStartBeforeDue: Invariant = onEach((events) => {
  let earliestMs = 0;
  return events.flatMap((event) => {
    if (event.kind === 'finish' && event.applied) {
      if (event.summary?.scope !== 'rejects') earliestMs = earliestAfter(event);
      else if (isKeyTrouble(event))
        earliestMs = Math.min(earliestMs, event.summary.finishedAtMs + LEAST_AFTER_FAILURE_MS);
      return [];
    }
    if (event.kind !== 'acquire' || !event.ok) return [];
    const { request, nowMs, resource } = event;
    const [before, after] = [event.before[resource], event.after[resource]];
    const isEarly = nowMs < before.nextDueAtMs || nowMs < earliestMs;
    if (after.run?.scope === 'full') earliestMs = nowMs + LEAST_AFTER_FAILURE_MS;
    const goesOn = request.resumeOnly && after.run?.scope === before.run?.scope;
    const isGated = !request.force && !goesOn;
    return isGated && isEarly ? [`session ${event.session} began before the run was due`] : [];
  });
});

/** By the run's own word of when it ended: a finish whose reply was lost is applied later than that. */
function isKeyTrouble({ after, resource, summary }: Finish): boolean {
  const { lastError } = after[resource];
  const isKey = lastError?.code === 'key_refused' || lastError?.code === 'no_credential';
  return isKey && lastError.atMs === summary?.finishedAtMs;
}

function earliestAfter({ summary, after, resource }: Finish): number {
  if (summary === null || summary.scope !== 'full') return after[resource].nextDueAtMs;
  if (summary.outcome === 'completed') return summary.startedAtMs + DUE_AFTER_MS;
  return summary.outcome === 'held' ? 0 : summary.finishedAtMs + LEAST_AFTER_FAILURE_MS;
}

/** 7, the other way round. What is due is not refused as fresh. */
export const whatIsDueStarts: Invariant = onEach((events) =>
  events.flatMap((event) => {
    if (event.kind !== 'answered' || event.decision !== 'fresh') return [];
    const { request, control, nowMs } = event;
    const { lastSuccessAtMs } = control;
    if (request.resumeOnly || lastSuccessAtMs === null || control.run !== null) return [];
    const isDue = nowMs >= lastSuccessAtMs + DUE_AFTER_MS;
    return isDue && control.lastAttemptAtMs === lastSuccessAtMs
      ? [`session ${event.session} was refused as fresh although due`]
      : [];
  }),
);
