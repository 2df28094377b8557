import { createServer } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { storedSecret } from '../../../shared/adapters/stored-secret.ts';
import { createInstantClock } from '../../support/instant-clock.ts';
import { stubAwsService } from '../../support/aws-service.ts';
import { listening } from '../../support/listening.ts';

const MINUTES = 60_000;

/** A secret that has another text at each read. */
async function countedSecret(clock = createInstantClock()) {
  let reads = 0;
  const server = createServer((_request, response) => {
    reads += 1;
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify({ SecretString: `read ${reads}` }));
  });
  const port = await listening(server);
  stubAwsService('SECRETS_MANAGER', `http://127.0.0.1:${port}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    server.close().closeAllConnections();
  });
  return { clock, secret: storedSecret('session-secret', { clock }) };
}

test('a stored secret is read when first asked for, and again after 5 minutes', async () => {
  const { clock, secret } = await countedSecret();
  expect(await secret()).toBe('read 1');
  await clock.sleep(5 * MINUTES - 1);
  expect(await secret()).toBe('read 1');
  await clock.sleep(1);
  expect(await secret()).toBe('read 2');
});

test('it is read again after 5 minutes also where the monotonic clock stood still', async () => {
  const stopped = { ...createInstantClock(), monotonicMs: () => 0 };
  const { clock, secret } = await countedSecret(stopped);
  await secret();
  await clock.sleep(5 * MINUTES);
  expect(await secret()).toBe('read 2');
});
