import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { freePort } from '../../local/free-port.ts';
import { createClient } from '../../shared/adapters/dynamodb/client.ts';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb/reader.ts';
import { NEW_CONTROL } from '../../shared/core/control.ts';
import { StoreUnavailableError } from '../../shared/core/errors.ts';
import { newCatalog, NOW_MS } from './catalog-fixture.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
});

/** A server that takes connections and never answers. */
async function silentEndpoint(): Promise<string> {
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

describe('a store that can’t be reached', () => {
  test.each([
    ['refuses connections', async () => `http://127.0.0.1:${await freePort()}`],
    ['never answers', silentEndpoint],
  ])('fails every read within 2 s when it %s', async (_, endpoint) => {
    const client = createClient({ endpoint: await endpoint(), purpose: 'read' });
    const reader = createDynamoDBReader(client, 'catalog');
    const ref = newCatalog();
    const reads = [
      () => reader.control(ref),
      () => reader.record(ref, '1'),
      () => reader.snapshot(ref, NEW_CONTROL),
      () => reader.runs(ref, 1),
      () => reader.rejects(ref, 1),
      () => reader.recent(ref),
      () => reader.claimTrigger(ref, NOW_MS, NOW_MS),
    ];
    // A timer of this process, which a busy machine holds up as it does the reads.
    const isLate = sleep(2_000, [], { ref: false });
    const failures = await Promise.race([Promise.allSettled(reads.map((read) => read())), isLate]);
    expect(failures).toHaveLength(reads.length);
    for (const failure of failures) {
      const error: unknown = failure.status === 'rejected' ? failure.reason : null;
      expect(error).toBeInstanceOf(StoreUnavailableError);
      expect(error).toHaveProperty('cause', expect.any(Error));
    }
  });
});
