import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { startDemoSupplier } from '../../local/demo-supplier/server.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import { localService, localSettings } from '../support/local-service.ts';

const listAnswer = z.object({
  count: z.number(),
  results: z.array(z.object({ id: z.number() })),
  sync: z.object({ decision: z.string(), stale: z.boolean() }),
});
const resourceStatus = z.object({
  state: z.string(),
  total: z.number(),
  problem: z.object({ code: z.string(), message: z.string() }).nullable(),
  held: z.object({ count: z.number() }).nullable(),
  last_run: z.object({ outcome: z.string() }).nullable(),
});
const statusAnswer = z.object({ products: resourceStatus, categories: resourceStatus });
const workerAnswer = z.object({ success: z.boolean(), decision: z.string(), message: z.string() });

const PRODUCTS = 300;

/** The whole service over a supplier that can be made to misbehave, synced once. */
async function syncedService() {
  const clock = createSystemClock();
  const supplier = await startDemoSupplier({ port: 0, clock, products: PRODUCTS });
  onTestFinished(() => supplier.stop());
  const run = await localService(await localSettings(supplier));
  const force = async (resource: string) =>
    workerAnswer.parse(await run.worker.invoke({ resource, force: true }));
  const get = async (path: string): Promise<unknown> => (await fetch(`${run.url}${path}`)).json();
  const products = async () =>
    listAnswer.parse(await get('/api/inventory/products/synced/?availability=all'));
  const status = async () => statusAnswer.parse(await get('/inventory/api/status/'));
  expect(await force('products')).toMatchObject({ success: true });
  expect(await force('categories')).toMatchObject({ success: true });
  return { supplier, run, force, products, status };
}

test.each([
  ['an HTML page with 200', 'html', 'invalid', 'failing', 'failed'],
  ['an empty list', 'empty', 'held', 'held', 'held'],
  ['half its catalogue', 'half', 'held', 'held', 'held'],
] as const)(
  'a supplier that answers %s: nothing disappears, it is no success, and status says why',
  async (_title, mode, code, state, outcome) => {
    const { supplier, force, products, status } = await syncedService();
    supplier.setFaults(mode);
    for (const resource of ['products', 'categories']) {
      expect(await force(resource)).toMatchObject({ success: false, decision: 'started' });
    }
    expect((await products()).count).toBe(PRODUCTS);
    for (const shown of Object.values(await status())) {
      expect(shown).toMatchObject({ state, problem: { code }, last_run: { outcome } });
      expect(shown.problem?.message).toMatch(/\. .*\./); // what it means, and what happens or to do
    }
  },
);

test('a wrong key: status says that the supplier refused it, and the data keeps being served', async () => {
  const { supplier, force, products, status } = await syncedService();
  supplier.setFaults('refuse');
  const answer = await force('products');
  expect(answer).toMatchObject({ success: false, decision: 'no_credential' });
  expect((await status()).products).toMatchObject({
    state: 'no_credential',
    problem: { code: 'key_refused', message: expect.stringContaining('refuses the API key') },
  });
  expect((await products()).count).toBe(PRODUCTS);
});

test('200 reads at once on a due catalogue: 200 answers, one run', async () => {
  const clock = createSystemClock();
  const supplier = await startDemoSupplier({ port: 0, clock, products: 40, latencyMs: 20 });
  onTestFinished(() => supplier.stop());
  const run = await localService(await localSettings(supplier));
  const answers = await Promise.all(
    Array.from({ length: 200 }, async () => fetch(`${run.url}/api/inventory/products/synced/`)),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 200 }, () => 200));
  const decisions = await Promise.all(
    answers.map(async (answer) => listAnswer.parse(await answer.json()).sync.decision),
  );
  // Who started it is told `running`, too, when that took longer than an answer may be delayed.
  expect(decisions.filter((decision) => decision !== 'started' && decision !== 'running')).toEqual(
    [],
  );
  expect(decisions.filter((decision) => decision === 'started').length).toBeLessThanOrEqual(1);
  await expect
    .poll(async () => (await fetch(`${run.url}/inventory/api/status/`)).text())
    .toContain('"fresh"');
  // One list and one detail each: no second run was behind it.
  expect(supplier.stats().byCall).toMatchObject({ product_list: 1, product_detail: 40 });
});

test('a supplier that hangs delays no read', async () => {
  const { supplier, run, products } = await syncedService();
  const time = async () => {
    const startedAt = performance.now();
    expect((await products()).count).toBe(PRODUCTS);
    return performance.now() - startedAt;
  };
  const median = (values: readonly number[]) =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const healthy: number[] = [];
  const hanging: number[] = [];
  for (let read = 0; read < 15; read += 1) healthy.push(await time());
  supplier.setFaults('hang');
  const hung = run.worker.invoke({ resource: 'products', force: true });
  for (let read = 0; read < 15; read += 1) hanging.push(await time());
  expect(median(hanging)).toBeLessThan(Math.max(3 * median(healthy), median(healthy) + 50));
  supplier.setFaults('none');
  await hung;
});
