import * as z from 'zod';
import type { Caller } from '../../shared/core/access.ts';
import { callerContext } from '../access/context.ts';
import type { Anonymous } from '../access/identify.ts';

const texts = z.record(z.string(), z.string().optional()).default({});

/** What we read of an API Gateway HTTP API event, payload version 2; header names are lower case. */
const httpEvent = z.object({
  /** For example `GET /api/inventory/products/synced/{id}`. */
  routeKey: z.string(),
  rawPath: z.string().default('/'),
  rawQueryString: z.string().default(''),
  headers: texts,
  /** As `name=value`; the gateway takes them out of the headers. */
  cookies: z.array(z.string()).default([]),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
  queryStringParameters: texts,
  /** Decoded by the gateway. */
  pathParameters: texts,
  requestContext: z.object({
    /** Host, and port where it is not the usual one. */
    domainName: z.string(),
    http: z.object({ method: z.string() }).default({ method: 'GET' }),
    /** Present when the gateway checked who asks. */
    authorizer: z
      .object({ iam: z.object({}).optional(), lambda: callerContext.optional() })
      .optional(),
  }),
});

export type HttpEvent = z.output<typeof httpEvent>;

/** The parts of an event that we read.
 *  @throws ZodError for anything that is not an HTTP API event */
export function parseHttpEvent(event: unknown): HttpEvent {
  return httpEvent.parse(event);
}

/** True when API Gateway checked a signature before it let the request through. */
export function isSigned({ requestContext }: HttpEvent): boolean {
  return requestContext.authorizer?.iam !== undefined;
}

/** Who asks, as the authorizer found out; nobody where it was not asked. */
export function whoAsks({ requestContext }: HttpEvent): Caller | Anonymous {
  return requestContext.authorizer?.lambda ?? { kind: 'anonymous', refused: false };
}

/** True when the answer is for this caller and for no cache that others share. */
export function isAuthorised(event: HttpEvent): boolean {
  return isSigned(event) || whoAsks(event).kind !== 'anonymous';
}

/** The body as it was sent. */
export function bodyOf({ body, isBase64Encoded }: HttpEvent): string {
  return isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
}

/** True for a browser that wants a page, not JSON. */
export function wantsPage({ headers }: HttpEvent): boolean {
  return headers['accept']?.includes('text/html') ?? false;
}

/** Where the request was sent: `https://host`, `http://` only where the gateway says so. */
export function originOf({ headers, requestContext }: HttpEvent): string {
  const scheme = headers['x-forwarded-proto'] === 'http' ? 'http' : 'https';
  return `${scheme}://${headers['host'] ?? requestContext.domainName}`;
}
