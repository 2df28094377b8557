import type { CatalogRef } from '../../shared/core/control.ts';
import { isLeased } from '../../shared/core/decide.ts';
import { heldFault } from '../../shared/core/held.ts';
import { orderedOf } from '../../shared/core/source-names.ts';
import { STATUS_PAGE_PATH } from '../../shared/deployment.ts';
import { ReadError } from '../../shared/reads/errors.ts';
import { resources } from '../../shared/resources/index.ts';
import { wantsPage } from '../http/event.ts';
import { jsonResult, redirect, type HttpResult } from '../http/result.ts';
import type { Call, Operation } from '../read-handler.ts';
import {
  callerOf,
  heldOrder,
  namedResource,
  retryOrder,
  sentBody,
  sourceOf,
  toldName,
} from './request.ts';
import type { StaffServices } from './services.ts';

/** Has the records in error of a resource read again. */
export const retryOperation: Operation<StaffServices> = async (call, services) => {
  const asked = sentBody(call.event, retryOrder);
  const source = sourceOf(call.event, asked, services);
  const ref = { source, resource: namedResource(asked.resource).name };
  if (await isBusy(ref, services)) return busy(call);
  const runId = services.clock.ulid();
  const by = toldName(callerOf(call.event));
  const order = { ...orderedOf(ref), trigger: 'admin', run_id: runId, by } as const;
  await services.starter.start({ ...order, action: 'retry_rejects' });
  return accepted(call, 'retry', { run_id: runId });
};

/** Has held deletions carried out, or dropped. */
export const decideHeldOperation: Operation<StaffServices> = async (call, services) => {
  const heldRunId = call.taken.parameters['run_id'] ?? '';
  const { action } = sentBody(call.event, heldOrder);
  const ref = await catalogHeldBy(heldRunId, services);
  if (ref === null) {
    throw new ReadError(
      'not_found',
      'No deletions are held under this run; the status says what is.',
    );
  }
  if (await isBusy(ref, services)) return busy(call);
  const runId = services.clock.ulid();
  const by = toldName(callerOf(call.event));
  const order = { ...orderedOf(ref), trigger: 'admin', held_run_id: heldRunId, by } as const;
  await services.starter.start(
    action === 'approve'
      ? { ...order, action: 'approve_held', run_id: runId }
      : { ...order, action: 'discard_held' },
  );
  return accepted(call, action, { run_id: action === 'approve' ? runId : null });
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

async function isBusy(ref: CatalogRef, { reader, clock }: StaffServices): Promise<boolean> {
  return isLeased(await reader.control(ref), clock.nowMs());
}

function busy({ event }: Call): HttpResult {
  if (wantsPage(event)) return redirect(`${STATUS_PAGE_PATH}/?answer=running`);
  const message = 'A sync is in progress; try again after it.';
  return jsonResult(409, { decision: 'running', message });
}

function accepted(
  { event }: Call,
  what: 'retry' | 'approve' | 'discard',
  body: object,
): HttpResult {
  if (wantsPage(event)) return redirect(`${STATUS_PAGE_PATH}/?answer=${what}`);
  return jsonResult(202, { decision: 'started', ...body });
}
