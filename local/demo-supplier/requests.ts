import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../shared/core/ports.ts';
import { isLoopbackHost } from '../loopback-host.ts';
import * as answers from './answers.ts';
import { answerCall, callOf, type SupplierState } from './api.ts';
import { chance } from './chance.ts';
import { answerControl, CONTROL_PATH, type Controls } from './control.ts';
import { faultOf, type FaultMode } from './faults.ts';
import type { StatsCounter } from './stats.ts';

/** Everything that one running supplier knows. */
export interface Supplier extends SupplierState {
  readonly clock: Pick<Clock, 'nowMs' | 'sleep'>;
  readonly key: string;
  readonly seed: number;
  readonly latencyMs: number;
  readonly counter: StatsCounter;
  /** Set once it listens. */
  port: number;
  mode: FaultMode;
  /** Aborted when the mode changes or it stops: ends waits and cuts what hangs. */
  interruption: AbortController;
}

/** Misbehaves in another way from now on, and lets go of what was waiting. */
export function switchMode(supplier: Supplier, mode: FaultMode): void {
  supplier.mode = mode;
  supplier.interruption.abort();
  supplier.interruption = new AbortController();
}

/** Answers one request: of the API, of the demonstration's controls, or for a picture. */
export async function answer(
  supplier: Supplier,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const { host } = request.headers;
  if (host === undefined || !isLoopbackHost(host, supplier.port)) {
    return send(request, response, answers.notFound());
  }
  const path = request.url?.startsWith('/') ? request.url : '/';
  const url = new URL(`http://${host}${path}`);
  if (url.pathname.startsWith(CONTROL_PATH)) {
    return send(request, response, await answerControl(url, request, controlsOf(supplier)));
  }
  const pictured = /^\/media\/products\/p(\d{1,9})\.svg$/.exec(url.pathname);
  if (pictured) return send(request, response, pictureOf(supplier, Number(pictured[1])));
  return answerCounted(supplier, url, request, response);
}

async function answerCounted(
  supplier: Supplier,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  supplier.counter.started(callOf(url.pathname).call);
  response.once('close', () =>
    supplier.counter.ended(response.writableFinished ? response.statusCode : null),
  );
  const answered = await apiAnswer(supplier, url, request);
  if (answered === null) response.destroy();
  else send(request, response, answered);
}

/** Null when the connection is to be cut without an answer. */
async function apiAnswer(
  supplier: Supplier,
  url: URL,
  request: IncomingMessage,
): Promise<answers.Answer | null> {
  const { catalog, counter, mode, paging, key, seed, latencyMs, clock } = supplier;
  const { signal } = supplier.interruption;
  const fault = faultOf(mode, chance(seed, `fault/${counter.read().requests}`));
  const delayMs = latencyMs + (fault.kind === 'slow' ? fault.delayMs : 0);
  if (delayMs > 0) await clock.sleep(delayMs, signal);
  if (fault.kind === 'hang') {
    await interrupted(signal);
    return null;
  }
  if (fault.kind === 'html') return answers.maintenance();
  if (fault.kind === 'error') return answers.failure(fault);
  const refusal = fault.kind === 'refuse' ? answers.wrongKey() : refusalOf(request, key);
  return refusal ?? answerCall(url, { catalog, mode, paging });
}

function refusalOf({ method, headers }: IncomingMessage, key: string): answers.Answer | null {
  const sent = headers['x-api-key'];
  if (sent === undefined || sent === '') return answers.noKey();
  if (sent !== key) return answers.wrongKey();
  return method === 'GET' || method === 'HEAD' ? null : answers.wrongMethod(method ?? '');
}

function pictureOf({ catalog }: Supplier, id: number): answers.Answer {
  const product = catalog.product(id);
  return product ? answers.picture(id, product.name) : answers.notFound();
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: answers.Answer,
) {
  if (response.destroyed) return;
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function controlsOf(supplier: Supplier): Controls {
  const { catalog, clock, counter } = supplier;
  return {
    mode: () => supplier.mode,
    setFaults: (mode) => switchMode(supplier, mode),
    change: (asked) => catalog.change(asked, clock.nowMs()),
    stats: () => counter.read(),
  };
}
