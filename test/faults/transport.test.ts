import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../support/supplier.ts';
import { answers, products } from '../support/supplier.ts';
import { minutes } from '../../shared/core/resource.ts';
import { freePort } from '../../local/free-port.ts';
import {
  expectHealed,
  expectKept,
  expectLevel,
  firstSync,
  renameAll,
  settledCount,
} from './expectations.ts';
import { useLaboratory } from './laboratory.ts';
import { rawAnswers } from './raw-answers.ts';

const LIST = 'b2c/products/';
const DETAIL = /^b2c\/products\/\d+\/$/;
/** Of a hundred products in pages of ten, newest first. */
const LAST_PAGE = /^b2c\/products\/[1-9]\/$/;
const ANY = /^b2c\/products\//;
/** Requests in flight at most, unless a test says otherwise. */
const AT_ONCE = 8;
const PAGES = { products: products(1, 30), pageSize: 10 };
const open = useLaboratory();

const httpDate = (ms: number): string => new Date(ms).toUTCString();

describe('U1 a supplier that says when to come back', () => {
  test.each([
    ['seconds', '7', 7_000],
    // Long enough for a busy machine: it goes on passing until the answer comes.
    ['a date', httpDate(Date.now() + 18_000), 7_000],
    ['a past date', httpDate(Date.now() - 60_000), 0],
    ['garbage', 'soon 5', 0],
  ])(
    'U1 429 with Retry-After as %s is waited for, and the run goes on',
    async (_, value, least) => {
      const lab = await open(PAGES);
      lab.supplier.set(DETAIL, answers.status(429, { 'retry-after': value }), [5]);
      const worker = lab.worker();
      expect(await worker.sync()).toMatchObject({
        success: true,
        stats: { created: 30, errors: 0 },
      });
      expect(worker.waitedMs).toBeGreaterThanOrEqual(least);
      expect(worker.waitedMs).toBeLessThan(60_000);
      await expectLevel(lab);
    },
  );

  test.each(['21', '999999999999999999999'])(
    'U1 a wait of %s s checkpoints and lets the lease go; the run resumes after it, an hour at most',
    async (value) => {
      const lab = await open(PAGES);
      lab.supplier.set(DETAIL, answers.status(429, { 'retry-after': value }), [15]);
      const worker = lab.worker();
      const paused = await worker.sync();
      expect(paused.success).toBe(false);
      const { leaseHolder, run, lastError, resumeAtMs } = await lab.control();
      expect(leaseHolder).toBeNull();
      expect(lastError?.code).toBe('throttled');
      const waitMs = Math.min(Number(value) * 1000, 3_600_000);
      expect(resumeAtMs - worker.clock.nowMs()).toBeGreaterThan(waitMs - 10_000);
      expect(resumeAtMs - worker.clock.nowMs()).toBeLessThanOrEqual(waitMs);
      const asked = await settledCount(lab.supplier);
      expect(await worker.sync({ force: false, resumeOnly: true })).toMatchObject({
        decision: 'cooling',
      });
      expect(lab.supplier.count()).toBe(asked);
      worker.clock.step(waitMs);
      const resumed = await worker.sync({ force: false, resumeOnly: true });
      expect(resumed).toMatchObject({ success: true });
      expect(resumed.run_id).toBe(run?.runId);
      await expectLevel(lab);
    },
  );
});

