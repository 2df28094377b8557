import createMiddy from '@middy/core';
import type { Context } from 'aws-lambda';
import { NOTHING_KNOWN, type KnownSync } from '../shared/reads/catalog.ts';
import { parseHttpEvent, type HttpEvent } from './http/event.ts';
import type { HttpResult } from './http/result.ts';
import { routeOf, type Taken } from './http/route.ts';
import { autoSync, type SyncContext } from './middlewares/auto-sync.ts';
import { problemDetails } from './middlewares/problem-details.ts';
import { publicReads } from './middlewares/public-reads.ts';
import { responseHeaders } from './middlewares/response-headers.ts';
import type { Lazy, ReadServices } from './services.ts';

/** One request, as an operation sees it. */
export interface Call {
  readonly event: HttpEvent;
  /** The route that it took. */
  readonly taken: Taken;
  readonly sync: KnownSync;
}

/** One use case of a reading function. */
export type Operation = (call: Call, services: ReadServices) => Promise<HttpResult>;

export interface ReadHandlerOptions {
  /** The function's name in `shared/deployment.ts`. */
  readonly name: string;
  readonly services: Lazy<ReadServices>;
  /** The resources that a request starts when they are due. */
  readonly keepFresh: readonly string[];
  /** One for each operation that the function's routes name. */
  readonly operations: Readonly<Record<string, Operation>>;
}

/** The handler of a reading function: its middlewares, then the operation that the route names. */
export function readHandler({ name, services, keepFresh, operations }: ReadHandlerOptions) {
  const handle = createMiddy<HttpEvent, HttpResult, Error, SyncContext>()
    .use(responseHeaders())
    .use(problemDetails(services))
    .use(publicReads(name, services))
    .use(autoSync({ resources: keepFresh, services }))
    .handler(async (event, context: SyncContext): Promise<HttpResult> => {
      const taken = routeOf(name, event);
      const { route } = taken;
      const operation = operations[route.operation];
      if (operation === undefined)
        throw new Error(`${name} lacks the operation ${route.operation}`);
      return operation({ event, taken, sync: context.sync ?? NOTHING_KNOWN }, services());
    });
  return async (event: unknown, context: Context): Promise<HttpResult> =>
    handle(parseHttpEvent(event), context);
}
