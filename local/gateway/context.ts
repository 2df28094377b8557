import type { Context } from 'aws-lambda';

const retired = (): never => {
  throw new Error('return a promise instead: Node 24 functions have no callbacks');
};

/** The context of one invocation; `remainingMs` tells how much of its time is left. */
export function lambdaContext(
  functionName: string,
  awsRequestId: string,
  remainingMs: () => number,
): Context {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${functionName}`,
    memoryLimitInMB: '512',
    awsRequestId,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, Math.round(remainingMs())),
    done: retired,
    fail: retired,
    succeed: retired,
  };
}
