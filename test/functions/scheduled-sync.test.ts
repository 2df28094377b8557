import { describe, expect, test } from 'vitest';
import { lambdaHost } from '../../functions/scheduled-sync/host.ts';
import { createHandler } from '../../functions/scheduled-sync/index.ts';
import type { SyncServices } from '../../functions/scheduled-sync/services.ts';
import { digest } from '../../shared/adapters/digest.ts';
import { createMemoryStore } from '../../shared/adapters/memory/store.ts';
import { NEW_CONTROL } from '../../shared/core/control.ts';
import { StoreUnavailableError, UpstreamError } from '../../shared/core/errors.ts';
import { hours } from '../../shared/core/resource.ts';
import { schedulesOf } from '../../shared/deployment.ts';
import { fakeSource } from '../support/fake-source.ts';
import { lambdaContext } from '../support/gateway-event.ts';
import { manualClock } from '../support/manual-clock.ts';
import { aCategory, aProduct } from '../support/supplier-records.ts';
import type { Store } from '../support/sync-bench.ts';

const many = Array.from({ length: 50 }, (_, index) => aProduct(index + 1));

/** The worker over a store in memory and an upstream of 50 products and 2 categories. */
function worker(store: Store = createMemoryStore()) {
  const clock = manualClock();
  const events: string[] = [];
  const record = (event: string) => void events.push(event);
  const log = { info: record, warn: record, error: record };
  const sources = new Map([
    ['products', fakeSource(many)],
    ['categories', fakeSource([aCategory(1), aCategory(2)])],
  ]);
  const services: SyncServices = {
    log,
    sources: ['main', 'drinks'],
    portsOf: (resource, named) => {
      const source = sources.get(resource.name) ?? fakeSource([]);
      const ref = { source: named, resource: resource.name };
      return { ref, resource, source, store, reader: store, clock, log, digest };
    },
    hostOf: lambdaHost,
    settingsOf: () => ({ intervalMs: hours(2), configuration: 'v1' }),
  };
  const handler = createHandler(() => services);
  const send = (event: unknown, remainingMs = 900_000) =>
    handler(event, lambdaContext(remainingMs));
  return { send, store, sources, clock, events };
}

