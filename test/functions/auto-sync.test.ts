import createMiddy from '@middy/core';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { autoSync, type SyncContext } from '../../functions/middlewares/auto-sync.ts';
import { createMemoryStore } from '../../shared/adapters/memory/store.ts';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb/reader.ts';
import { storeOver, TABLE_NAME, useDynamoDB } from '../support/dynamodb-under-test.ts';
import { lambdaContext } from '../support/gateway-event.ts';
import { manualClock } from '../support/manual-clock.ts';
import { aProduct } from '../support/supplier-records.ts';
import { shop } from '../support/shop.ts';
import { syncBench } from '../support/sync-bench.ts';

const REF = { source: 'main', resource: 'products' };
const PRODUCTS = '/api/inventory/products/synced/';
const never = () => new Promise<never>(() => {});

async function due() {
  const open = shop({ products: [aProduct(1), aProduct(2)] });
  await open.sync();
  open.untilDue();
  return open;
}

async function timed<Value>(work: Promise<Value>): Promise<[Value, number]> {
  const startMs = performance.now();
  return [await work, performance.now() - startMs];
}

test('of 200 reads at once of a due catalogue all are answered, and one starts a sync', async () => {
  const open = await due();
  const replies = await Promise.all(Array.from({ length: 200 }, () => open.get(PRODUCTS)));
  expect(replies.every(({ status, json }) => status === 200 && json['count'] === 2)).toBe(true);
  expect(open.starts).toEqual(['products']);
  const decisions = replies.map(({ headers }) => headers['sync-decision']);
  expect(decisions.filter((decision) => decision === 'products=started')).toHaveLength(1);
  expect(decisions.filter((decision) => decision === 'products=running')).toHaveLength(199);
});

test('reads of many warm functions on one store start one sync', async () => {
  const store = createMemoryStore();
  const shops = Array.from({ length: 20 }, () => shop({}, { store }));
  await Promise.all(shops.map((open) => open.get(PRODUCTS)));
  expect(shops.flatMap(({ starts }) => starts)).toEqual(['products']);
});

test('a start that hangs delays no read by more than its budget', async () => {
  const open = await due();
  open.starter = never;
  const [reply, tookMs] = await timed(open.get(PRODUCTS));
  expect(reply.json).toMatchObject({ count: 2, sync: { decision: 'running' } });
  expect(tookMs).toBeLessThan(500);
});

test('a start that fails fails no read; it is logged, and tried again in a few seconds', async () => {
  const open = await due();
  open.starter = () => Promise.reject(new Error('throttled'));
  const reply = await open.get(PRODUCTS);
  expect(reply.json).toMatchObject({ count: 2, sync: { decision: 'cooling', stale: true } });
  expect(open.events).toContainEqual(expect.objectContaining({ event: 'sync_start_failed' }));
  open.starter = async ({ resource }) => void open.starts.push(resource);
  await open.get(PRODUCTS);
  expect(open.starts).toEqual([]);
  open.clock.advance(5_000);
  expect((await open.get(PRODUCTS)).json['sync']).toMatchObject({ decision: 'started' });
  expect(open.starts).toEqual(['products']);
});

test('a start that fails late shortens nobody else’s claim', async () => {
  const open = await due();
  const late = Promise.withResolvers<never>();
  open.starter = () => late.promise;
  await open.get(PRODUCTS);
  open.clock.advance(30_000);
  const { nowMs } = open.clock;
  expect(await open.store.claimTrigger(REF, nowMs(), nowMs() + 30_000)).toBe(true);
  late.reject(new Error('throttled'));
  await vi.waitFor(() => {
    expect(open.events).toContainEqual(expect.objectContaining({ event: 'sync_start_failed' }));
  });
  await delay(5);
  expect((await open.store.control(REF)).triggerClaimedUntilMs).toBe(nowMs() + 30_000);
});

test('a fresh catalogue is left alone', async () => {
  const open = shop({ products: [aProduct(1)] });
  await open.sync();
  const { headers } = await open.get(PRODUCTS);
  expect(headers['sync-decision']).toBe('products=fresh');
  expect(open.starts).toEqual([]);
});

test('costs one read for each resource at most, shared with the handler, and none for 3 seconds', async () => {
  const open = await due();
  const control = vi.spyOn(open.services.reader, 'control');
  const run = autoSynced(open, ['products', 'categories']);
  await run();
  expect(control).toHaveBeenCalledTimes(2);
  await run();
  expect(control).toHaveBeenCalledTimes(2);
  open.clock.advance(3_001);
  await run();
  expect(control).toHaveBeenCalledTimes(4);
  control.mockClear();
  await open.get(PRODUCTS);
  expect(control.mock.calls.map(([{ resource }]) => resource).toSorted()).toEqual([
    'categories',
    'products',
  ]);
});

test('looks again after 3 seconds also where the monotonic clock stood still', async () => {
  const { services, clock } = await due();
  const stopped = { ...services, clock: { ...clock, monotonicMs: () => 0 } };
  const control = vi.spyOn(services.reader, 'control');
  const run = autoSynced({ services: stopped }, ['products']);
  await run();
  clock.advance(2_999);
  await run();
  expect(control).toHaveBeenCalledTimes(1);
  clock.advance(1);
  await run();
  expect(control).toHaveBeenCalledTimes(2);
});

test('leaves its decisions on the context and in a header, before any handler of anyone', async () => {
  const open = await due();
  const { seen, response } = await autoSynced(open, ['products', 'categories'])();
  expect(seen).toEqual({ products: 'started', categories: 'started' });
  expect(response).toEqual({
    statusCode: 200,
    headers: { 'x-own': '1', 'sync-decision': 'products=started, categories=started' },
  });
});

