import { describe } from 'vitest';
import { createTable } from '../../local/create-table.ts';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb/reader.ts';
import { createDynamoDBStore } from '../../shared/adapters/dynamodb/store.ts';
import { createMemoryStore } from '../../shared/adapters/memory/store.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import { useDynamoDB } from './dynamodb-under-test.ts';
import type { Store } from './sync-bench.ts';
import { ENGINE_NAME } from './test-engine.ts';

/** The same rules in memory and on the real engine; each `open` gives an empty store. */
export function onEachStore(title: string, rules: (open: () => Promise<Store>) => void): void {
  describe(`${title} (in memory)`, () => {
    rules(async () => createMemoryStore());
  });
  describe(`${title} (on ${ENGINE_NAME})`, () => {
    const { client } = useDynamoDB();
    let opened = 0;
    rules(async () => {
      const tableName = `catalog-${(opened += 1)}`;
      await createTable(client(), tableName);
      const parts = { clock: createSystemClock(), log: { warn: () => {} } };
      const writer = createDynamoDBStore(client(), tableName, parts);
      return { ...createDynamoDBReader(client('read'), tableName), ...writer };
    });
  });
}
