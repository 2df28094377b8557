import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';

/** The authorizer behind an HTTP API, payload format 2.0 with simple responses. */
export type HttpAuthorizer = (
  event: unknown,
) => Promise<{ readonly isAuthorized: boolean; readonly context: object }>;

/** A Lambda handler behind an HTTP API, payload format 2.0; its result may be a promise. */
export type HttpHandler = (event: APIGatewayProxyEventV2, context: Context) => unknown;
