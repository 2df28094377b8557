import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { fixedCredentials } from '../../../../shared/adapters/credentials.ts';
import { createHttpSource } from '../../../../shared/adapters/http/source.ts';
import { createSystemClock } from '../../../../shared/adapters/system-clock.ts';
import { latencyMsAt, NO_HEALTH } from '../../../../shared/core/health.ts';
import type { UpstreamAnswer } from '../../../../shared/core/watched.ts';
import { DEMO_KEY, startDemoSupplier } from '../../../../local/demo-supplier/server.ts';
import { productsResource } from '../../../support/http-source.ts';
import { listening } from '../../../support/listening.ts';
import { silent } from '../../../support/forced-sync.ts';

test('each answer of the supplier is told, with how long it took', async () => {
  const clock = createSystemClock();
  const demo = await startDemoSupplier({ port: 0, clock, products: 5, latencyMs: 30 });
  const answers: UpstreamAnswer[] = [];
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

test('the health of a source: refusals, overload and errors apart, and the latency of answers', async () => {
  const replies = [200, 404, 429, 503, 500, 401];
  let asked = 0;
  const server = createServer((_request, response) => {
    response.writeHead(replies[asked] ?? 200, { 'content-type': 'application/json' });
    asked += 1;
    setTimeout(() => response.end('{"id":1}'), 40);
  });
  const url = `http://127.0.0.1:${await listening(server)}`;
  const clock = { ...createSystemClock(), sleep: async () => {} };
  const source = createHttpSource(
    { baseUrl: url, pageSize: 100, concurrency: 1, timeoutMs: 5000 },
    {
      credentials: fixedCredentials(DEMO_KEY),
      clock,
      log: silent,
      redact: (text) => text,
    },
  );
  const ask = () =>
    source.detail(productsResource, '1', new AbortController().signal).catch(() => null);
  // 200; 404; 429, 503 and 500 for one that is given up; 401 for the last, which tries the key again.
  for (let request = 0; request < 4; request += 1) await ask();
  expect(source.health).toMatchObject({ refused: 1, overloaded: 2, failed: 1 });
  expect(source.health?.requests).toBe(asked);
  const median = latencyMsAt(source.health ?? NO_HEALTH, 0.5) ?? 0;
  expect(median).toBeGreaterThan(34);
  expect(median).toBeLessThan(400);
  server.close();
});
