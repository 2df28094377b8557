import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { deleteRows, queryRows } from '../../shared/adapters/dynamodb-rows.ts';
import { StoreUnavailableError } from '../../shared/core/errors.ts';
import { TABLE_NAME, useDynamoDB } from '../support/dynamodb-under-test.ts';
import { createInstantClock } from '../support/instant-clock.ts';
import { ENGINE_NAME, missingEngine } from '../support/test-engine.ts';

const batchInput = z.object({ RequestItems: z.record(z.string(), z.array(z.unknown())) });

/** Takes only the first `taken` deletes of each batch, and hands the others back, as DynamoDB may. */
function takingOnly(client: DynamoDBClient, taken: number): DynamoDBClient {
  client.middlewareStack.add(
    (next, context) => async (call) => {
      if (context.commandName !== 'BatchWriteItemCommand') return next(call);
      const { RequestItems } = batchInput.parse(call.input);
      const asked = RequestItems[TABLE_NAME] ?? [];
      const left = asked.slice(taken);
      const input = { ...call.input, RequestItems: { [TABLE_NAME]: asked.slice(0, taken) } };
      const answer =
        taken === 0 ? { output: { $metadata: {} }, response: {} } : await next({ ...call, input });
      Object.assign(answer.output, { UnprocessedItems: { [TABLE_NAME]: left } });
      return answer;
    },
    { step: 'initialize', name: 'takingOnly' },
  );
  return client;
}

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
    const context = contextOver(takingOnly(client(), 4));
    await deleteRows(context, 'leftovers', { startsWith: 'row-' });
    expect(await queryRows(contextOver(client()), 'leftovers')).toEqual([]);
  });

  test('are never called done: with rows left it is an error that says how many', async () => {
    await twelveRows('stuck');
    const deleting = deleteRows(contextOver(takingOnly(client(), 0)), 'stuck', {
      startsWith: 'row-',
    });
    await expect(deleting).rejects.toThrow(StoreUnavailableError);
    await expect(deleting).rejects.toThrow('12 rows');
  });
});
