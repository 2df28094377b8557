import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';

/** What a table was asked for: requests, and units as DynamoDB bills them. */
export interface StoreUsage {
  readonly requests: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

const capacity = z.object({
  CapacityUnits: z.number().default(0),
  ReadCapacityUnits: z.number().optional(),
  WriteCapacityUnits: z.number().optional(),
});
const answer = z.object({
  output: z
    .object({ ConsumedCapacity: z.union([capacity.transform((one) => [one]), z.array(capacity)]) })
    .partial(),
});

/** Commands whose units, where the engine does not tell them apart, are read units. */
const READING = new Set(['GetItemCommand', 'QueryCommand', 'BatchGetItemCommand', 'ScanCommand']);

/** Has the engine tell what each request of this client consumed, and adds it up.
 *  @returns what was used since the last call */
export function countUsage(client: DynamoDBClient): () => StoreUsage {
  let used = { requests: 0, readUnits: 0, writeUnits: 0 };
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (given) => {
        const input = { ...given.input, ReturnConsumedCapacity: 'TOTAL' };
        const result = await next({ ...given, input });
        const told = answer.parse(result).output.ConsumedCapacity ?? [];
        used.requests += 1;
        for (const { CapacityUnits, ReadCapacityUnits, WriteCapacityUnits } of told) {
          const isRead = READING.has(commandName);
          used.readUnits += ReadCapacityUnits ?? (isRead ? CapacityUnits : 0);
          used.writeUnits += WriteCapacityUnits ?? (isRead ? 0 : CapacityUnits);
        }
        return result;
      },
    { step: 'initialize', name: 'countUsage' },
  );
  return () => {
    const taken = used;
    used = { requests: 0, readUnits: 0, writeUnits: 0 };
    return taken;
  };
}
