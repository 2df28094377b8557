import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { deleteRows, queryRows } from '../../shared/adapters/dynamodb/rows.ts';
import { StoreUnavailableError } from '../../shared/core/errors.ts';
import { TABLE_NAME, useDynamoDB } from '../support/dynamodb-under-test.ts';
import { takingOnly } from '../support/faults.ts';
import { createInstantClock } from '../support/instant-clock.ts';
import { ENGINE_NAME, missingEngine } from '../support/test-engine.ts';

describe.skipIf(missingEngine())(`deletes that DynamoDB leaves undone, on ${ENGINE_NAME}`, () => {
  const { client } = useDynamoDB();

  async function twelveRows(pk: string) {
    for (let row = 0; row < 12; row += 1) {
      const Item = { pk: { S: pk }, sk: { S: `row-${row}` } };
      await client().send(new PutItemCommand({ TableName: TABLE_NAME, Item }));
    }
  }
  const contextOver = (raw: DynamoDBClient) => ({
    client: DynamoDBDocumentClient.from(raw),
    tableName: TABLE_NAME,
    clock: createInstantClock(),
  });

  test('are sent again until none is left', async () => {
    await twelveRows('leftovers');
    const context = contextOver(takingOnly(client(), TABLE_NAME, 4));
    await deleteRows(context, 'leftovers', 'row-');
    expect(await queryRows(contextOver(client()), 'leftovers')).toEqual([]);
  });

  test('are never called done: with rows left it is an error that says how many', async () => {
    await twelveRows('stuck');
    const deleting = deleteRows(contextOver(takingOnly(client(), TABLE_NAME, 0)), 'stuck', 'row-');
    await expect(deleting).rejects.toThrow(StoreUnavailableError);
    await expect(deleting).rejects.toThrow('12 rows');
  });
});
