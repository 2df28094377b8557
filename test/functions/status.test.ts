import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import {
  StoreUnavailableError,
  UpstreamError,
  type UpstreamFailure,
} from '../../shared/core/errors.ts';
import { overviewOf } from '../../shared/reads/overview.ts';
import { products } from '../../shared/resources/products.ts';
import { aCategory, aProduct } from '../support/supplier-records.ts';
import { approveHeld, shop } from '../support/shop.ts';
import type { JsonObject } from '../../shared/core/json.ts';
import type { FakeSource } from '../support/fake-source.ts';

const STATUS = '/inventory/api/status/';
const TWO_HOURS = 7200;

const resourceStatus = z.looseObject({ state: z.string(), last_error: z.null() });

async function statusOf(open: ReturnType<typeof shop>) {
  const { json } = await open.get(STATUS);
  return resourceStatus.parse(json['products']);
}

/** What the supplier lists from now on. */
function list(open: ReturnType<typeof shop>, rows: JsonObject[]): void {
  const upstream = open.upstream['products'];
  if (upstream) upstream.rows = rows;
}

/** The supplier fails these requests from now on. */
function failing(
  open: ReturnType<typeof shop>,
  isFailed: (call: Parameters<FakeSource['before']>[0]) => boolean,
  failure: UpstreamFailure = 'unavailable',
): void {
  const upstream = open.upstream['products'];
  if (upstream === undefined) return;
  upstream.before = (call) => {
    if (isFailed(call)) throw new UpstreamError(failure, 'The supplier failed.');
  };
}

test('both addresses answer the same, to be kept by nobody, and start nothing', async () => {
  const open = shop();
  const [one, other] = [await open.get(STATUS), await open.get('/api/inventory/sync/status')];
  expect(one.text).toBe(other.text);
  expect(one.headers['cache-control']).toBe('no-store');
  expect(open.starts).toEqual([]);
  expect(one.json).toMatchObject({ products: { state: 'never_synced', last_run: null } });
});

