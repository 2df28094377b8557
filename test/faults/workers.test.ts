import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { secretCredentials } from '../../shared/adapters/credentials.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import { LEASE_MARGIN_MS, LEASE_MS } from '../../shared/core/decide.ts';
import { hours, minutes } from '../../shared/core/resource.ts';
import { startProgram } from '../support/child.ts';
import { listening } from '../support/listening.ts';
import { products } from '../support/supplier.ts';
import type { ChildOrder } from './child-worker.ts';
import { expectHealed, expectLevel, firstSync, renameAll } from './expectations.ts';
import { useLaboratory, type Laboratory } from './laboratory.ts';
import { atChunk, waitingAtChunk } from './store-faults.ts';

const PAGES = { products: products(1, 60), pageSize: 20 };
const LEASE_OVER_MS = LEASE_MS + LEASE_MARGIN_MS + 1_000;
const SKEW_MS = minutes(5);
const open = useLaboratory();

/** A worker in a process of its own, struck by a signal at that call. */
async function struckChild(
  { endpoint, tableName, supplier: { url, key } }: Laboratory,
  at: ChildOrder['at'],
) {
  const order: ChildOrder = { endpoint, tableName, supplier: { url, key }, at };
  const child = startProgram(['test/faults/child-worker.ts', JSON.stringify(order)], {});
  await child.until('struck');
  return child;
}

const stateOf = (pid = 0): string => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2)[0] ?? '';
};

describe('A5 killed at any point', () => {
  /** Two chunks of records, and the run's end. */
  const TWO_CHUNKS = { products: products(1, 50), pageSize: 20 };
  test.each([
    ['UpdateItemCommand', 1, 'before', 0],
    ['UpdateItemCommand', 1, 'after', 0],
    ['TransactWriteItemsCommand', 1, 'before', 0],
    ['TransactWriteItemsCommand', 1, 'after', 1],
    ['TransactWriteItemsCommand', 2, 'before', 1],
    ['TransactWriteItemsCommand', 2, 'after', 2],
    ['PutItemCommand', 1, 'before', 2],
    ['PutItemCommand', 1, 'after', 2],
    ['TransactWriteItemsCommand', 3, 'before', 2],
    ['TransactWriteItemsCommand', 3, 'after', 3],
  ] as const)(
    'A5 SIGKILL at %s %i, %s it: the next worker goes on from the last chunk, with nothing lost and little asked twice',
    async (command, call, when, chunks) => {
      const lab = await open(TWO_CHUNKS);
      const child = await struckChild(lab, { command, call, when, signal: 'SIGKILL' });
      expect(await child.ended).toBe('SIGKILL');
      const { run, lastSuccessAtMs } = await lab.control();
      expect(lastSuccessAtMs === null).toBe(chunks < 3);
      const next = lab.worker();
      next.clock.step(LEASE_OVER_MS);
      const result = await next.sync();
      expect(result, result.message).toMatchObject({ success: true });
      expect(result.run_id === run?.runId).toBe(run !== null);
      // Pages and details once; what a kill loses is one chunk and the pages around it.
      const asked = lab.supplier.count();
      expect(asked).toBeLessThanOrEqual((chunks === 3 ? 2 : 1) * 53 + 90 + 2);
      await expectLevel(lab);
      expect((await lab.worker().sync()).stats).toMatchObject({ unchanged: 50, updated: 0 });
    },
  );
});

describe('A7 events that come twice, late or out of order', () => {
  test('A7 each is judged when it arrives, by the worker’s own acquire: one run an interval', async () => {
    const lab = await open(PAGES);
    const worker = lab.worker();
    const scheduled = { resource: 'products', trigger: 'schedule' };
    const resume = { resource: 'products', resume_only: true, trigger: 'schedule' };
    const decisions: string[] = [];
    const send = async (event: unknown) => decisions.push((await worker.send(event)).decision);
    for (const event of [resume, scheduled, scheduled, resume, scheduled]) await send(event);
    worker.clock.step(hours(1));
    for (const event of [scheduled, resume]) await send(event);
    worker.clock.step(hours(1));
    for (const event of [resume, scheduled, scheduled]) await send(event);
    expect(decisions).toEqual([
      'fresh',
      'started',
      'fresh',
      'fresh',
      'fresh',
      'fresh',
      'fresh',
      'fresh',
      'started',
      'fresh',
    ]);
    expect(lab.supplier.count('b2c/products/')).toBe(2 * 3);
    await expectLevel(lab);
  });
});

