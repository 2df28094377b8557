import { expect, test } from 'vitest';
import { fixedCredentials } from '../../../shared/adapters/credentials.ts';
import { createHttpSource } from '../../../shared/adapters/http-source.ts';
import { createSystemClock } from '../../../shared/adapters/system-clock.ts';
import type { UpstreamAnswer } from '../../../shared/core/watched.ts';
import { DEMO_KEY, startDemoSupplier } from '../../../local/demo-supplier/server.ts';
import { productsResource } from '../../support/http-source.ts';

test('each answer of the supplier is told, with how long it took', async () => {
  const clock = createSystemClock();
  const demo = await startDemoSupplier({ port: 0, clock, products: 5, latencyMs: 30 });
  const answers: UpstreamAnswer[] = [];
  const silent = { info: () => {}, warn: () => {}, error: () => {} };
  const source = createHttpSource(
    { baseUrl: demo.url, pageSize: 100, concurrency: 4, timeoutMs: 5000 },
    {
      credentials: fixedCredentials(DEMO_KEY),
      clock,
      log: silent,
      redact: (text) => text,
      answered: (answer) => void answers.push(answer),
    },
  );
  await source.page(productsResource, null, new AbortController().signal);
  expect(answers).toHaveLength(demo.stats().requests);
  for (const { latencyMs, isRefusal } of answers) {
    expect(latencyMs).toBeGreaterThanOrEqual(25);
    expect(isRefusal).toBe(false);
  }
  await demo.stop();
});
