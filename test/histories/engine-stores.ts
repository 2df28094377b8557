import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTable } from '../../local/create-table.ts';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb/reader.ts';
import { createDynamoDBStore } from '../../shared/adapters/dynamodb/store.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import { busyStore, type BusyStore } from './busy-store.ts';

/** Makes stores on the real engine, each with an empty table of its own. */
export function engineStores(client: DynamoDBClient): () => Promise<BusyStore> {
  let made = 0;
  return async () => {
    const tableName = `history-${(made += 1)}`;
    await createTable(client, tableName);
    const clock = createSystemClock();
    const store = createDynamoDBStore(client, tableName, { clock, log: { warn: () => {} } });
    return busyStore({ ...createDynamoDBReader(client, tableName), ...store });
  };
}
