import type { ActiveControl, RunOutcome, RunSummary } from './control.ts';
import { mergedHealth } from './health.ts';
import { noteOf, type Remark } from './remarks.ts';
import type { RunPorts } from './run-ports.ts';

/** What the source was asked since the last commit belongs to the run, too. */
export function accounted(control: ActiveControl, { source, spent }: RunPorts): ActiveControl {
  const { run } = control;
  const health =
    source.health === undefined ? run.health : mergedHealth(spent.health, source.health);
  const upstream_requests = spent.requests + source.counters.requests;
  const retries = spent.retries + source.counters.retries;
  return {
    ...control,
    run: { ...run, health, stats: { ...run.stats, upstream_requests, retries } },
  };
}

/** What a run leaves in the history. */
export function summaryOf(
  { run }: ActiveControl,
  ending: { readonly outcome: RunOutcome; readonly remark?: Remark },
  nowMs: number,
): RunSummary {
  const { runId, trigger, scope, startedAtMs, stats, health } = run;
  const added = ending.remark === undefined ? [] : [ending.remark];
  const remarks = [...(run.remarks ?? []), ...added];
  const note = [run.note, noteOf(added)].filter((part) => part !== null).join(' ') || null;
  // A note without remarks is of an older version: its words are all there is of it.
  const isWhole = run.note === null || run.remarks !== undefined;
  return {
    runId,
    trigger,
    scope,
    outcome: ending.outcome,
    startedAtMs,
    finishedAtMs: nowMs,
    stats,
    note,
    ...(isWhole && remarks.length > 0 && { remarks }),
    ...(health !== undefined && { health }),
  };
}