describe('U2 bursts of server errors', () => {
  test.each([500, 502, 503, 504])(
    'U2 a burst of %i is retried, no request more than 3 times',
    async (code) => {
      const lab = await open(PAGES);
      lab.supplier.set(LIST, answers.status(code), [1, 2]);
      lab.supplier.set(DETAIL, answers.status(code), [7, 8, 9]);
      const worker = lab.worker();
      expect(await worker.sync()).toMatchObject({ success: true, stats: { errors: 0 } });
      const times = Map.groupBy(lab.supplier.requests, ({ path, query }) => path + query['page']);
      expect(Math.max(...[...times.values()].map(({ length }) => length))).toBeLessThanOrEqual(3);
      await expectLevel(lab);
    },
  );

  test.each([1, 4, 7, 20])(
    'U2 more than %i requests at once are refused: the first run learns it, and reads all of it',
    async (mostAtOnce) => {
      const lab = await open({ products: products(1, 150), pageSize: 50, latencyMs: 5 });
      lab.supplier.mostAtOnce = mostAtOnce;
      const worker = lab.worker({ concurrency: 32 });
      expect(await worker.sync()).toMatchObject({ success: true, stats: { errors: 0 } });
      // Each round of refusals halves what is in flight.
      expect(worker.counters.retries).toBeLessThan(60);
      await expectLevel(lab);
    },
  );

  test.each([
    [10, 500],
    [4, 500],
    [10, 503],
  ])(
    'U2 one detail of %i that fails for good (%i): the run waits once, then goes through, and only these are in error',
    async (each, code) => {
      const lab = await open({ products: products(1, 300), pageSize: 50 });
      const isBad = (id: number): boolean => id % each === 0;
      const bad = products(1, 300).flatMap(({ id }) => (isBad(Number(id)) ? Number(id) : []));
      for (const id of bad) lab.supplier.set(`b2c/products/${id}/`, answers.status(code));
      const paused = await lab.worker().sync();
      expect(paused).toMatchObject({ success: false });
      expect((await lab.control()).lastError?.code).toBe('retry_budget');
      const next = lab.worker();
      next.clock.step(minutes(5));
      const gone = await next.sync({ force: false, resumeOnly: true });
      expect(gone).toMatchObject({ run_id: paused.run_id, success: true });
      expect(gone.stats).toMatchObject({ created: 300 - bad.length, errors: bad.length });
      const { requests, retries } = next.counters;
      // A 503 may also say that this was one request too many at once, until it is seen to be no matter of that.
      const share = code === 503 ? 5 : 10;
      expect(retries).toBeLessThanOrEqual(Math.max(10, requests / share));
    },
  );

  test('U2 retries stay within a tenth of the requests, and the run then waits to be resumed', async () => {
    const lab = await open({ products: products(1, 300), pageSize: 50 });
    lab.supplier.set(
      DETAIL,
      answers.status(500),
      Array.from({ length: 900 }, (_, n) => n + 150),
    );
    const worker = lab.worker();
    const paused = await worker.sync();
    expect(paused).toMatchObject({ success: false, decision: 'started' });
    const { requests, retries } = worker.counters;
    expect(retries).toBeLessThanOrEqual(Math.max(10, requests / 10));
    const asked = await settledCount(lab.supplier);
    // The run's end cuts off the last ones, before or after they are sent.
    expect(asked).toBeLessThanOrEqual(requests);
    expect(asked).toBeGreaterThan(requests - AT_ONCE);
    // Whichever is found out first: that nothing is served any more, or that the budget is spent.
    expect(['retry_budget', 'unavailable']).toContain((await lab.control()).lastError?.code);
    const stored = Object.keys(await lab.live()).length;
    expect(stored).toBeGreaterThan(0);
    lab.supplier.set(DETAIL, null);
    worker.clock.step(60_000);
    const resumed = await worker.sync({ force: false, resumeOnly: true });
    expect(resumed.run_id).toBe(paused.run_id);
    await expectHealed(lab);
  });
});

describe('U2 an outage in mid-run', () => {
  test.each([
    ['server errors', answers.status(500)],
    ['a maintenance page', answers.html(200)],
    ['a notice in JSON', answers.json({ detail: 'Service en maintenance' })],
  ] as const)('U2 %s for all is no record’s trouble: none is rejected', async (_, answer) => {
    const lab = await open({ products: products(1, 600), pageSize: 100 });
    lab.supplier.set(
      DETAIL,
      answer,
      Array.from({ length: 900 }, (_one, n) => n + 500),
    );
    const worker = lab.worker();
    const paused = await worker.sync();
    expect(paused).toMatchObject({ success: false, stats: { errors: 0 } });
    expect(await lab.rejects()).toEqual([]);
    lab.supplier.set(DETAIL, null);
    worker.clock.step(60_000);
    const resumed = await worker.sync({ force: false, resumeOnly: true });
    expect(resumed).toMatchObject({
      run_id: paused.run_id,
      success: true,
      stats: { created: 600, errors: 0 },
    });
    await expectLevel(lab);
  });
});

