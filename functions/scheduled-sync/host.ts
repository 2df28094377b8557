import type { Context } from 'aws-lambda';
import type { RunHost } from '../../shared/core/sync-request.ts';

/** What an invocation knows of itself and of its time. */
export type LambdaTime = Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>;

/** Before Lambda ends an invocation, milliseconds: time for the chunk in progress and the release. */
const RESERVE_MS = 60_000;

/** One invocation as a run's host. It can't know whether another invocation is still alive. */
export function lambdaHost(context: LambdaTime): RunHost {
  return {
    holder: `lambda#${context.awsRequestId}`,
    shouldStop: () => context.getRemainingTimeInMillis() < RESERVE_MS,
    isGone: () => false,
    observe: () => {},
  };
}
