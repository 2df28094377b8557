import { expect, test } from 'vitest';
import { startSync, type OrderAnswer } from '../../functions/staff/start-sync.ts';
import { problemDetails } from '../../functions/middlewares/problem-details.ts';
import { parseHttpEvent } from '../../functions/http/event.ts';
import { sha256 } from '../../shared/adapters/secrets.ts';
import { UpstreamError, WorkerSilentError, WorkerStartError } from '../../shared/core/errors.ts';
import { minutes } from '../../shared/core/resource.ts';
import { createMemorySteering } from '../support/memory-steering.ts';
import { gatewayRequest } from '../support/gateway-event.ts';
import { shop } from '../support/shop.ts';
import { aProduct } from '../support/supplier-records.ts';

const caller = {
  kind: 'token',
  subject: 'token:1',
  name: 'test',
  scopes: ['sync:force'],
  csrf: null,
} as const;

const another = { ...caller, subject: 'token:2' } as const;

const order = {
  ref: { source: 'main', resource: 'products' },
  force: false,
  caller,
  idempotencyKey: 'one',
} as const;
const forcedOrder = { ...order, force: true, idempotencyKey: null } as const;
const notForced = { ...order, idempotencyKey: null } as const;

const runIdOf = (answer: OrderAnswer) => (answer.kind === 'started' ? answer.runId : null);

/** A shop, and what ordering a sync of it takes. */
function opened() {
  const open = shop({ products: [aProduct(1)] });
  return { open, services: { ...open.services, steering: createMemorySteering(), sha256 } };
}

test('a worker that can’t be started is a fault of its own, and neither the key nor the force is used up', async () => {
  const { open, services } = opened();
  const { starter } = open;
  open.starter = async () => {
    throw new Error('TooManyRequestsException');
  };
  const forced = { ...order, force: true, idempotencyKey: null };
  await expect(startSync(order, services)).rejects.toThrow(WorkerStartError);
  await expect(startSync(forced, services)).rejects.toThrow(WorkerStartError);
  open.starter = starter;
  // What was not done counts for nothing: neither for the key nor for the limit of forces.
  expect(await startSync(forced, services)).toMatchObject({ kind: 'started' });
  expect(await startSync(order, services)).toMatchObject({ kind: 'started', replayed: false });
});

test('a worker that was told and gave no answer may be at it: the same request is answered with the same run', async () => {
  const { open, services } = opened();
  const { starter } = open;
  open.starter = async (request) => {
    await starter(request);
    throw new WorkerSilentError('no answer');
  };
  const forced = { ...order, force: true };
  await expect(startSync(forced, services)).rejects.toThrow(WorkerSilentError);
  open.starter = starter;
  expect(await startSync(forced, services)).toMatchObject({ kind: 'started', replayed: true });
  expect(open.starts).toEqual(['products']);
  const other = { ...forced, idempotencyKey: 'two' };
  expect(await startSync(other, services)).toMatchObject({ kind: 'limited' });
});

test('a read that could not start the worker stands in nobody’s way', async () => {
  const { open, services } = opened();
  await open.sync();
  open.untilDue();
  const { starter } = open;
  open.starter = () => Promise.reject(new Error('TooManyRequestsException'));
  await open.get('/api/inventory/products/synced/');
  open.starter = starter;
  expect(await startSync(forcedOrder, services)).toMatchObject({ kind: 'started' });
  open.clock.advance(5_000);
  expect(await startSync(notForced, services)).toMatchObject({ kind: 'started' });
});

test('it is told as 503, with when to ask again, and not as a catalogue that can’t be read', async () => {
  const open = shop();
  const event = parseHttpEvent(gatewayRequest('/inventory/sync/products/', {}).event);
  const request = {
    event,
    context: {},
    response: undefined,
    error: new WorkerStartError('no'),
    internal: {},
  };
  await problemDetails(() => open.services).onError?.(Object(request));
  expect(open.events.map((one) => one.event)).toEqual(['request_failed']);
  expect(Object(request).response).toMatchObject({
    statusCode: 503,
    headers: { 'retry-after': '5' },
    body: expect.stringContaining('"code":"worker_unavailable"'),
  });
});

