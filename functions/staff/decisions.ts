import type { CatalogRef, ControlRecord, RunScope } from '../../shared/core/control.ts';
import { decideStart, isLeased, runGoingOn, type Decision } from '../../shared/core/decide.ts';
import { heldFault } from '../../shared/core/held.ts';
import { heldOrder, retryOrder } from '../../shared/contract/orders.ts';
import { orderedOf } from '../../shared/core/source-names.ts';
import { STATUS_PAGE_PATH } from '../../shared/deployment.ts';
import { ReadError } from '../../shared/reads/errors.ts';
import { resources } from '../../shared/resources/index.ts';
import { wantsPage } from '../http/event.ts';
import { jsonResult, redirect, type HttpResult } from '../http/result.ts';
import type { Call, Operation } from '../read-handler.ts';
import { callerOf, namedResource, sentBody, sourceOf, toldName } from './request.ts';
import type { StaffServices } from './services.ts';
import { startWorker } from './start-worker.ts';

/** Has the records in error of a resource read again. */
export const retryOperation: Operation<StaffServices> = async (call, services) => {
  const asked = sentBody(call.event, retryOrder);
  const source = sourceOf(call.event, asked, services);
  const ref = { source, resource: namedResource(asked.resource).name };
  const { reader, clock } = services;
  const control = await reader.control(ref);
  const obstacle = obstacleTo('rejects', control, clock.nowMs());
  if (obstacle !== null) return notNow(call, obstacle, services);
  const runId = clock.ulid();
  const by = toldName(callerOf(call.event));
  const order = { ...orderedOf(ref), trigger: 'admin', run_id: runId, by } as const;
  await startWorker({ ...order, action: 'retry_rejects' }, services);
  // An unfinished run reads them again, too.
  const unfinished = runGoingOn(control, { nowMs: clock.nowMs(), force: false });
  return accepted(call, 'retry', { run_id: unfinished?.runId ?? runId }, services);
};

/** Has held deletions carried out, or dropped. */
export const decideHeldOperation: Operation<StaffServices> = async (call, services) => {
  const heldRunId = call.taken.parameters['run_id'] ?? '';
  const { action } = sentBody(call.event, heldOrder);
  const ref = await catalogHeldBy(heldRunId, services);
  if (ref === null) {
    // Somebody else was quicker, the form was sent twice, or a later run holds them by its own name.
    if (wantsPage(call.event)) return redirect(answerAddress('decided', services));
    throw new ReadError(
      'not_found',
      'No deletions are held under this run; the status says what is.',
    );
  }
  const { reader, clock } = services;
  const scope = action === 'approve' ? 'removal' : null;
  const obstacle = obstacleTo(scope, await reader.control(ref), clock.nowMs());
  if (obstacle !== null) return notNow(call, obstacle, services);
  const runId = clock.ulid();
  const by = toldName(callerOf(call.event));
  const order = { ...orderedOf(ref), trigger: 'admin', held_run_id: heldRunId, by } as const;
  await startWorker(
    action === 'approve'
      ? { ...order, action: 'approve_held', run_id: runId }
      : { ...order, action: 'discard_held' },
    services,
  );
  return accepted(call, action, { run_id: action === 'approve' ? runId : null }, services);
};

async function catalogHeldBy(
  runId: string,
  { reader, sources }: StaffServices,
): Promise<CatalogRef | null> {
  const refs = sources.flatMap((source) =>
    resources.map(({ name }) => ({ source, resource: name })),
  );
  const holding = await Promise.all(
    refs.map(async (ref) => heldFault(await reader.control(ref), runId) === null),
  );
  return refs.find((_ref, at) => holding[at]) ?? null;
}

/** Why a person's word can't be carried out now. */
type Obstacle = 'running' | 'unfinished' | 'waiting' | 'no_credential';

const OBSTACLES: Readonly<Record<Obstacle, string>> = {
  running: 'A sync is in progress; try again after it.',
  unfinished: 'A sync is unfinished and goes on by itself; try again after it.',
  waiting: 'The supplier asked to be left alone for a while; try again later.',
  no_credential:
    'The supplier’s key was refused less than a minute ago, or there is none; set the key, then try again.',
};

/** What would keep the worker from a partial run of this scope, or from writing at all (null). */
function obstacleTo(
  scope: RunScope | null,
  control: ControlRecord,
  nowMs: number,
): Obstacle | null {
  if (isLeased(control, nowMs)) return 'running';
  // Deletions that were approved, and are half done, are not dropped any more.
  if (scope === null) return control.run?.scope === 'removal' ? 'unfinished' : null;
  const asked = { scope, force: true, resumeOnly: false };
  const start = decideStart(control, asked, { nowMs, configuration: '', leaseGone: false });
  if (start.start !== null) return null;
  if (start.decision === 'no_credential') return 'no_credential';
  return control.run === null ? 'waiting' : 'unfinished';
}

const DECISIONS = {
  running: 'running',
  unfinished: 'running',
  waiting: 'cooling',
  no_credential: 'no_credential',
} as const satisfies Record<Obstacle, Decision>;

function notNow({ event }: Call, obstacle: Obstacle, services: StaffServices): HttpResult {
  if (wantsPage(event)) return redirect(answerAddress(obstacle, services));
  const decision = DECISIONS[obstacle];
  return jsonResult(409, { decision, message: OBSTACLES[obstacle] });
}

function accepted(
  { event }: Call,
  what: 'retry' | 'approve' | 'discard',
  body: object,
  services: StaffServices,
): HttpResult {
  if (wantsPage(event)) return redirect(answerAddress(what, services));
  return jsonResult(202, { decision: 'started', ...body });
}

/** The page that says what came of a form, and no longer than that is news. */
const answerAddress = (answer: string, { clock }: StaffServices): string =>
  `${STATUS_PAGE_PATH}/?answer=${answer}&at=${clock.nowMs()}`;
