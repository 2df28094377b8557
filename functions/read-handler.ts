import createMiddy from '@middy/core';
import type { Context } from 'aws-lambda';
import { NOTHING_KNOWN, type KnownSync } from '../shared/reads/catalog.ts';
import { compressed } from './http/encoding.ts';
import { parseHttpEvent, type HttpEvent } from './http/event.ts';
import type { HttpResult } from './http/result.ts';
import { routeOf, type Taken } from './http/route.ts';
import { access } from './middlewares/access.ts';
import { autoSync, type SyncContext } from './middlewares/auto-sync.ts';
import { problemDetails } from './middlewares/problem-details.ts';
import { responseHeaders } from './middlewares/response-headers.ts';
import type { HttpServices, Lazy, ReadServices } from './services.ts';

/** One request, as an operation sees it. */
export interface Call {
  readonly event: HttpEvent;
  /** The route that it took. */
  readonly taken: Taken;
  readonly sync: KnownSync;
}

/** One use case of a function that answers HTTP. */
export type Operation<Services = ReadServices> = (
  call: Call,
  services: Services,
) => Promise<HttpResult>;

export interface HttpHandlerOptions<Services> {
  /** The function's name in `shared/deployment.ts`. */
  readonly name: string;
  readonly services: Lazy<Services>;
  /** One for each operation that the function's routes name. */
  readonly operations: Readonly<Record<string, Operation<Services>>>;
}

export interface ReadHandlerOptions<Services> extends HttpHandlerOptions<Services> {
  /** The resources that a request starts when they are due. */
  readonly keepFresh: readonly string[];
  /** More resources that answers show something of. */
  readonly alsoRead?: readonly string[];
}

/** The handler of a function that answers HTTP: its middlewares, then the operation that the route names. */
export function httpHandler<Services extends HttpServices>(options: HttpHandlerOptions<Services>) {
  const { name, services } = options;
  return parsing(guarded(name, services).handler(operate(options)));
}

/** As `httpHandler`, of a function that reads the catalogue and keeps it fresh. */
export function readHandler<Services extends ReadServices>(options: ReadHandlerOptions<Services>) {
  const { name, services, keepFresh, alsoRead = [] } = options;
  const fresh = autoSync({ resources: keepFresh, alsoRead, services });
  return parsing(guarded(name, services).use(fresh).handler(operate(options)));
}

function guarded(name: string, services: Lazy<HttpServices>) {
  return createMiddy<HttpEvent, HttpResult, Error, SyncContext>()
    .use(responseHeaders(services))
    .use(problemDetails(services))
    .use(access(name, services));
}

const operate =
  <Services>({ name, services, operations }: HttpHandlerOptions<Services>) =>
  async (event: HttpEvent, context: SyncContext): Promise<HttpResult> => {
    const taken = routeOf(name, event);
    const { route } = taken;
    const operation = operations[route.operation];
    if (operation === undefined) throw new Error(`${name} lacks the operation ${route.operation}`);
    const call = { event, taken, sync: context.sync ?? NOTHING_KNOWN };
    return compressed(await operation(call, services()), event);
  };

const parsing =
  (handle: (event: HttpEvent, context: Context) => Promise<HttpResult>) =>
  async (event: unknown, context: Context): Promise<HttpResult> =>
    handle(parseHttpEvent(event), context);