describe('leaves as it is what a handler answers', () => {
  class Answer {
    readonly statusCode = 200;
  }
  test.each([
    [{ ok: true }],
    [[{ id: 1 }, { id: 2 }]],
    [{ batchItemFailures: [] }],
    [{ statusCode: '200', body: '' }],
    [new Map([[1, 2]])],
    [Buffer.from('bytes')],
    [new Answer()],
    ['text'],
    [null],
  ])('%j: it is no HTTP answer', async (answer) => {
    const open = await due();
    const handle = createMiddy()
      .use(autoSync({ resources: ['products'], services: () => open.services }))
      .handler(async () => answer);
    const answered: unknown = await handle({}, lambdaContext());
    expect(answered).toBe(answer);
    expect(open.starts).toEqual(['products']);
  });
});

test('never throws and never delays, whatever its store does; work that it began goes on', async () => {
  const failing = shop(
    {},
    { store: { ...createMemoryStore(), control: () => Promise.reject(new Error('down')) } },
  );
  expect((await autoSynced(failing, ['products'], ['categories'])()).seen).toEqual({});
  const hanging = shop({}, { store: { ...createMemoryStore(), control: never } });
  const [answer, tookMs] = await timed(autoSynced(hanging, ['products'])());
  expect(answer.response).toMatchObject({ statusCode: 200, headers: { 'x-own': '1' } });
  expect(tookMs).toBeGreaterThan(40);
  expect(tookMs).toBeLessThan(500);
  const store = createMemoryStore();
  const slow = shop(
    {},
    { store: { ...store, control: (ref) => delay(100).then(() => store.control(ref)) } },
  );
  await autoSynced(slow, ['products'])();
  expect(slow.starts).toEqual([]);
  await vi.waitFor(() => expect(slow.starts).toEqual(['products']));
});

const unconfigured = (): never => {
  throw new Error('TABLE_NAME is missing');
};

test('a function that is not configured answers all the same, and its log says once that nothing is kept fresh', async () => {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  onTestFinished(() => written.mockRestore());
  const handler = createMiddy()
    .use(autoSync({ resources: ['products'], services: unconfigured }))
    .handler(async () => 'answered');
  expect(await handler({}, lambdaContext())).toBe('answered');
  expect(await handler({}, lambdaContext())).toBe('answered');
  const lines = written.mock.calls
    .map(([line]) => String(line))
    .filter((line) => line.includes('auto_sync_off'));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('TABLE_NAME is missing');
});

function autoSynced(
  { services }: { services: ReturnType<typeof shop>['services'] },
  resources: string[],
  alsoRead: string[] = [],
) {
  const handler = createMiddy<unknown, unknown, Error, SyncContext>()
    .use(autoSync({ resources, alsoRead, services: () => services }))
    .handler(async (_event: unknown, context: SyncContext) => {
      seen = Object.fromEntries(context.sync?.decisions ?? []);
      known = [...(context.sync?.controls.keys() ?? [])];
      return { statusCode: 200, headers: { 'x-own': '1' } };
    });
  let seen = {};
  let known: string[] = [];
  return async () => {
    const response: unknown = await handler({}, lambdaContext());
    return { seen, known, response };
  };
}

describe('by one request to the store', () => {
  const { client } = useDynamoDB();

  /** A shop whose catalogues are fresh, and the names of what is sent to the store. */
  async function fresh(sources: string[]) {
    const store = { ...createDynamoDBReader(client('read'), TABLE_NAME), ...storeOver(client()) };
    for (const source of sources) {
      for (const resource of ['products', 'categories']) {
        await syncBench(store, undefined, { source, resource }).sync();
      }
    }
    const reading = client('read');
    const sent: string[] = [];
    reading.middlewareStack.add(
      (next, { commandName = '' }) =>
        (input) => {
          sent.push(commandName);
          return next(input);
        },
      { step: 'initialize' },
    );
    const reader = createDynamoDBReader(reading, TABLE_NAME);
    // A busy machine must not cut what autoSync may take: the handler would then read by itself.
    const clock = { ...manualClock(), sleep: never };
    return { open: shop({}, { change: { sources, reader, gate: reader, clock } }), sent };
  }

  test('all control records come, however many sources there are', async () => {
    const { open, sent } = await fresh(['main', 'drinks', 'cellar']);
    const { seen } = await autoSynced(open, ['products', 'categories'])();
    expect(Object.keys(seen)).toEqual([
      'products',
      'categories',
      'drinks/products',
      'drinks/categories',
      'cellar/products',
      'cellar/categories',
    ]);
    expect(sent).toEqual(['BatchGetItemCommand']);
  });

  test('those that the handler looks at besides come along, and are not decided upon', async () => {
    const { open, sent } = await fresh(['main']);
    const { seen, known } = await autoSynced(open, ['products'], ['categories'])();
    expect(seen).toEqual({ products: 'fresh' });
    expect(known.toSorted()).toEqual(['categories', 'products']);
    expect(sent).toEqual(['BatchGetItemCommand']);
  });

  test('a list reads nothing more before it reads its pages', async () => {
    const { open, sent } = await fresh(['main']);
    expect((await open.get(PRODUCTS)).status).toBe(200);
    expect(sent.filter((name) => name !== 'QueryCommand')).toEqual(['BatchGetItemCommand']);
  });
});
