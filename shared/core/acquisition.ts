import {
  NO_STATS,
  type ActiveControl,
  type ControlRecord,
  type RunScope,
  type RunState,
} from './control.ts';
import { LEASE_MS, PROVISIONAL_GATE_MS, type StartDecision } from './decide.ts';
import { settledCountOf } from './deletion.ts';
import type { Clock } from './ports.ts';
import { noteOf, remarkText, type Remark } from './remarks.ts';
import type { RunHost, SyncRequest, SyncSettings } from './sync-request.ts';

/** The control record as it will be once the lease is taken: a new run in it, or the unfinished one. */
export function acquisition(
  before: ControlRecord,
  decision: Exclude<StartDecision, { start: null }>,
  request: SyncRequest,
  { clock, host, settings }: { clock: Clock; host: RunHost; settings: SyncSettings },
): ActiveControl {
  const nowMs = clock.nowMs();
  const run =
    decision.start === 'resume'
      ? goneOnWith(decision.run, request)
      : newRun(before, orderOf(request, decision.scope), settings.configuration, {
          runId: freeRunId(before, request) ?? clock.ulid(),
          nowMs,
        });
  // A partial run says nothing of the whole, whoever goes on with it.
  const isWhole = run.scope === 'full';
  return {
    ...before,
    ...(decision.start === 'new' && isGivenUp(before) && afterGivingUp(before, before.run)),
    fence: before.fence + 1,
    leaseHolder: host.holder,
    leaseExpiresAtMs: nowMs + LEASE_MS,
    lastAttemptAtMs: isWhole ? nowMs : before.lastAttemptAtMs,
    nextDueAtMs: isWhole ? nowMs + PROVISIONAL_GATE_MS : before.nextDueAtMs,
    // A removal asks the supplier nothing.
    resumeAtMs: run.scope === 'removal' ? before.resumeAtMs : 0,
    settledCount: settledCountOf(before) ?? liveBefore(before),
    run,
  };
}

export const isGivenUp = (control: ControlRecord): control is ActiveControl =>
  control.run !== null && control.run.scope === 'full' && control.run.chunks > 0;

/** An unfinished run that is given up has listed some of what was missing before: marks prove nothing any
 *  more, and what waits for a person's word is not to be removed by it where that run has listed it. */
function afterGivingUp({ held }: ControlRecord, { runId }: RunState) {
  const givenUpSince = [...(held?.givenUpSince ?? []), runId];
  return { marksProve: false, ...(held !== null && { held: { ...held, givenUpSince } }) };
}

/** The id that was asked for, unless the unfinished run that is given up has it (its start was delivered
 *  twice): what that one has seen would count as seen by this one. */
const freeRunId = ({ run }: ControlRecord, { runId }: SyncRequest): string | undefined =>
  run?.runId === runId ? undefined : runId;

/** Of a record that an older version left, which did not keep what was settled: what was live, but for what
 *  an unfinished run brought. */
const liveBefore = ({ lastSuccessAtMs, liveCount, run }: ControlRecord): number | null =>
  lastSuccessAtMs === null ? null : liveCount - (run?.stats.created ?? 0);

/** The unfinished run, which from now on also serves who asked for this. */
function goneOnWith(run: RunState, { force, remark, scope }: SyncRequest): RunState {
  // Retrying rejects does not force the whole run.
  const forced = { ...run, ...(force && scope === run.scope && { allDetails: true }) };
  const told = run.remarks ?? [];
  // A note without remarks is of an older version: its words are all there is of it.
  const isOfOlder = run.note !== null && run.remarks === undefined;
  if (remark === undefined || isOfOlder) return forced;
  if (told.some((one) => remarkText(one) === remarkText(remark))) return forced;
  const remarks = [...told, remark];
  return { ...forced, remarks, note: noteOf(remarks) };
}

/** Retrying rejects does not force the whole run that is begun again for it. */
const orderOf = (request: SyncRequest, scope: RunScope): SyncRequest => ({
  ...request,
  scope,
  force: request.force && scope === request.scope,
});

function newRun(
  { run: unfinished, lastSuccessAtMs, published, version }: ControlRecord,
  { trigger, scope, remark, force }: SyncRequest,
  configuration: string,
  { runId, nowMs }: { readonly runId: string; readonly nowMs: number },
): RunState {
  const before = unfinished === null ? undefined : tookOver(unfinished);
  const remarks = [remark, before].filter((one) => one !== undefined);
  // Who asked for every detail of an unfinished run has not had it yet.
  const isOwed = unfinished?.scope === scope && unfinished.allDetails === true;
  // The first sync of all is seen as it goes.
  const isHalfDone = lastSuccessAtMs !== null && published.version !== version;
  return {
    runId,
    trigger,
    scope,
    startedAtMs: nowMs,
    phase: scope === 'removal' ? 'closing' : 'listing',
    cursor: null,
    chunks: 0,
    pagesRead: 0,
    pagesFailed: 0,
    rowsRead: 0,
    doneBefore: 0,
    expected: null,
    stats: NO_STATS,
    configuration,
    checkpointAtMs: nowMs,
    note: noteOf(remarks),
    ...(remarks.length > 0 && { remarks }),
    ...((force || isOwed) && { allDetails: true }),
    ...(scope !== 'full' && isHalfDone && { isUnseen: true }),
  };
}

const tookOver = ({ runId, stats }: RunState): Remark => ({
  code: 'began_again',
  values: { runId, total: stats.total },
});
