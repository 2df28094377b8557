import { DynamoDBServiceException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';

/** What happens to one call, by its number: nothing, refused before it arrives, or its answer lost. */
export type Fault =
  | { readonly refuse: Error }
  /** It is applied; its caller hears this instead. */
  | { readonly loseReply: Error }
  | null;

export interface SentCall {
  readonly command: string;
  readonly input: unknown;
}

/** Plans a fault for each call of one command; returns what was sent, faults included. */
export function plannedFaults(
  client: DynamoDBClient,
  command: string,
  faults: readonly Fault[],
): readonly SentCall[] {
  const sent: SentCall[] = [];
  const left = [...faults];
  client.middlewareStack.add(
    (next, context) => async (call) => {
      if (context.commandName !== command) return next(call);
      sent.push({ command, input: call.input });
      const fault = left.shift() ?? null;
      if (fault !== null && 'refuse' in fault) throw fault.refuse;
      const answer = await next(call);
      if (fault !== null) throw fault.loseReply;
      return answer;
    },
    { step: 'initialize', name: 'plannedFaults' },
  );
  return sent;
}

/** A transaction cancelled for these reasons, in the order of its actions. */
export const cancelled = (...reasons: readonly string[]) =>
  new TransactionCanceledException({
    message: `Transaction cancelled [${reasons.join(', ')}]`,
    $metadata: {},
    CancellationReasons: reasons.map((Code) => ({ Code })),
  });

export const serverFault = (name = 'InternalServerError') =>
  new DynamoDBServiceException({ name, $fault: 'server', $metadata: {}, message: name });

export const clientFault = (name: string) =>
  new DynamoDBServiceException({ name, $fault: 'client', $metadata: {}, message: name });

export function timeout(): Error {
  const error = new Error('the request took too long');
  error.name = 'TimeoutError';
  return error;
}

const batchInput = z.object({ RequestItems: z.record(z.string(), z.array(z.unknown())) });

/** Takes only the first `taken` deletes of each batch, and hands the others back, as DynamoDB may. */
export function takingOnly(
  client: DynamoDBClient,
  tableName: string,
  taken: number,
): DynamoDBClient {
  client.middlewareStack.add(
    (next, context) => async (call) => {
      if (context.commandName !== 'BatchWriteItemCommand') return next(call);
      const { RequestItems } = batchInput.parse(call.input);
      const asked = RequestItems[tableName] ?? [];
      const left = asked.slice(taken);
      const input = { ...call.input, RequestItems: { [tableName]: asked.slice(0, taken) } };
      const answer =
        taken === 0 ? { output: { $metadata: {} }, response: {} } : await next({ ...call, input });
      Object.assign(answer.output, { UnprocessedItems: { [tableName]: left } });
      return answer;
    },
    { step: 'initialize', name: 'takingOnly' },
  );
  return client;
}
