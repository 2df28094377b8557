import { expect, test } from 'vitest';
import { startSync } from '../../functions/staff/start-sync.ts';
import { problemDetails } from '../../functions/middlewares/problem-details.ts';
import { parseHttpEvent } from '../../functions/http/event.ts';
import { sha256 } from '../../shared/adapters/secrets.ts';
import { WorkerStartError } from '../../shared/core/errors.ts';
import { createMemorySteering } from '../support/memory-steering.ts';
import { gatewayRequest } from '../support/gateway-event.ts';
import { shop } from '../support/shop.ts';

const caller = {
  kind: 'token',
  subject: 'token:1',
  name: 'test',
  scopes: ['sync:force'],
  csrf: null,
} as const;

const order = {
  ref: { source: 'main', resource: 'products' },
  force: false,
  caller,
  idempotencyKey: 'one',
} as const;

test('a worker that can’t be started is a fault of its own, and neither the key nor the force is used up', async () => {
  const open = shop();
  const services = { ...open.services, steering: createMemorySteering(), sha256 };
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

test('a forced request that is sent twice at once starts one run, and both are told which', async () => {
  const open = shop();
  const services = { ...open.services, steering: createMemorySteering(), sha256 };
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
  expect(Object(request).response).toMatchObject({
    statusCode: 503,
    headers: { 'retry-after': '5' },
    body: expect.stringContaining('"code":"worker_unavailable"'),
  });
});