describe('an event that is not as declared', () => {
  test.each([
    [{}, /resource must be one of all, products, categories/],
    [{ resource: 'shops' }, /resource must be one of/],
    [{ resource: 'all', force: 'true' }, /force must be true or false/],
    [{ resource: 'all', force: 1 }, /force must be true or false/],
    [{ resource: 'all', dry_run: 'true' }, /dry_run must be true or false/],
    [{ resource: 'all', dry_run: true, resume_only: true }, /dry_run goes with no resume_only/],
    [
      { resource: 'all', dry_run: true, action: 'retry_rejects' },
      /dry_run goes with the action sync only/,
    ],
    [
      { resource: 'all', dry_run: true, action: 'approve_held' },
      /dry_run goes with the action sync only/,
    ],
    [
      { resource: 'products', held_run_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV' },
      /held_run_id goes with the actions approve_held and discard_held only/,
    ],
    [
      { resource: 'all', dry_run: true, action: 'discard_held' },
      /dry_run goes with the action sync only/,
    ],
    [{ resource: 'all', trigger: 'cli' }, /trigger must be/],
    [{ resource: 'all', Force: true }, /Force/],
    [{ resource: 'all', source: 'fish' }, /source must be one of main, drinks/],
    [{ resource: 'all', source: 1 }, /source must be a text/],
    [{ body: '{"resource":"all","force":true}', routeKey: 'POST /' }, /refused/],
    ['products', /refused/],
    [null, /refused/],
  ])('%j is refused with the reason, and starts nothing', async (event, reason) => {
    const { send, sources, events } = worker();
    const answer = await send(event);
    expect(answer).toMatchObject({ success: false, decision: 'forbidden' });
    expect(answer.message).toMatch(reason);
    expect([...sources.values()].flatMap(({ calls }) => calls)).toEqual([]);
    expect(events).toEqual(['event_refused']);
  });
});

test('an event tells who asks in 200 characters, and no more', async () => {
  const { send } = worker();
  expect(await send({ resource: 'products', by: 'a'.repeat(201) })).toMatchObject({
    decision: 'forbidden',
    message: 'The event was refused: by may have 200 characters.',
  });
  expect(await send({ resource: 'products', by: 'a'.repeat(200) })).toMatchObject({
    decision: 'started',
  });
});

test.each(schedulesOf(['main', 'drinks']).map(({ name, payload }) => [name, payload]))(
  'the rule %s sends an event that the worker takes',
  async (_name, payload) => {
    expect((await worker().send(payload)).success).toBe(true);
  },
);

test('an event is of one source: of the main one where it names none, also when it says all', async () => {
  const { send, store } = worker();
  const live = async (source: string) =>
    (await store.control({ source, resource: 'products' })).liveCount;
  expect(await send({ resource: 'all' })).toMatchObject({ success: true });
  expect([await live('main'), await live('drinks')]).toEqual([50, 0]);
  const answer = await send({ resource: 'products', source: 'drinks' });
  expect(answer.message).toMatch(/^Synced products of drinks: 50 records/);
  expect(await live('drinks')).toBe(50);
});

test('a dry run answers what would change, and leaves the store as it is', async () => {
  const { send, store } = worker();
  const answer = await send({ resource: 'products', dry_run: true });
  expect(answer).toMatchObject({ success: true, decision: 'started', stats: { created: 50 } });
  expect(answer).toHaveProperty(
    'planned.created',
    expect.toSatisfy((all) => all.length === 50),
  );
  expect(await store.control({ source: 'main', resource: 'products' })).toEqual(NEW_CONTROL);
});

test('an event for one resource syncs that one, and answers about it', async () => {
  const { send, sources } = worker();
  expect(await send({ resource: 'products' })).toMatchObject({
    success: true,
    decision: 'started',
    message: expect.stringContaining('50 records'),
    run_id: expect.any(String),
    stats: { total: 50, created: 50, errors: 0 },
  });
  expect(sources.get('categories')?.calls).toEqual([]);
});

test('a sync that is not due is refused as fresh, unless it is forced', async () => {
  const { send } = worker();
  await send({ resource: 'products' });
  expect(await send({ resource: 'products' })).toMatchObject({ decision: 'fresh', run_id: null });
  expect(await send({ resource: 'products', force: true })).toMatchObject({
    decision: 'started',
    stats: { unchanged: 50 },
  });
});

test('an event that only resumes begins nothing', async () => {
  const { send, sources } = worker();
  await send({ resource: 'all', resume_only: true });
  expect([...sources.values()].flatMap(({ calls }) => calls)).toEqual([]);
});

test('an invocation stops 60 s before its end, and the next one goes on to the last record', async () => {
  const { send, store } = worker();
  const first = await send({ resource: 'products' }, 59_999);
  expect(first).toMatchObject({ success: false, decision: 'started' });
  const second = await send({ resource: 'products', resume_only: true }, 900_000);
  expect(second).toMatchObject({ success: true });
  const ref = { source: 'main', resource: 'products' };
  const { records } = await store.snapshot(ref, await store.control(ref));
  expect(records).toHaveLength(50);
});

test('all of them are synced, one that fails leaving the others alone, and each is answered', async () => {
  const { send, sources } = worker();
  const products = sources.get('products');
  if (products)
    products.before = () => {
      throw new UpstreamError('invalid', 'an HTML page');
    };
  expect(await send({ resource: 'all' })).toMatchObject({
    success: false,
    decision: 'started',
    results: {
      products: { success: false },
      categories: { success: true, stats: { total: 2, created: 2 } },
    },
  });
});

test('one that starts is told also where another, asked before it, is fresh', async () => {
  const { send } = worker();
  await send({ resource: 'products' });
  expect(await send({ resource: 'all' })).toMatchObject({
    success: true,
    decision: 'started',
    results: { products: { decision: 'fresh' }, categories: { decision: 'started' } },
  });
});

test('an approval of deletions that are not held asks the supplier for nothing, and says why', async () => {
  const { send, store, sources } = worker();
  const held_run_id = `01${'A'.repeat(24)}`;
  expect(await send({ resource: 'products', action: 'approve_held', held_run_id })).toMatchObject({
    success: false,
    decision: 'held',
    message: 'No deletions are held.',
    run_id: null,
  });
  expect(sources.get('products')?.calls).toEqual([]);
  expect(await store.control({ source: 'main', resource: 'products' })).toEqual(NEW_CONTROL);
});

test('a store that fails for one is thrown, once the others are over', async () => {
  const store = createMemoryStore();
  const control: Store['control'] = async (ref) => {
    if (ref.resource === 'products') throw new StoreUnavailableError('no answer');
    return store.control(ref);
  };
  const { send } = worker({ ...store, control });
  await expect(send({ resource: 'all' })).rejects.toThrow(StoreUnavailableError);
  const ref = { source: 'main', resource: 'categories' };
  expect((await store.snapshot(ref, await store.control(ref))).records).toHaveLength(2);
});

test('a word on deletions that are not held starts nothing, and says so', async () => {
  const { send } = worker();
  const held_run_id = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
  for (const action of ['approve_held', 'discard_held']) {
    const answer = await send({ resource: 'products', action, held_run_id });
    expect(answer, action).toMatchObject({ success: false, decision: 'held' });
  }
});
