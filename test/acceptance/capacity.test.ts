import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { createTable } from '../../local/create-table.ts';
import { createDynamoDBStore } from '../../shared/adapters/dynamodb/store.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import type { JsonObject } from '../../shared/core/json.ts';
import { products } from '../../shared/resources/products.ts';
import { countedUnits } from '../support/counted-units.ts';
import { useDynamoDB } from '../support/dynamodb-under-test.ts';
import { fakeSource } from '../support/fake-source.ts';
import { forcedSync, silent as log } from '../support/forced-sync.ts';
import { aProduct } from '../support/supplier-records.ts';

const RECORDS = 10_000;
const TABLE = 'counted';
const REF = { source: 'main', resource: 'products' };
const ids = Array.from({ length: RECORDS }, (_, index) => RECORDS - index);

const { client } = useDynamoDB();

test('10,000 products: a sync without changes writes no record and costs at most 1 % of the capacity units of writing each once, one with 5 % changed at most 12 %', async () => {
  const counting = client();
  await createTable(counting, TABLE);
  const counted = countedUnits(counting);
  const clock = createSystemClock();
  const store = createDynamoDBStore(counting, TABLE, { clock, log });
  const sync = async (change: (id: number) => JsonObject) => {
    const rows = ids.map((id) => aProduct(id, change(id)));
    const source = fakeSource(rows, 100);
    for (const [position, id] of ids.entries()) source.details.set(`${id}`, rows[position] ?? null);
    counted.reset();
    const { stats } = await forcedSync({ resource: products, source, store, clock });
    return { stats, units: counted.reset() };
  };
  expect((await sync(() => ({}))).stats).toMatchObject({ created: RECORDS });
  const unchanged = await sync(() => ({}));
  const someChanged = await sync((id) => (id % 20 === 0 ? { selling_price: '1.00' } : {}));
  let plainUnits = 0;
  const plain = DynamoDBDocumentClient.from(counting);
  for await (const records of store.liveRecords(REF)) {
    counted.reset();
    for (let at = 0; at < records.length; at += 25) {
      const puts = records.slice(at, at + 25).map(({ id: sk, body, syncedAt }) => {
        const Item = { pk: 'plain', sk, body: JSON.stringify(body), synced_at: syncedAt };
        return { PutRequest: { Item } };
      });
      await plain.send(new BatchWriteCommand({ RequestItems: { [TABLE]: puts } }));
    }
    plainUnits += counted.reset();
  }
  expect(unchanged.stats).toMatchObject({ unchanged: RECORDS, created: 0, updated: 0 });
  expect(someChanged.stats).toMatchObject({ updated: RECORDS / 20, created: 0 });
  expect(unchanged.units / plainUnits).toBeLessThanOrEqual(0.01);
  expect(someChanged.units / plainUnits).toBeLessThanOrEqual(0.12);
}, 180_000);
