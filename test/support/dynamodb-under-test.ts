import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { createTable } from '../../local/create-table.ts';
import { createClient } from '../../shared/adapters/dynamodb/client.ts';
import { createDynamoDBStore } from '../../shared/adapters/dynamodb/store.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import type { Clock } from '../../shared/core/ports.ts';
import { startTestEngine } from './test-engine.ts';

export const TABLE_NAME = 'catalog';

/** An engine with an empty table for the tests of one file. */
export function useDynamoDB() {
  const opened: { endpoint: string; close: () => Promise<void> }[] = [];
  beforeAll(async () => {
    const engine = await startTestEngine();
    const client = createClient({ endpoint: engine.endpoint });
    await createTable(client, TABLE_NAME);
    client.destroy();
    opened.push({ endpoint: engine.endpoint, close: () => engine.stop() });
  });
  afterAll(() => opened[0]?.close());
  const client = (purpose?: 'read' | 'write'): DynamoDBClient =>
    createClient({ endpoint: opened[0]?.endpoint, ...(purpose && { purpose }) });
  const endpoint = (): string => opened[0]?.endpoint ?? '';
  return { client, endpoint };
}

/** The writing store over a client, which may have faults built in. */
export const storeOver = (client: DynamoDBClient, clock: Clock = createSystemClock()) =>
  createDynamoDBStore(client, TABLE_NAME, { clock, log: { warn: () => {} } });