describe('U2 an outage that a paused run resumes into', () => {
  test.each([
    ['404 for everything', answers.status(404)],
    ['server errors', answers.status(500)],
    ['a maintenance page', answers.html(200)],
  ] as const)('U2 %s costs no record and no page: the run waits', async (_, answer) => {
    const lab = await open({ products: products(1, 100), pageSize: 10 });
    const before = await firstSync(lab);
    const worker = lab.worker();
    const wait = answers.status(429, { 'retry-after': '60' });
    lab.supplier.set(LAST_PAGE, wait);
    const paused = await worker.sync();
    expect((await lab.control()).lastError?.code).toBe('throttled');
    lab.supplier.set(ANY, answer);
    for (let tick = 0; tick < 3; tick += 1) {
      worker.clock.step(minutes(2));
      await expectKept(lab, before, await worker.sync({ force: false, resumeOnly: true }));
      expect((await lab.control()).run).toMatchObject({ pagesFailed: 0, stats: { removed: 0 } });
    }
    lab.supplier.set(ANY, null);
    lab.supplier.set(LAST_PAGE, null);
    worker.clock.step(minutes(2));
    const resumed = await worker.sync({ force: false, resumeOnly: true });
    expect(resumed).toMatchObject({ success: true, run_id: paused.run_id });
    expect(await lab.live()).toEqual(before);
  });
});

describe('U2 details that fail while lists are served', () => {
  test.each([
    ['404 for each', answers.status(404)],
    ['server errors', answers.status(500)],
    ['a maintenance page', answers.html(200)],
  ] as const)('U2 %s: a paused run that resumes rejects and removes nothing', async (_, answer) => {
    const lab = await open({ products: products(1, 300), pageSize: 50 });
    const before = await firstSync(lab);
    const worker = lab.worker();
    lab.supplier.set(
      DETAIL,
      answer,
      Array.from({ length: 9_000 }, (_one, n) => n + 200),
    );
    await worker.sync();
    for (let tick = 0; tick < 3; tick += 1) {
      worker.clock.step(minutes(2));
      await expectKept(lab, before, await worker.sync({ force: false, resumeOnly: true }));
      expect((await lab.control()).run).toMatchObject({ stats: { removed: 0, errors: 0 } });
    }
    expect(await lab.rejects()).toEqual([]);
    lab.supplier.set(DETAIL, null);
    worker.clock.step(minutes(2));
    expect(await worker.sync({ force: false, resumeOnly: true })).toMatchObject({ success: true });
    expect(await lab.live()).toEqual(before);
  });
});

test('U4 a resumed run goes on through a long stretch of details that are gone for good', async () => {
  const lab = await open({ products: products(1, 140), pageSize: 20 });
  lab.supplier.set(/^b2c\/products\/(?:[1-9]|[1-5]\d|60)\/$/, answers.status(404));
  lab.supplier.set('b2c/products/', answers.status(429, { 'retry-after': '60' }), [6]);
  const paused = await lab.worker().sync();
  expect((await lab.control()).lastError?.code).toBe('throttled');
  lab.supplier.set('b2c/products/', null);
  const later = lab.worker();
  later.clock.step(minutes(2));
  expect(await later.sync({ force: false, resumeOnly: true })).toMatchObject({
    run_id: paused.run_id,
    success: true,
    stats: { created: 80, errors: 60 },
  });
});

