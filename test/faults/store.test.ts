import { describe, expect, test } from 'vitest';
import { createClient } from '../../shared/adapters/dynamodb/client.ts';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb/reader.ts';
import { createDynamoDBStore } from '../../shared/adapters/dynamodb/store.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import { LEASE_MARGIN_MS, LEASE_MS } from '../../shared/core/decide.ts';
import { StoreUnavailableError } from '../../shared/core/errors.ts';
import { cancelled, serverFault, takingOnly, timeout } from '../support/faults.ts';
import { shop } from '../support/shop.ts';
import { products } from '../support/supplier.ts';
import { expectHealed, expectLevel, renameAll } from './expectations.ts';
import { useLaboratory, type Laboratory } from './laboratory.ts';
import { faultyClient, waitingAtChunk, wayTo, type StoreFault } from './store-faults.ts';

const PAGES = { products: products(1, 60), pageSize: 20 };
const open = useLaboratory();
const answered500 = () => Object.assign(serverFault(), { $metadata: { httpStatusCode: 500 } });
const throttled = () => serverFault('ThrottlingException');

/** Syncs with a fault at one call of one command. */
async function withFault(
  lab: Laboratory,
  at: { readonly command: string; readonly calls: readonly number[] },
  fault: StoreFault,
  where: 'operation' | 'attempt' = 'operation',
) {
  const isHere = (command: string, call: number) =>
    command === at.command && at.calls.includes(call);
  const client = faultyClient(
    lab.client(),
    ({ command, call }) => (isHere(command, call) ? fault : null),
    where,
  );
  return lab.worker({ client }).sync();
}

/** How often a whole sync calls each command that writes. */
async function writesOf(): Promise<Map<string, number>> {
  const lab = await open(PAGES);
  const calls = new Map<string, number>();
  const client = faultyClient(lab.client(), ({ command, call }) => {
    if (!/^(?:Get|Query)/.test(command)) calls.set(command, call);
    return null;
  });
  await lab.worker({ client }).sync();
  return calls;
}

describe('A1 throttling', () => {
  test('A1 every write throttled five times over is backed off, and the sync is whole', async () => {
    const lab = await open(PAGES);
    const client = faultyClient(lab.client(), ({ command, call }) =>
      command === 'TransactWriteItemsCommand' && call % 6 !== 0 ? { refuse: throttled() } : null,
    );
    expect(await lab.worker({ client }).sync()).toMatchObject({
      success: true,
      stats: { created: 60 },
    });
    await expectLevel(lab);
  });

  test('A1 writes throttled for good are no success: it is thrown, nothing claims to be done, and the next sync goes on', async () => {
    const lab = await open(PAGES);
    const client = faultyClient(lab.client(), ({ command, call }) =>
      command === 'TransactWriteItemsCommand' && call > 1 ? { refuse: throttled() } : null,
    );
    const worker = lab.worker({ client });
    await expect(worker.sync()).rejects.toBeInstanceOf(StoreUnavailableError);
    const { lastSuccessAtMs, run, liveCount } = await lab.control();
    expect([lastSuccessAtMs, run?.stats.total]).toEqual([null, liveCount]);
    expect(Object.keys(await lab.live())).toHaveLength(liveCount);
    const next = lab.worker();
    next.clock.step(LEASE_MS + LEASE_MARGIN_MS);
    expect((await next.sync()).run_id).toBe(run?.runId);
    await expectLevel(lab);
  });
});

describe('A1 unprocessed writes', () => {
  test.each([0, 1])(
    'A1 of each batch of deletes %i is done, the others are handed back: all is sent again or said to be left, and no reader sees what was',
    async (taken) => {
      const lab = await open(PAGES);
      await lab.worker().sync();
      renameAll(lab, 'Newer');
      const client = takingOnly(lab.client(), lab.tableName, taken);
      expect(await lab.worker({ client }).sync()).toMatchObject({ success: true });
      const manifests = (await lab.rows()).filter(({ pk }) => String(pk).startsWith('manifest#'));
      const isSaid = lab.logged.some((line) => line.includes('leftovers_not_deleted'));
      expect([isSaid, manifests.length > 1]).toEqual([taken === 0, taken === 0]);
      await expectLevel(lab);
      expect((await lab.worker().sync()).stats).toMatchObject({ unchanged: 60, updated: 0 });
    },
  );
});

