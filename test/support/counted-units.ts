import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';

const units = z.object({ CapacityUnits: z.number() });
const answered = z.object({
  ConsumedCapacity: z.union([units.transform((one) => [one]), z.array(units)]).default([]),
});

/** Adds up what the store itself says that it consumed; `reset` answers it and begins anew. */
export function countedUnits(client: DynamoDBClient): { readonly reset: () => number } {
  let sum = 0;
  client.middlewareStack.add(
    (next) => async (call) => {
      Object.assign(call.input, { ReturnConsumedCapacity: 'TOTAL' });
      const answer = await next(call);
      const { ConsumedCapacity } = answered.parse(answer.output);
      for (const { CapacityUnits } of ConsumedCapacity) sum += CapacityUnits;
      return answer;
    },
    { step: 'initialize', name: 'countedUnits' },
  );
  const reset = (): number => {
    const counted = sum;
    sum = 0;
    return counted;
  };
  return { reset };
}
