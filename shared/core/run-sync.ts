import { acquisition } from './acquisition.ts';
import { baseAhead } from './base-pages.ts';
import type { ActiveControl, ControlRecord, LastError, RunStats } from './control.ts';
import { decideStart, isLeased, LEASE_MARGIN_MS, type Decision } from './decide.ts';
import { drive } from './drive.ts';
import { healthSince, NO_HEALTH } from './health.ts';
import { endBroken } from './endings.ts';
import { isKeyTrouble, LeaseLostError, StoreUnavailableError } from './errors.ts';
import { outcomeMessage, refusalMessage } from './messages.ts';
import type { SyncPorts } from './ports.ts';
import { catalogWords } from './source-names.ts';
import type { RunHost, SyncRequest, SyncSettings } from './sync-request.ts';
import { watchLease } from './lease.ts';
import type { RunPorts } from './run-ports.ts';
import { openDetailMemory } from './verified.ts';

/** What a trigger is answered, over every door. */
export interface SyncResult {
  /** True only when everything was processed. */
  readonly success: boolean;
  readonly decision: Decision;
  /** A sentence for people. */
  readonly message: string;
  readonly run_id: string | null;
  readonly stats: RunStats | null;
}

/**
 * The one use case behind every door: decides, takes the lease, drives the run, answers. Whoever
 * calls it and however often, at most one run of a resource is in progress.
 *
 * @throws StoreUnavailableError when the store can't be read or written; the run can be resumed.
 */
export async function runSync(
  request: SyncRequest,
  ports: SyncPorts,
  host: RunHost,
  settings: SyncSettings,
): Promise<SyncResult> {
  const { clock, ref, store } = ports;
  const before = await store.control(ref);
  const nowMs = clock.nowMs();
  const goneHolder = isGoneHolder(before, host, nowMs) ? before.leaseHolder : null;
  const context = { nowMs, configuration: settings.configuration, leaseGone: goneHolder !== null };
  const decision = decideStart(before, request, context);
  const refuse = (why: Exclude<Decision, 'started'>): SyncResult =>
    refused(why, request, ports, before);
  if (decision.start === null) return refuse(decision.decision);
  const { heldRunId, runId } = request;
  if (heldRunId !== undefined && before.held?.runId !== heldRunId) return refuse('fresh');
  // Lambda may deliver a start twice: what this one asks for was done.
  if (decision.start === 'new' && runId !== undefined && (await store.hasRun(ref, runId)))
    return refuse('fresh');
  const active = acquisition(before, decision, request, { clock, host, settings });
  const condition = { nowMs: nowMs - LEASE_MARGIN_MS, goneHolder };
  if (!(await store.acquire(ref, before, active, condition))) return refuse('running');
  ports.log.info('run_started', {
    ...ref,
    ...request,
    scope: active.run.scope,
    runId: active.run.runId,
    start: decision.start,
  });
  return await held(active, ports, host, settings);
}

function isGoneHolder(control: ControlRecord, host: RunHost, nowMs: number): boolean {
  const { leaseHolder } = control;
  return leaseHolder !== null && isLeased(control, nowMs) && host.isGone(leaseHolder);
}

/** Drives the run under the lease just taken. */
async function held(
  active: ActiveControl,
  ports: SyncPorts,
  host: RunHost,
  settings: SyncSettings,
): Promise<SyncResult> {
  if (active.lastError?.code === 'retry_budget') ports.source.takeFailures?.();
  const lease = watchLease(ports.clock);
  let latest = active;
  const observe = (control: ActiveControl): void => {
    latest = control;
    host.observe(control);
  };
  const ledger = await ports.store.ledger(ports.ref, active);
  const { intervalMs } = settings;
  const details = await openDetailMemory(active.run, { ...ports, ledger, intervalMs });
  const runPorts: RunPorts = {
    ...ports,
    lease,
    ahead: baseAhead(active, { ...ports, lease }),
    observe,
    ledger,
    details,
    end: { trouble: null },
    served: { detail: false, skipped: false },
    shouldStop: () => host.shouldStop(),
    spent: {
      requests: active.run.stats.upstream_requests - ports.source.counters.requests,
      retries: active.run.stats.retries - ports.source.counters.retries,
      health: healthSince(active.run.health ?? NO_HEALTH, ports.source.health ?? NO_HEALTH),
    },
    intervalMs,
  };
  try {
    const after = await drive(active, runPorts);
    await details.save();
    return answer(catalogWords(ports.ref), latest, after, runPorts.end.trouble);
  } catch (error) {
    if (error instanceof LeaseLostError) return takenOver(latest, error, ports);
    if (!(error instanceof StoreUnavailableError)) await endBroken(latest, error, runPorts);
    throw error;
  }
}

function answer(
  catalog: string,
  { run }: ActiveControl,
  after: ControlRecord,
  trouble: LastError | null,
): SyncResult {
  const isWithoutKey = run.stats.total === 0 && isKeyTrouble(trouble?.code);
  return {
    success: after.run === null && trouble === null,
    decision: isWithoutKey ? 'no_credential' : 'started',
    message: outcomeMessage(catalog, run, { trouble, isPaused: after.run !== null }),
    run_id: run.runId,
    stats: run.stats,
  };
}

/** Nothing to do is a success; but an approval that was not carried out is none. */
function refused(
  decision: Exclude<Decision, 'started'>,
  { scope }: SyncRequest,
  { ref }: SyncPorts,
  control: ControlRecord,
): SyncResult {
  const message = refusalMessage(catalogWords(ref), decision, control);
  const success = decision !== 'no_credential' && scope !== 'removal';
  return { success, decision, message, run_id: null, stats: null };
}

function takenOver(
  { run }: ActiveControl,
  error: LeaseLostError,
  { log, ref }: SyncPorts,
): SyncResult {
  log.warn('lease_lost', { ...ref, runId: run.runId, error });
  const message = `This sync of ${catalogWords(ref)} lost its lease to another, and stopped: ${error.message}.`;
  return { success: false, decision: 'running', message, run_id: run.runId, stats: run.stats };
}