describe('A8 many triggers at once', () => {
  test('A8 500 at once: exactly one run', async () => {
    const lab = await open({ ...PAGES, latencyMs: 20 });
    // All at once take longer on a busy machine than a worker waits for one answer.
    const patient = {
      endpoint: lab.endpoint,
      region: 'local',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      requestHandler: { requestTimeout: 60_000 },
    };
    const workers = Array.from({ length: 10 }, () =>
      lab.worker({ client: new DynamoDBClient(patient) }),
    );
    const event = (n: number) => ({ resource: 'products', force: n % 5 === 0 });
    const sent = await Promise.all(
      Array.from({ length: 50 }, (_, n) => workers.map((worker) => worker.send(event(n)))).flat(),
    );
    const decisions = Map.groupBy(sent, ({ decision }) => decision);
    expect(decisions.get('started')).toHaveLength(1);
    expect(decisions.get('running')).toHaveLength(499);
    expect(lab.supplier.count()).toBe(3 + 60);
    expect((await lab.control()).fence).toBe(1);
    await expectLevel(lab);
  });
});

describe('A9 a holder paused past its lease', () => {
  test.each([
    ['TransactWriteItemsCommand', 1],
    ['TransactWriteItemsCommand', 2],
    ['TransactWriteItemsCommand', 3],
    ['PutItemCommand', 1],
  ])(
    'A9 SIGSTOP before %s %i and SIGCONT after another took over: every later write is refused, and status does not hear of it',
    async (command, call) => {
      const lab = await open(PAGES);
      const zombie = await struckChild(lab, { command, call, when: 'before', signal: 'SIGSTOP' });
      await expect.poll(() => stateOf(zombie.process.pid)).toBe('T');
      renameAll(lab, 'Newer');
      const heir = lab.worker({ skewMs: LEASE_OVER_MS });
      // What the paused one had stored is of the same run; the heir goes on with it, then begins anew.
      expect(await heir.sync()).toMatchObject({ success: true });
      expect(await heir.sync()).toMatchObject({ success: true });
      const before = await lab.rows();
      zombie.process.kill('SIGCONT');
      expect(await zombie.ended).toBe(0);
      const last = zombie.output().trim().split('\n').at(-1) ?? '';
      expect(JSON.parse(last)).toMatchObject({ success: false, decision: 'running' });
      // A manifest's or a published base is written beforehand, under its writer's own fence: without a
      // finish that names it nobody reads it.
      const bases = (row: Record<string, unknown>) => !('missing' in row || 'found' in row);
      expect((await lab.rows()).filter(bases)).toEqual(before.filter(bases));
      await expectLevel(lab);
      await expectHealed(lab, heir);
    },
  );
});

describe('A10 clocks that disagree', () => {
  test.each([SKEW_MS, -SKEW_MS])(
    'A10 two workers %i ms apart take turns for a day: one run an interval, late by the skew at most',
    async (skewMs) => {
      const lab = await open({ products: products(1, 5) });
      const workers = [lab.worker(), lab.worker({ skewMs })];
      const startedAtMinutes: number[] = [];
      for (let minute = 0; minute < 24 * 60; minute += 5) {
        for (const worker of workers) {
          const { decision } = await worker.sync({ force: false });
          if (decision === 'started') startedAtMinutes.push(minute);
          worker.clock.step(minutes(5));
        }
      }
      const gaps = startedAtMinutes.slice(1).map((at, n) => at - (startedAtMinutes[n] ?? 0));
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(120 - 5 - 5);
      expect(Math.max(...gaps)).toBeLessThanOrEqual(120 + 5);
      await expectLevel(lab);
    },
  );

  test.each([SKEW_MS, -SKEW_MS])(
    'A10 a reader whose clock is %i ms off: asks for a sync earlier or later by the skew at most, and the worker decides by its own',
    async (skewMs) => {
      const lab = await open(PAGES);
      await firstSync(lab);
      const worker = lab.worker();
      lab.readingClock.step(skewMs);
      let askedAtMinutes = 0;
      const decisions: string[] = [];
      while (decisions.at(-1) !== 'started') {
        for (const clock of [lab.readingClock, worker.clock]) clock.pass(minutes(1));
        askedAtMinutes += 1;
        const asked = lab.starts.length;
        expect((await lab.get('/api/inventory/products/synced/')).status).toBe(200);
        if (lab.starts.length === asked) continue;
        decisions.push((await worker.sync({ force: false, trigger: 'read' })).decision);
      }
      expect(Math.abs(askedAtMinutes - 115)).toBeLessThanOrEqual(6);
      expect(new Set(decisions)).toEqual(new Set(skewMs > 0 ? ['fresh', 'started'] : ['started']));
      await expectLevel(lab);
    },
  );

  test('A10 a worker whose clock is 5 minutes ahead takes a lease over: the other is fenced, nothing is lost', async () => {
    const lab = await open(PAGES);
    const { client, sent, goOn } = waitingAtChunk(lab.client(), 2);
    const running = lab.worker({ client }).sync();
    await sent;
    renameAll(lab, 'Newer');
    const ahead = lab.worker({ skewMs: SKEW_MS });
    expect(await lab.worker({ skewMs: -SKEW_MS }).sync()).toMatchObject({ decision: 'running' });
    expect(await ahead.sync()).toMatchObject({ success: true });
    goOn();
    expect(await running).toMatchObject({ success: false, decision: 'running' });
    expect(await ahead.sync()).toMatchObject({ success: true });
    await expectLevel(lab);
  });

  test('A10 a clock that steps back in mid-run: the run ends well, and no stamp goes back', async () => {
    const lab = await open(PAGES);
    await firstSync(lab);
    const { lastSuccessAtMs } = await lab.control();
    renameAll(lab, 'Newer');
    let asked = 0;
    const worker = lab.worker({
      shouldStop: () => {
        if ((asked += 1) === 10) worker.clock.step(-SKEW_MS);
        return false;
      },
    });
    expect(await worker.sync()).toMatchObject({ success: true, stats: { updated: 60 } });
    expect(worker.clock.nowMs()).toBeLessThan(createSystemClock().nowMs() - SKEW_MS / 2);
    expect((await lab.control()).lastSuccessAtMs).toBeGreaterThanOrEqual(lastSuccessAtMs ?? 0);
    await expectLevel(lab);
  });
});

