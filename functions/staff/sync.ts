import type { CatalogRef } from '../../shared/core/control.ts';
import type { Resource } from '../../shared/core/resource.ts';
import { refusalMessage } from '../../shared/core/messages.ts';
import { catalogWords, MAIN_SOURCE } from '../../shared/core/source-names.ts';
import { syncOrder } from '../../shared/contract/orders.ts';
import { isoOf } from '../../shared/reads/freshness.ts';
import { overviewOf } from '../../shared/reads/overview.ts';
import { ReadError } from '../../shared/reads/errors.ts';
import { wantsPage } from '../http/event.ts';
import { jsonResult, redirect, type HttpResult } from '../http/result.ts';
import { readerOf } from '../pages/reader.ts';
import type { Call, Operation } from '../read-handler.ts';
import { callerOf, namedResource, sentBody, sourceOf } from './request.ts';
import type { StaffServices } from './services.ts';
import { startSync, type OrderAnswer } from './start-sync.ts';
import type { AnswerKey } from './status-page.ts';
import { syncAddress } from '../pages/addresses.ts';
import { syncPage } from './sync-page.ts';

/** The page to sync a resource of a `?source=`; `?run=` names the run that it waits for. */
export const syncPageOperation: Operation<StaffServices> = async (call, services) => {
  const { run, answer } = call.event.queryStringParameters;
  const runId = run !== undefined && /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(run) ? run : null;
  return shownPage(call, sourceOf(call.event, {}, services), services, 200, {
    runId,
    answer: runId !== null && answer === 'running' ? 'answer_running' : null,
    nextMs: null,
  });
};

/** Starts a sync, asked by a form or as JSON. */
export const syncOperation: Operation<StaffServices> = async (call, services) => {
  const { event } = call;
  const resource = resourceOf(call);
  const asked = sentBody(event, syncOrder);
  const { force } = asked;
  const source = sourceOf(event, asked, services);
  const ref = { source, resource: resource.name };
  const idempotencyKey = event.headers['idempotency-key'] ?? null;
  if (idempotencyKey !== null && !/^[\u0021-\u007e]{1,255}$/.test(idempotencyKey))
    throw new ReadError(
      'bad_parameter',
      'Idempotency-Key must be 1 to 255 visible ASCII characters.',
    );
  const order = { ref, force, caller: callerOf(event), idempotencyKey };
  const answer = await startSync(order, services);
  if (!wantsPage(event)) return asJson(answer, ref, services);
  if (answer.kind === 'started') return redirect(pageOf(ref, answer.runId));
  // To the page that goes on to tell how that one ends.
  if (answer.kind === 'running' && answer.runId !== null)
    return redirect(`${pageOf(ref, answer.runId)}&answer=running`);
  return shownPage(call, source, services, STATUS_CODES[answer.kind], asWords(answer));
};

const STATUS_CODES = { running: 409, refused: 200, limited: 429, key_reused: 422 } as const;

/** The last segment of the route's own path names the resource. */
const resourceOf = ({ taken }: Call): Resource =>
  namedResource(taken.route.path.split('/').at(-1) ?? '');

/** The page that waits for a run. */
const pageOf = (ref: CatalogRef, runId: string): string =>
  `${syncAddress(ref)}${ref.source === MAIN_SOURCE ? '?' : '&'}run=${runId}`;

async function shownPage(
  call: Call,
  source: string,
  services: StaffServices,
  statusCode: number,
  about: {
    readonly runId: string | null;
    readonly answer: AnswerKey | null;
    readonly nextMs: number | null;
  },
): Promise<HttpResult> {
  const overview = await overviewOf(resourceOf(call), source, services);
  const reader = readerOf(call.event, services.clock.nowMs());
  const { sources } = services;
  const caller = callerOf(call.event);
  return syncPage(statusCode, { overview, sources, reader, caller, ...about });
}

function asWords(answer: Exclude<OrderAnswer, { kind: 'started' }>) {
  const base = { runId: null, nextMs: null };
  switch (answer.kind) {
    case 'running':
      return { ...base, answer: 'answer_running' } as const;
    case 'limited':
      return {
        ...base,
        answer: `answer_limited_${answer.limit}`,
        nextMs: answer.retryAtMs,
      } as const;
    case 'refused': {
      const { decision, nextDueAtMs } = answer;
      if (decision === 'forbidden') throw new ReadError('not_allowed', FORCE_FORBIDDEN);
      return { ...base, answer: `answer_${decision}`, nextMs: nextDueAtMs } as const;
    }
    case 'key_reused':
      return { ...base, answer: 'answer_failed' } as const;
  }
}

const FORCE_FORBIDDEN = 'Forcing a sync needs the scope "sync:force".';

async function asJson(
  answer: OrderAnswer,
  ref: CatalogRef,
  services: StaffServices,
): Promise<HttpResult> {
  const name = catalogWords(ref);
  switch (answer.kind) {
    case 'started': {
      const headers = {
        location: pageOf(ref, answer.runId),
        ...(answer.replayed && { 'idempotent-replayed': 'true' }),
      };
      const message = `A sync of ${name} was started.`;
      return jsonResult(202, { decision: 'started', run_id: answer.runId, message }, headers);
    }
    case 'running':
      return jsonResult(409, {
        decision: 'running',
        run_id: answer.runId,
        message: `A sync of ${name} is already in progress.`,
      });
    case 'refused': {
      if (answer.decision === 'forbidden') throw new ReadError('not_allowed', FORCE_FORBIDDEN);
      const control = await services.reader.control(ref);
      const message = refusalMessage(name, answer.decision, control);
      const next = isoOf(answer.nextDueAtMs);
      return jsonResult(200, {
        decision: answer.decision,
        run_id: null,
        next_allowed: next,
        message,
      });
    }
    case 'limited': {
      const seconds = Math.ceil((answer.retryAtMs - services.clock.nowMs()) / 1000);
      const rule = answer.limit === 'hour' ? '6 times an hour each' : 'once a minute in all';
      const message = `Syncs are forced at most ${rule}. Try again in ${seconds} seconds.`;
      const body = {
        decision: 'cooling',
        run_id: null,
        next_allowed: isoOf(answer.retryAtMs),
        message,
      };
      return jsonResult(429, body, { 'retry-after': String(Math.max(1, seconds)) });
    }
    case 'key_reused':
      return jsonResult(422, {
        decision: 'forbidden',
        run_id: null,
        message:
          'This Idempotency-Key came with another request before. Use a new key for a new request.',
      });
  }
}
