import type { Finish, HistoryEvent } from '../history.ts';
import { committedPages, isWhole, onEach, processedBy, type Invariant } from './replay.ts';

/** 6. The last success only moves forward, and only for a run that processed all that was listed. */
export const successMeansAll: Invariant = onEach((events) =>
  events.flatMap((event) => {
    if (!('before' in event)) return [];
    const before = event.before[event.resource].lastSuccessAtMs ?? 0;
    const after = event.after[event.resource].lastSuccessAtMs ?? 0;
    if (after === before) return [];
    if (after < before) return [`the last success went back from ${before} to ${after}`];
    if (event.kind !== 'finish') return [`a ${event.kind} moved the last success`];
    return whyNoSuccess(events, event);
  }),
);

function whyNoSuccess(events: readonly HistoryEvent[], { runId, summary }: Finish): string[] {
  if (summary?.outcome !== 'completed' || summary.scope !== 'full')
    return [`run ${runId} ended as ${summary?.outcome ?? 'nothing'} and counts as a success`];
  if (!isWhole(events, runId)) return [`run ${runId} is a success without the whole list`];
  const processed = processedBy(events, runId);
  // What comes past the end may be read ahead, behind the page that shows that the list came round.
  const within = committedPages(events, runId).filter(({ isPast }) => !isPast);
  const listed = within.flatMap(({ rows }) => rows ?? []);
  const left = listed.filter(({ id }) => !processed.has(id));
  return left.map(({ id }) => `run ${runId} is a success without record ${id}, which was listed`);
}
