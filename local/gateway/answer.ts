import type { IncomingMessage } from 'node:http';
import type { Clock, Log } from '../../shared/core/ports.ts';
import { isLoopbackHost } from '../loopback-host.ts';
import { readBody } from './body.ts';
import { lambdaContext } from './context.ts';
import { gatewayEvent, type GatewayRequest } from './event.ts';
import { authorized } from './authorized.ts';
import type { HttpAuthorizer, HttpHandler } from './handler.ts';
import { problem } from './problem.ts';
import { gatewayAnswer, type GatewayAnswer } from './result.ts';
import { matchRoute, methodsAt, restRoute, type GatewayRoute, type RouteMatch } from './routes.ts';

/** What answering needs besides the request. */
export interface Front {
  readonly port: number;
  readonly routes: readonly GatewayRoute[];
  readonly handlers: ReadonlyMap<string, HttpHandler>;
  /** Stands before the routes that ask who is there; without it, nobody is known. */
  readonly authorizer?: HttpAuthorizer | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeoutMs: number;
}

/** Answers one request as an HTTP API in front of the handlers would; never rejects. */
export async function answerRequest(
  request: IncomingMessage,
  front: Front,
): Promise<GatewayAnswer> {
  if (!isLoopbackHost(request.headers.host, front.port)) return misdirected(front.port);
  const [rawPath = '', rawQuery = ''] = splitOnce(request.url ?? '');
  const path = decoded(rawPath);
  if (path === null) return problem(400, 'Bad Request', 'The path is not well encoded.');
  const { method = '' } = request;
  // API Gateway takes a HEAD for no GET, and answers no OPTIONS by itself: the rest's route has them.
  const match = matchRoute(front.routes, method, path) ?? restRoute(front.routes);
  if (match === null) return notFound(method, path, methodsAt(front.routes, path));
  const body = await readBody(request).catch(() => Buffer.alloc(0));
  if (body === null) {
    return problem(413, 'Request Entity Too Large', 'A body may have 10 MB at most.');
  }
  return invoke(front, match, {
    method,
    path,
    rawQuery,
    body,
    httpVersion: request.httpVersion,
    headers: request.headers,
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
    requestId: front.clock.ulid(),
    receivedAtMs: front.clock.nowMs(),
  });
}

/** Calls the handler; a failure is its own problem, told in the log and answered by 500. */
async function invoke(
  { handlers, authorizer, clock, log, timeoutMs }: Front,
  match: RouteMatch,
  request: GatewayRequest,
): Promise<GatewayAnswer> {
  const { functionName } = match.route;
  const endsAtMs = clock.monotonicMs() + timeoutMs;
  const context = lambdaContext(
    functionName,
    request.requestId,
    () => endsAtMs - clock.monotonicMs(),
  );
  const late = new AbortController();
  try {
    const event = await authorized(gatewayEvent(request, match), match, authorizer);
    if (event === null) return problem(403, 'Forbidden', 'The authorizer let nobody through.');
    const handled = handle(handlers.get(functionName), event, context);
    const timedOut = clock.sleep(timeoutMs, late.signal).then(() => TIMED_OUT);
    const result = await Promise.race([handled, timedOut]);
    return result === TIMED_OUT ? overdue(functionName, timeoutMs) : gatewayAnswer(result);
  } catch (error) {
    log.error('handler failed', { functionName, path: request.path, error });
    const detail = `The function ${functionName} failed; the log of this run says why.`;
    return problem(500, 'Internal Server Error', detail);
  } finally {
    late.abort();
  }
}

/** Async, so that a handler that throws at once is a rejection like any other. */
async function handle(
  handler: HttpHandler | undefined,
  ...[event, context]: Parameters<HttpHandler>
): Promise<unknown> {
  return handler?.(event, context);
}

const TIMED_OUT = Symbol('timed out');

const overdue = (functionName: string, timeoutMs: number): GatewayAnswer =>
  problem(503, 'Service Unavailable', `${functionName} took longer than ${timeoutMs / 1000} s.`);

const misdirected = (port: number): GatewayAnswer =>
  problem(421, 'Misdirected Request', `Ask http://localhost:${port}: other names are refused.`);

function notFound(method: string, path: string, allowed: readonly string[]): GatewayAnswer {
  if (allowed.length === 0)
    return problem(404, 'Not Found', `There is no route ${method} ${path}.`);
  const allow = allowed.join(', ');
  return problem(404, 'Not Found', `${path} answers ${allow}, not ${method}.`, { allow });
}

/** A target that is not a path, as `http://…` or `*`, has no route. */
function splitOnce(target: string): readonly string[] {
  const at = target.indexOf('?');
  return at < 0 ? [target] : [target.slice(0, at), target.slice(at + 1)];
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
