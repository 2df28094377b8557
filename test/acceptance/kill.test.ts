import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { startDemoSupplier } from '../../local/demo-supplier/server.ts';
import { LIMITS } from '../../shared/core/limits.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import { startProgram } from '../support/child.ts';
import { localSettings } from '../support/local-service.ts';

const PRODUCTS = 5000;
const KILLS = 3;
/** The most that one transaction holds; what a kill loses is no more. */
const CHUNK = 90;

const summary = z.object({
  products: z.object({
    success: z.boolean(),
    stats: z.object({
      total: z.number(),
      created: z.number(),
      updated: z.number(),
      unchanged: z.number(),
    }),
  }),
});

test('killed three times in the middle of 5,000 products: the next start resumes, nothing is lost, little is fetched twice', async () => {
  const supplier = await startDemoSupplier({
    port: 0,
    clock: createSystemClock(),
    products: PRODUCTS,
    latencyMs: 10,
  });
  onTestFinished(() => supplier.stop());
  const environment = await localSettings(supplier);
  const requests = () => supplier.stats().requests;
  const sync = (...flags: string[]) =>
    startProgram(['cli/main.ts', 'products', ...flags], environment);

  for (let kill = 1; kill <= KILLS; kill += 1) {
    const before = requests();
    const victim = sync();
    while (requests() < before + 800) await delay(5);
    victim.process.kill('SIGKILL');
    expect(await victim.ended).toBe('SIGKILL');
  }
  const last = sync('--json');
  expect(await last.ended).toBe(0);
  const { products } = summary.parse(JSON.parse(jsonOf(last.output())));
  expect(products).toMatchObject({ success: true, stats: { total: PRODUCTS, created: PRODUCTS } });

  const pages = PRODUCTS / 100;
  // A kill loses a chunk at the most; the page it was in, and the one read ahead, are read again.
  expect(requests()).toBeLessThanOrEqual(pages + PRODUCTS + KILLS * (CHUNK + 2));
  // One chunk being written, one being filled, and the window.
  expect(2 * LIMITS.chunkWrites + LIMITS.windowSlack + 32).toBeLessThanOrEqual(CHUNK);

  const again = sync('--json');
  expect(await again.ended).toBe(0);
  const unchanged = summary.parse(JSON.parse(jsonOf(again.output()))).products.stats;
  expect(unchanged).toMatchObject({ created: 0, updated: 0, unchanged: PRODUCTS });
}, 120_000);

/** The answer without the progress lines before it. */
const jsonOf = (output: string) => output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1);