describe('U5 broken connections', () => {
  test.each([['reset', answers.reset] as const, ['cut', answers.cutOff({ id: 1 })] as const])(
    'U5 a connection that is %s now and then is tried again',
    async (_, answer) => {
      const lab = await open(PAGES);
      lab.supplier.set(ANY, answer, [1, 9, 20]);
      expect(await lab.worker().sync()).toMatchObject({ success: true, stats: { errors: 0 } });
      await expectLevel(lab);
    },
  );

  test('U5 a refused connection or an unknown name keeps the data, and the next sync is whole', async () => {
    const lab = await open(PAGES);
    const before = await firstSync(lab);
    const refused = `http://127.0.0.1:${await freePort()}/api/v1`;
    for (const baseUrl of [refused, 'http://no-such-supplier.invalid/api/v1']) {
      const worker = lab.worker({ baseUrl });
      await expectKept(lab, before, await worker.sync());
      expect(worker.counters.requests).toBe(3);
      expect((await lab.control()).lastError?.code).toBe('unavailable');
    }
    await expectHealed(lab);
  });
});

describe('U6 one deadline over headers and body', () => {
  const trickle: Answer = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 20);
    response.once('close', () => clearInterval(timer));
  };
  test.each([
    ['before headers', answers.hang],
    ['in the body', answers.hangInBody],
    ['never, but drips', trickle],
  ])('U6 a supplier that hangs %s ends at the deadline, and nothing is lost', async (_, answer) => {
    const lab = await open(PAGES);
    const before = await firstSync(lab);
    lab.supplier.set(LIST, answer);
    const startedAt = performance.now();
    await expectKept(lab, before, await lab.worker({ timeoutMs: 200 }).sync());
    expect(performance.now() - startedAt).toBeLessThan(3 * 200 + 1_500);
    lab.supplier.set(LIST, null);
    await expectHealed(lab);
  });

  test('U6 one detail that hangs costs that record alone', async () => {
    const lab = await open(PAGES);
    lab.supplier.set('b2c/products/12/', answers.hang);
    const result = await lab.worker({ timeoutMs: 200 }).sync();
    expect(result.stats).toMatchObject({ created: 29, errors: 1 });
    lab.supplier.set('b2c/products/12/', null);
    await expectHealed(lab);
  });
});

const cutAnswers: [string, Answer][] = [
  ['JSON cut by the connection', answers.cutOff({ results: products(1, 9) })],
  ['JSON cut and ended well', answers.body('{"id": 3, "name": "Pro')],
  ['gzip without its trailer', answers.cutGzip({ id: 3, name: 'Poisoned' }, 8)],
  ['gzip cut in its middle', answers.cutGzip({ id: 3, name: 'Poisoned' }, 20)],
  [
    'gzip with a wrong checksum',
    answers.body(damaged(gzipSync('{"id": 3, "name": "Poisoned"}')), {
      'content-encoding': 'gzip',
    }),
  ],
];

function damaged(bytes: Buffer): Buffer {
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 6) ^ 0xff, bytes.length - 6);
  return bytes;
}

describe('U7 truncated bodies', () => {
  test.each(cutAnswers)('U7 %s is never stored, as a list or as a detail', async (_, answer) => {
    const lab = await open(PAGES);
    const before = await firstSync(lab);
    renameAll(lab, 'Renamed');
    lab.supplier.set('b2c/products/3/', answer);
    expect((await lab.worker().sync()).stats).toMatchObject({ updated: 29, errors: 1 });
    expect((await lab.live())['3']).toEqual(before['3']);
    const between = await lab.live();
    lab.supplier.set(LIST, answer);
    await expectKept(lab, between, await lab.worker().sync());
    lab.supplier.set(LIST, null);
    lab.supplier.set('b2c/products/3/', null);
    await expectHealed(lab);
  });
});

describe('U5 answers that are no proper HTTP', () => {
  test.each(rawAnswers)('U5 %s is transient, and nothing of it is stored', async (_, answer) => {
    const lab = await open(PAGES);
    const before = await firstSync(lab);
    lab.supplier.set(LIST, answer);
    await expectKept(lab, before, await lab.worker({ timeoutMs: 300 }).sync());
    lab.supplier.set(LIST, null);
    lab.supplier.set(LIST, answer, [1]);
    expect(await lab.worker({ timeoutMs: 300 }).sync()).toMatchObject({ success: true });
    await expectLevel(lab);
  });
});