describe('A11 the secret', () => {
  /** A Secrets Manager on loopback; null has no such secret. */
  async function secretsManager(first: string | null) {
    const secret = { text: first, reads: 0 };
    const server = createServer((request, response) => {
      secret.reads += 1;
      request.resume();
      const missing = { __type: 'ResourceNotFoundException', message: 'no secret' };
      const found = { SecretString: secret.text, ARN: 'arn', Name: 'key' };
      response.writeHead(secret.text === null ? 400 : 200, {
        'content-type': 'application/x-amz-json-1.1',
      });
      response.end(JSON.stringify(secret.text === null ? missing : found));
    });
    const endpoint = `http://127.0.0.1:${await listening(server)}`;
    onTestFinished(() => void server.close());
    const credentials = (remember: (key: string) => void) =>
      secretCredentials('arn:aws:secretsmanager:local:1:secret:key', {
        clock: createSystemClock(),
        remember,
        createClient: () =>
          new SecretsManagerClient({
            endpoint,
            region: 'local',
            credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
          }),
      });
    return { secret, credentials };
  }

  test.each([
    ['missing', null],
    ['empty', ''],
    ['malformed', '{"password": "x"}'],
    ['of two lines', 'sk-one\nsk-two'],
    ['wrong', 'sk-test-of-somebody-else'],
  ])(
    'A11 %s: reads and status work, nothing is lost, and it goes on by itself once it is right',
    async (_, text) => {
      const lab = await open(PAGES);
      const before = await firstSync(lab);
      const { secret, credentials } = await secretsManager(text);
      const worker = lab.worker({ credentials });
      const result = await worker.sync();
      expect(result).toMatchObject({ success: false, decision: 'no_credential' });
      expect(lab.logged.join('\n')).not.toContain(text || lab.supplier.key);
      const list = await lab.get('/api/inventory/products/synced/');
      expect([list.status, list.results.length]).toEqual([200, 60]);
      const status = await lab.get('/inventory/api/status/');
      expect([status.status, await lab.live()]).toEqual([200, before]);
      expect(status.json['products']).toMatchObject({ state: 'no_credential' });
      secret.text = JSON.stringify({ apiKey: lab.supplier.key });
      await expectHealed(lab, worker);
    },
  );

  test('A11 rotated in mid-run: it is read again, once, and the run goes on without a pause', async () => {
    const lab = await open({ products: products(1, 120) });
    const { secret, credentials } = await secretsManager(lab.supplier.key);
    const client = atChunk(lab.client(), 1, () => {
      lab.supplier.key = secret.text = 'sk-test-the-next-key-0123456789';
    });
    const result = await lab.worker({ credentials, client }).sync();
    expect(result).toMatchObject({ success: true, stats: { created: 120, errors: 0 } });
    expect(secret.reads).toBe(2);
    await expectLevel(lab);
  });

  test('A11 rotated at the supplier first: the run pauses with what it has, and resumes without a deploy', async () => {
    const lab = await open({ products: products(1, 200), pageSize: 50 });
    const { secret, credentials } = await secretsManager(lab.supplier.key);
    const client = atChunk(lab.client(), 1, () => {
      lab.supplier.key = 'sk-test-the-next-key-0123456789';
    });
    const worker = lab.worker({ credentials, client });
    const paused = await worker.sync();
    expect(paused.success).toBe(false);
    expect(Object.keys(await lab.live()).length).toBeGreaterThan(0);
    secret.text = lab.supplier.key;
    worker.clock.step(minutes(1));
    const resumed = await worker.sync({ force: false, resumeOnly: true });
    expect(resumed).toMatchObject({ success: true, run_id: paused.run_id });
    await expectLevel(lab);
  });
});