test('a forced request that is sent twice at once starts one run, and both are told which', async () => {
  const { services } = opened();
  const forced = { ...order, force: true };
  const answers = await Promise.all([startSync(forced, services), startSync(forced, services)]);
  expect(answers.map((answer) => ({ ...answer, replayed: null }))).toEqual([
    { kind: 'started', runId: expect.any(String), replayed: null },
    answers[0] && { ...answers[0], replayed: null },
  ]);
  expect(answers).toContainEqual(expect.objectContaining({ replayed: true }));
  // Another request is limited as before.
  const other = { ...forced, idempotencyKey: 'two' };
  expect(await startSync(other, services)).toMatchObject({ kind: 'limited' });
});

test('two callers’ keys are apart: the same one is a request of its own for each', async () => {
  const { open, services } = opened();
  const first = await startSync(order, services);
  const second = await startSync({ ...order, caller: another }, services);
  expect(second).toMatchObject({ kind: 'started', replayed: false });
  expect(runIdOf(second)).not.toBe(runIdOf(first));
  expect(open.starts).toHaveLength(2);
});

test('a key that came with a sync of one resource, or source, is refused with that of another', async () => {
  const { open, services } = opened();
  await startSync(order, services);
  for (const ref of [
    { source: 'main', resource: 'categories' },
    { source: 'drinks', resource: 'products' },
  ])
    expect(await startSync({ ...order, ref }, services)).toEqual({ kind: 'key_reused' });
  expect(open.starts).toEqual(['products']);
});

test('an unforced request that is sent twice at once starts one run, and both are told which', async () => {
  const { open, services } = opened();
  const answers = await Promise.all([startSync(order, services), startSync(order, services)]);
  const [first, second] = answers.map(runIdOf);
  expect(first).toEqual(expect.any(String));
  expect(second).toBe(first);
  expect(open.starts).toEqual(['products']);
});

test('of two who force at once one is served, the other is limited', async () => {
  const { open, services } = opened();
  const answers = await Promise.all(
    [caller, another].map((who) => startSync({ ...forcedOrder, caller: who }, services)),
  );
  expect(answers).toEqual([
    expect.objectContaining({ kind: 'started' }),
    { kind: 'limited', limit: 'minute', retryAtMs: open.clock.nowMs() + minutes(1) },
  ]);
  expect(open.starts).toEqual(['products']);
});

test('a force that started nothing is the one given back: no earlier one, and nobody else’s', async () => {
  const { open, services } = opened();
  const byAnother = { ...forcedOrder, caller: another };
  const { starter } = open;
  const firstAtMs = open.clock.nowMs();
  await startSync(forcedOrder, services);
  open.clock.advance(minutes(2));
  open.starter = async () => {
    open.starter = starter;
    open.clock.advance(minutes(2));
    await startSync(byAnother, services);
    throw new Error('TooManyRequestsException');
  };
  await expect(startSync(forcedOrder, services)).rejects.toThrow(WorkerStartError);
  expect((await services.steering.forces()).marks).toEqual([
    { subject: caller.subject, atMs: firstAtMs },
    { subject: another.subject, atMs: open.clock.nowMs() },
  ]);
});

test('while a sync that a read asked for is about to begin, no other is started unless by force', async () => {
  const { open, services } = opened();
  await open.get('/api/inventory/products/synced/');
  expect(open.starts).toEqual(['products']);
  expect(await startSync(notForced, services)).toEqual({ kind: 'running', runId: null });
  expect(open.starts).toEqual(['products']);
  expect(await startSync(forcedOrder, services)).toMatchObject({ kind: 'started' });
});

test('once it has begun, and is over, it stands in nobody’s way', async () => {
  const { open, services } = opened();
  await open.get('/api/inventory/products/synced/');
  open.clock.advance(1_000);
  await open.sync('products');
  expect(await startSync(notForced, services)).toMatchObject({
    kind: 'refused',
    decision: 'fresh',
  });
  expect(await startSync(forcedOrder, services)).toMatchObject({ kind: 'started' });
});

test('not even a force passes a key that was refused less than a minute ago', async () => {
  const { open, services } = opened();
  const products = open.upstream['products'];
  if (products)
    products.before = () => {
      throw new UpstreamError('key_refused', 'HTTP 403', { status: 403 });
    };
  await open.sync('products');
  expect(await startSync(forcedOrder, services)).toMatchObject({
    kind: 'refused',
    decision: 'no_credential',
  });
  expect(open.starts).toEqual([]);
  open.clock.advance(minutes(1));
  expect(await startSync(forcedOrder, services)).toMatchObject({ kind: 'started' });
});
