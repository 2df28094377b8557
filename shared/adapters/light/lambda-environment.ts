import { ConfigurationError } from '../../core/errors.ts';

/** What Lambda tells every function of its role and place, as the SDK's own chain reads it there. */
export interface LambdaEnvironment {
  readonly region: string;
  /** Another endpoint of the service than the region's. */
  readonly endpoint: string | undefined;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/** @throws ConfigurationError outside of Lambda */
export function lambdaEnvironment(service: string): LambdaEnvironment {
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_REGION || !AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw new ConfigurationError(
      'AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are missing: Lambda sets them.',
    );
  }
  return {
    region: AWS_REGION,
    endpoint:
      process.env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ?? process.env['AWS_ENDPOINT_URL'],
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    },
  };
}

/** The trace that the invocation at hand belongs to: it links the worker's to the reader's, and Lambda
 *  finds endless circles by it. */
export function traceHeader(): Readonly<Record<string, string>> {
  const { _X_AMZN_TRACE_ID: trace, AWS_LAMBDA_FUNCTION_NAME: name } = process.env;
  return trace && name ? { 'x-amzn-trace-id': trace } : {};
}
