import { allows, type Caller } from '../../shared/core/access.ts';
import type { CatalogRef, ControlRecord } from '../../shared/core/control.ts';
import {
  isLeased,
  KEY_PROBE_MS,
  readerDecision,
  runGoingOn,
  type Decision,
} from '../../shared/core/decide.ts';
import { WorkerSilentError } from '../../shared/core/errors.ts';
import { decideForce } from '../../shared/core/force-limit.ts';
import { CLAIM_MS } from '../../shared/core/soft-trigger.ts';
import { catalogName, orderedOf } from '../../shared/core/source-names.ts';
import { toldName } from './request.ts';
import type { StaffServices } from './services.ts';
import { startWorker } from './start-worker.ts';

/** What somebody asks for. */
export interface SyncOrder {
  readonly ref: CatalogRef;
  readonly force: boolean;
  readonly caller: Caller;
  /** Null: none was sent. */
  readonly idempotencyKey: string | null;
}

/** What became of it. */
export type OrderAnswer =
  /** `runId` is the run that serves it: a new one, or the unfinished one that goes on. */
  | { readonly kind: 'started'; readonly runId: string; readonly replayed: boolean }
  | { readonly kind: 'running'; readonly runId: string | null }
  | {
      readonly kind: 'refused';
      readonly decision: Exclude<Decision, 'started' | 'running'>;
      readonly nextDueAtMs: number;
    }
  | { readonly kind: 'limited'; readonly limit: 'minute' | 'hour'; readonly retryAtMs: number }
  /** The same key came with another request before. */
  | { readonly kind: 'key_reused' };

/**
 * Starts a sync for somebody, at most once for one idempotency key. Who may not force is `forbidden`;
 * who may, is limited. The worker has the last word: it takes the lease or finds it taken.
 * @throws StoreUnavailableError, WorkerStartError, WorkerSilentError
 */
export async function startSync(order: SyncOrder, services: StaffServices): Promise<OrderAnswer> {
  const key = keyOf(order, services);
  const given = key === null ? null : await services.steering.answer(key);
  if (given !== null) return replayed(given, order);
  const answer = await judged(order, key, services);
  const mayBeOurs = answer.kind === 'limited' || answer.kind === 'running';
  if (key === null || !mayBeOurs) return answer;
  // The same request, sent twice at once: what stands in its way may be the other, which is answered now.
  await services.clock.sleep(TWIN_MS);
  const twin = await services.steering.answer(key);
  return twin === null ? answer : replayed(twin, order);
}

/** How long another with the same key may take from its force to its answer. */
const TWIN_MS = 250;

/** Refuses or starts it. */
async function judged(
  order: SyncOrder,
  key: string | null,
  services: StaffServices,
): Promise<OrderAnswer> {
  const { ref, force, caller } = order;
  if (force && !allows(caller.scopes, 'sync:force')) {
    return { kind: 'refused', decision: 'forbidden', nextDueAtMs: 0 };
  }
  const control = await services.reader.control(ref);
  const refusal = refusalOf(control, force, services.clock.nowMs());
  if (refusal !== null) return refusal;
  const limited = force ? await takeForce(caller.subject, services) : null;
  return limited ?? (await started(order, { key, control }, services));
}

async function started(
  order: SyncOrder,
  { key, control }: { readonly key: string | null; readonly control: ControlRecord },
  services: StaffServices,
): Promise<OrderAnswer> {
  const { steering, clock } = services;
  const { ref, force, caller } = order;
  const newRunId = clock.ulid();
  const runId = runGoingOn(control, { nowMs: clock.nowMs(), force })?.runId ?? newRunId;
  const answer = { asked: askedOf(order), runId };
  if (key !== null && !(await steering.keepAnswer(key, answer, clock.nowMs()))) {
    const first = await steering.answer(key);
    if (first !== null) return replayed(first, order);
  }
  try {
    const by = toldName(caller);
    const asked = { ...orderedOf(ref), trigger: 'admin', force, run_id: newRunId, by } as const;
    await startWorker(asked, services);
  } catch (error) {
    // What may be done counts as done: the same request, sent again, is answered with the same run.
    if (error instanceof WorkerSilentError) throw error;
    if (key !== null) await steering.forgetAnswer(key);
    if (force) await giveBack(caller.subject, services);
    throw error;
  }
  return { kind: 'started', runId, replayed: false };
}

function replayed(
  given: { readonly asked: string; readonly runId: string },
  order: SyncOrder,
): OrderAnswer {
  if (given.asked !== askedOf(order)) return { kind: 'key_reused' };
  return { kind: 'started', runId: given.runId, replayed: true };
}

/** Why nothing is started, by what the store says; null when something is. */
function refusalOf(control: ControlRecord, force: boolean, nowMs: number): OrderAnswer | null {
  if (isLeased(control, nowMs)) return { kind: 'running', runId: control.run?.runId ?? null };
  // Who forces need not wait for a read's start, which may fail: of two runs the lease lets one begin.
  if (!force && isStarting(control, nowMs)) return { kind: 'running', runId: null };
  const decision = readerDecision({ ...control, triggerClaimedUntilMs: 0 }, nowMs);
  if (decision === 'due' || decision === 'running') return null;
  // The breaker after a refused key is not passed by force either; the other gates are.
  const keyBlocked = decision === 'no_credential' && isKeyBlocked(control, nowMs);
  if (force && !keyBlocked) return null;
  return { kind: 'refused', decision, nextDueAtMs: control.nextDueAtMs };
}

const isKeyBlocked = ({ keyRefusedAtMs }: ControlRecord, nowMs: number): boolean =>
  keyRefusedAtMs !== null && nowMs < keyRefusedAtMs + KEY_PROBE_MS;

/** A read claimed the start a moment ago, and its run has not begun. */
function isStarting(
  { triggerClaimedUntilMs, lastAttemptAtMs }: ControlRecord,
  nowMs: number,
): boolean {
  const claimedAtMs = triggerClaimedUntilMs - CLAIM_MS;
  return triggerClaimedUntilMs > nowMs && (lastAttemptAtMs ?? 0) < claimedAtMs;
}

async function takeForce(
  subject: string,
  { steering, clock }: StaffServices,
): Promise<OrderAnswer | null> {
  const nowMs = clock.nowMs();
  const { marks, revision } = await steering.forces();
  const decision = decideForce(marks, subject, nowMs);
  if (!decision.allowed)
    return { kind: 'limited', limit: decision.limit, retryAtMs: decision.retryAtMs };
  const isOurs = await steering.replaceForces(decision.marks, revision);
  // Somebody else's force went first: ours is within its minute.
  return isOurs ? null : { kind: 'limited', limit: 'minute', retryAtMs: nowMs + FORCE_MINUTE_MS };
}

/** A force that started nothing counts for nothing. Best effort: who forced meanwhile keeps theirs. */
async function giveBack(subject: string, { steering }: StaffServices): Promise<void> {
  const { marks, revision } = await steering.forces();
  const own = marks.findLastIndex((mark) => mark.subject === subject);
  if (own >= 0) await steering.replaceForces(marks.toSpliced(own, 1), revision);
}

const FORCE_MINUTE_MS = 60_000;

const askedOf = ({ ref, force }: SyncOrder): string => `${catalogName(ref)} force=${force}`;

/** Each caller's keys are their own. */
function keyOf({ idempotencyKey, caller }: SyncOrder, { sha256 }: StaffServices): string | null {
  return idempotencyKey === null ? null : sha256(JSON.stringify([caller.subject, idempotencyKey]));
}
