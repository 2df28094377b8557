import * as z from 'zod';

const texts = z.record(z.string(), z.string().optional()).default({});

/** What we read of an API Gateway HTTP API event, payload version 2; header names are lower case. */
const httpEvent = z.object({
  /** For example `GET /api/inventory/products/synced/{id}`. */
  routeKey: z.string(),
  headers: texts,
  queryStringParameters: texts,
  /** Decoded by the gateway. */
  pathParameters: texts,
  requestContext: z.object({
    /** Host, and port where it is not the usual one. */
    domainName: z.string(),
    /** Present when the gateway checked who asks. */
    authorizer: z.object({ iam: z.object({}).optional() }).optional(),
  }),
});

export type HttpEvent = z.output<typeof httpEvent>;

/** The parts of an event that we read.
 *  @throws ZodError for anything that is not an HTTP API event */
export function parseHttpEvent(event: unknown): HttpEvent {
  return httpEvent.parse(event);
}

/** True when API Gateway checked a signature before it let the request through. */
export function isAuthorised({ requestContext }: HttpEvent): boolean {
  return requestContext.authorizer?.iam !== undefined;
}
