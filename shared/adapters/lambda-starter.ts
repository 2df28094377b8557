import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { WorkerSilentError } from '../core/errors.ts';
import type { WorkerStarter } from '../core/ports.ts';

/** One attempt, milliseconds: another read tries again, so this one gives up early. */
const limits = { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true };

/**
 * Starts the worker function asynchronously: Lambda queues the event and answers 202 at once. The
 * client is made at the first start, since most reads start nothing.
 *
 * Its `start` throws a WorkerSilentError where Lambda may have queued the event, though no answer came.
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
      await client.send(command).catch((cause: unknown) => {
        throw isSilence(cause) ? new WorkerSilentError('Lambda did not answer', { cause }) : cause;
      });
    },
  };
}

/** A connection that was refused, or never made, has brought nothing. */
const BROKEN_CODES = new Set<unknown>(['ECONNRESET', 'EPIPE']);

const isSilence = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'TimeoutError' || ('code' in error && BROKEN_CODES.has(error.code)));