describe('A2, A3 lost replies and cancelled transactions', () => {
  const faults: [string, () => StoreFault, 'operation' | 'attempt'][] = [
    ['A3 its reply lost', () => ({ loseReply: timeout() }), 'operation'],
    ['A3 its reply lost to the SDK', () => ({ loseReply: timeout() }), 'attempt'],
    ['A3 a 500 after it was applied', () => ({ loseReply: answered500() }), 'attempt'],
    ['A2 a conflict', () => ({ refuse: cancelled('TransactionConflict', 'None') }), 'operation'],
    ['A2 a throttle inside', () => ({ refuse: cancelled('None', 'ThrottlingError') }), 'operation'],
    ['A2 no arrival', () => ({ refuse: timeout() }), 'attempt'],
    ['A1 a slow answer', () => ({ slowMs: 300 }), 'attempt'],
  ];
  test.each(faults)(
    '%s at any write of a run: one run, every record once, a success',
    async (_, fault, where) => {
      for (const [command, count] of await writesOf()) {
        // The SDK hides nothing of what it is not asked to repeat: only transactions recover above it.
        if (where === 'operation' && command !== 'TransactWriteItemsCommand') continue;
        for (let call = 1; call <= count; call += 1) {
          const lab = await open(PAGES);
          const result = await withFault(lab, { command, calls: [call] }, fault(), where);
          const at = `${command} ${call}`;
          expect(result, `${at}: ${result.message}`).toMatchObject({ success: true });
          expect(result.stats, at).toMatchObject({ total: 60, created: 60, duplicates: 0 });
          await expectLevel(lab);
          expect((await lab.rows()).filter(({ summary }) => summary !== undefined)).toHaveLength(1);
        }
      }
    },
    60_000,
  );

  test('A2 a condition that fails on the control record fences: it stops at once and touches nothing', async () => {
    const lab = await open(PAGES);
    const thief = lab.worker();
    thief.clock.step(LEASE_MS + LEASE_MARGIN_MS);
    let after: Record<string, unknown>[] = [];
    const client = faultyClient(lab.client(), ({ command, call }) =>
      command === 'TransactWriteItemsCommand' && call === 2
        ? {
            first: async () => {
              await thief.sync();
              after = await lab.rows();
            },
          }
        : null,
    );
    const result = await lab.worker({ client }).sync();
    expect(result).toMatchObject({ success: false, decision: 'running' });
    expect(await lab.rows()).toEqual(after);
    await expectLevel(lab);
  });
});

describe('A4 DynamoDB out of reach', () => {
  const READS = [
    'products/synced/',
    'products/synced/1/',
    'categories/synced/',
    'categories/tree/',
  ];

  test.each(['silent', 'down'] as const)(
    'A4 %s in mid-run: the worker stops before its lease ends, reads answer 503 within 2 s, and both come back by themselves',
    async (state) => {
      const lab = await open(PAGES);
      const way = await wayTo(lab.endpoint);
      const writer = createClient({ endpoint: way.endpoint });
      const client = faultyClient(writer, ({ command, call }) => {
        if (command === 'TransactWriteItemsCommand' && call === 2) way.state = state;
        return null;
      });
      const startedAt = performance.now();
      const syncing = lab
        .worker({ client })
        .sync()
        .catch((error: unknown) => error);
      await expect.poll(() => way.state, { timeout: 5_000 }).toBe(state);
      const reading = shopOver(lab, way.endpoint);
      for (const path of READS) {
        let leastMs = Infinity;
        // A busy machine adds to a time and takes nothing away: the quickest of three counts.
        for (let turn = 0; turn < 3 && leastMs >= 2_000; turn += 1) {
          const askedAt = performance.now();
          const { status, headers } = await reading.get(`/api/inventory/${path}`);
          expect([path, status]).toEqual([path, 503]);
          expect(headers['retry-after']).toBeDefined();
          leastMs = Math.min(leastMs, performance.now() - askedAt);
        }
        expect(leastMs, path).toBeLessThan(2_000);
      }
      expect(await syncing).toBeInstanceOf(StoreUnavailableError);
      expect(performance.now() - startedAt).toBeLessThan(LEASE_MS - LEASE_MARGIN_MS);
      way.state = 'open';
      expect((await reading.get('/api/inventory/products/synced/')).status).toBe(200);
      const next = lab.worker();
      next.clock.step(LEASE_MS + LEASE_MARGIN_MS);
      expect(await next.sync()).toMatchObject({ success: true });
      await expectLevel(lab);
    },
    100_000,
  );
});

/** The reading functions over that way to the table. */
function shopOver({ tableName }: Laboratory, endpoint: string) {
  const clock = createSystemClock();
  const client = createClient({ endpoint, purpose: 'read' });
  const reader = createDynamoDBReader(client, tableName);
  const writer = createDynamoDBStore(client, tableName, { clock, log: { warn: () => {} } });
  return shop({}, { store: { ...writer, ...reader }, change: { clock } });
}

describe('A12 a deploy in mid-run', () => {
  test('A12 the run of another configuration is begun again, safely; the old host writes nothing more', async () => {
    const lab = await open(PAGES);
    let commits = 0;
    const client = faultyClient(lab.client(), ({ command }) => {
      commits += command === 'TransactWriteItemsCommand' ? 1 : 0;
      return null;
    });
    const old = lab.worker({ client, shouldStop: () => commits > 0 });
    expect(await old.sync()).toMatchObject({ success: false });
    const { run } = await lab.control();
    expect(run?.stats.total).toBeGreaterThan(0);
    renameAll(lab, 'After the deploy');
    const deployed = lab.worker({ configuration: 'v2' });
    const result = await deployed.sync({ force: false, resumeOnly: true });
    expect(result, result.message).toMatchObject({ success: true, stats: { total: 60 } });
    expect(result.run_id).not.toBe(run?.runId);
    await expectLevel(lab);
    const summary = (await lab.rows()).find((row) => row['summary'] !== undefined);
    expect(String(summary?.['summary'])).toContain(`Run ${run?.runId} was left unfinished`);
    await expectHealed(lab, lab.worker({ configuration: 'v2' }));
  });

  test('A12 a host still running while the new one starts is fenced', async () => {
    const lab = await open(PAGES);
    const deployed = lab.worker({
      configuration: 'v2',
      skewMs: LEASE_MS + LEASE_MARGIN_MS + 1_000,
    });
    const { client, sent, goOn } = waitingAtChunk(lab.client(), 1);
    const old = lab.worker({ client }).sync();
    await sent;
    expect(await deployed.sync()).toMatchObject({ success: true });
    goOn();
    expect(await old).toMatchObject({ success: false, decision: 'running' });
    await expectLevel(lab);
  });
});