test('a synced catalogue is fresh, then due, with the figures of its last run', async () => {
  const open = shop({ products: [aProduct(1), aProduct(2), { id: 3 }] });
  await open.sync();
  const seen = await statusOf(open);
  expect(seen).toMatchObject({
    state: 'fresh',
    last_sync: '2026-11-22T10:00:00.000Z',
    next_allowed: '2026-11-22T11:55:00.000Z',
    min_interval_seconds: TWO_HOURS,
    lock_active: false,
    total: 3,
    synced: 2,
    errors: 1,
    removed: 0,
    running: null,
    held: null,
    problem: null,
    last_run: { run_id: null, trigger: 'schedule', outcome: 'completed', stats: { total: 3 } },
  });
  const recent = z.array(z.object({ id: z.number(), title: z.string() })).parse(seen['recent']);
  expect(recent.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual([1, 2]);
  open.untilDue();
  expect(await statusOf(open)).toMatchObject({ state: 'due' });
});

test('a refused key is told in words that say what to do, without the supplier’s own', async () => {
  const open = shop({ products: [aProduct(1)] });
  await open.sync();
  open.untilDue();
  const upstream = open.upstream['products'];
  if (upstream)
    upstream.before = () => {
      throw new UpstreamError('key_refused', 'HTTP 403: Clé révoquée k-123', { status: 403 });
    };
  await open.sync('products');
  const { text } = await open.get(STATUS);
  expect(await statusOf(open)).toMatchObject({
    state: 'no_credential',
    problem: { code: 'key_refused', message: expect.stringMatching(/refuses the API key.*Check/) },
  });
  expect(text).not.toContain('révoquée');
  expect(await open.get('/api/inventory/products/synced/')).toMatchObject({ status: 200 });
});

test('a list that lost most of its records is held, and says that nothing was removed', async () => {
  const all = Array.from({ length: 40 }, (_, index) => aProduct(index + 1));
  const open = shop({ products: all });
  await open.sync();
  const upstream = open.upstream['products'];
  if (upstream) upstream.rows = all.slice(0, 10);
  open.untilDue();
  await open.sync('products');
  open.untilDue();
  await open.sync('products');
  const seen = await statusOf(open);
  expect(seen).toMatchObject({ state: 'held', held: { run_id: null, count: 30 } });
  expect(seen).toMatchObject({
    problem: { message: expect.stringMatching(/nothing was removed/) },
  });
  expect((await open.get('/api/inventory/products/synced/')).json['count']).toBe(40);
});

describe('a problem lasts since it was first met', () => {
  /** As the status tells it, which the status page has to agree with. */
  async function sinceOf(open: ReturnType<typeof shop>) {
    const { problem, held, state } = await statusOf(open);
    const { troubleSinceMs } = await overviewOf(products, 'main', open.services);
    const { since } = z.object({ since: z.string() }).parse(state === 'held' ? held : problem);
    expect(new Date(troubleSinceMs ?? 0).toISOString()).toBe(since);
    return since;
  }
  const now = (open: ReturnType<typeof shop>) => new Date(open.clock.nowMs()).toISOString();
  const syncLater = async (open: ReturnType<typeof shop>) => {
    open.untilDue();
    await open.sync('products');
    return now(open);
  };

  test('whatever else failed before, and however often it failed since', async () => {
    const open = shop({ products: [aProduct(1)] });
    await open.sync();
    failing(open, () => true, 'invalid');
    await syncLater(open);
    failing(open, () => true);
    const first = await syncLater(open);
    for (let failures = 0; failures < 21; failures += 1) {
      await syncLater(open);
      expect(await sinceOf(open)).toBe(first);
    }
    failing(open, () => true, 'key_refused');
    expect(await sinceOf(open)).toBe(first);
    const refused = await syncLater(open);
    expect(await sinceOf(open)).toBe(refused);
    failing(open, () => false);
    await syncLater(open);
    expect(await statusOf(open)).toMatchObject({ problem: null });
    failing(open, () => true);
    const again = await syncLater(open);
    expect(await sinceOf(open)).toBe(again);
  });

  test('also where the run it met goes on, and meets it again', async () => {
    const open = shop({ products: Array.from({ length: 60 }, (_, at) => aProduct(at + 1)) });
    failing(open, ({ kind, of }) => kind === 'page' && of === '3', 'throttled');
    await open.sync('products');
    const first = now(open);
    expect(await statusOf(open)).toMatchObject({ state: 'paused' });
    expect(await sinceOf(open)).toBe(first);
    await syncLater(open);
    expect(await sinceOf(open)).toBe(first);
  });

  test('deletions wait since they were first held, whatever failed meanwhile', async () => {
    const open = shop({ products: Array.from({ length: 20 }, (_, at) => aProduct(at + 1)) });
    await open.sync();
    list(open, [aProduct(1)]);
    const first = await syncLater(open);
    await syncLater(open);
    expect(await statusOf(open)).toMatchObject({ state: 'held' });
    expect(await sinceOf(open)).toBe(first);
    failing(open, () => true);
    await syncLater(open);
    expect(await sinceOf(open)).toBe(first);
    failing(open, () => false);
    await syncLater(open);
    expect(await sinceOf(open)).toBe(first);
  });
});

describe('its counts are those of the catalogue', () => {
  const numbered = (count: number) =>
    Array.from({ length: count }, (_, index) => aProduct(index + 1));
  const listedBy = async (open: ReturnType<typeof shop>) =>
    (await open.get('/api/inventory/products/synced/?availability=all')).json['count'];

  test('after deletions that a person approved', async () => {
    const open = shop({ products: numbered(20) });
    await open.sync();
    list(open, numbered(2));
    open.untilDue();
    await open.sync('products');
    expect(await statusOf(open)).toMatchObject({ state: 'held', total: 20, synced: 20 });
    await approveHeld(open);
    expect(await statusOf(open)).toMatchObject({ total: 2, synced: 2, errors: 0, removed: 18 });
    expect(await listedBy(open)).toBe(2);
  });

  test('after a run that lost a page and brought others', async () => {
    const open = shop({ products: numbered(20) });
    await open.sync();
    list(open, numbered(60));
    failing(open, ({ kind, of }) => kind === 'page' && of === '3');
    open.untilDue();
    await open.sync('products');
    expect(await statusOf(open)).toMatchObject({ total: 40, synced: 40, errors: 0 });
    expect(await listedBy(open)).toBe(40);
  });

  test('with a record in error that is served as it last was, however many runs failed since', async () => {
    const open = shop({ products: numbered(5) });
    await open.sync();
    list(open, [...numbered(4), aProduct(5, { selling_price: 'abc' }), { id: 6 }]);
    open.untilDue();
    await open.sync('products');
    const counts = { total: 6, synced: 4, errors: 2 };
    expect(await statusOf(open)).toMatchObject(counts);
    failing(open, () => true);
    for (let failures = 0; failures < 11; failures += 1) {
      open.untilDue();
      await open.sync('products');
    }
    expect(await statusOf(open)).toMatchObject({ state: 'failing', ...counts });
    expect(await listedBy(open)).toBe(5);
  });
});

test('nothing but the state of the store: a store that is down is 503', async () => {
  const open = shop();
  open.store.runs = async () => {
    throw new StoreUnavailableError('no answer');
  };
  expect((await open.get(STATUS)).status).toBe(503);
});

test('what the shop’s old client reads of a status is there', async () => {
  const fixture: unknown = JSON.parse(
    readFileSync(new URL('../fixtures/shop-sync-status.json', import.meta.url), 'utf8'),
  );
  const old = z.record(z.string(), z.json()).parse(fixture);
  const open = shop({ products: [aProduct(1)], categories: [aCategory(1)] });
  await open.sync();
  const { json } = await open.get('/api/inventory/sync/status/');
  expect(Object.keys(json)).toEqual(expect.arrayContaining(Object.keys(old)));
  expect(json['min_interval_seconds']).toBe(TWO_HOURS);
  for (const resource of ['products', 'categories']) {
    const keys = Object.keys(z.record(z.string(), z.json()).parse(old[resource]));
    const own = z.record(z.string(), z.json()).parse(json[resource]);
    expect(Object.keys(own)).toEqual(expect.arrayContaining(keys));
  }
});
