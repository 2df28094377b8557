import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { WorkerStarter } from '../core/ports.ts';

/** One attempt, milliseconds: another read tries again, so this one gives up early. */
const limits = { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true };

/**
 * Starts the worker function asynchronously: Lambda queues the event and answers 202 at once. The
 * client is made at the first start, since most reads start nothing.
 */
export function createLambdaStarter(functionName: string): WorkerStarter {
  let client: LambdaClient | undefined;
  return {
    start: async (request) => {
      client ??= new LambdaClient({ maxAttempts: 1, requestHandler: limits });
      const command = new InvokeCommand({
        FunctionName: functionName,
        InvocationType: 'Event',
        Payload: JSON.stringify(request),
      });
      await client.send(command);
    },
  };
}
