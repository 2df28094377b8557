import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ConfigurationError } from '../shared/core/errors.ts';
import type { Clock, Log } from '../shared/core/ports.ts';
import { functionDeclarations, type FunctionDeclaration } from '../shared/deployment.ts';
import { answerRequest, type Front } from './gateway/answer.ts';
import type { HttpAuthorizer, HttpHandler } from './gateway/handler.ts';
import type { GatewayAnswer } from './gateway/result.ts';
import { gatewayRoutes } from './gateway/routes.ts';
import { closeServer, listenOnLoopback } from './listen.ts';

export interface HttpFrontOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  /** One for each declared function that has routes, by the function's name. */
  readonly handlers: ReadonlyMap<string, HttpHandler>;
  readonly authorizer?: HttpAuthorizer;
  readonly clock: Clock;
  readonly log: Log;
  /** Default: what is deployed. */
  readonly declarations?: readonly FunctionDeclaration[];
  /** Whether anyone may read the catalogue; else the authorizer stands before reads, too. @default true */
  readonly publicReads?: boolean;
  /** What the front's own answers carry, as the handlers' do; default nothing. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long a handler may take, milliseconds; default 30 s, as an HTTP API. */
  readonly timeoutMs?: number;
}

export interface HttpFront {
  readonly url: string;
  readonly port: number;
  /** Takes no new request, lets those under way end for up to 3 s. Resolves once no socket is left. */
  stop(): Promise<void>;
}

const GRACE_MS = 3000;
const API_GATEWAY_TIMEOUT_MS = 30_000;

/**
 * Puts the real handlers behind HTTP on 127.0.0.1, with the declared routes and no others.
 * @throws ConfigurationError when the port is taken, or a function with routes has no handler.
 */
export async function startHttpFront(options: HttpFrontOptions): Promise<HttpFront> {
  const { handlers, authorizer, clock, log, declarations = functionDeclarations } = options;
  assertHandlers(declarations, handlers);
  const { publicReads = true } = options;
  const routes = gatewayRoutes(declarations, { publicReads });
  const timeoutMs = options.timeoutMs ?? API_GATEWAY_TIMEOUT_MS;
  let port = options.port;
  const server = createServer((request, response) => {
    const front = { port, routes, handlers, authorizer, clock, log, timeoutMs };
    serve(request, response, front, options.headers ?? {}).catch((error: unknown) => {
      log.error('answer could not be sent', { path: request.url, error });
      response.destroy();
    });
  });
  port = await listenOnLoopback(server, { port, setting: 'PORT', what: 'the API' });
  return { url: `http://localhost:${port}`, port, stop: () => closeServer(server, GRACE_MS) };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  front: Front,
  usual: Readonly<Record<string, string>>,
) {
  const startedAtMs = front.clock.monotonicMs();
  const made = await answerRequest(request, front);
  const answer = { ...made, headers: { ...usual, ...made.headers } };
  send(request, response, answer);
  logRequest(front.log, request, answer, front.clock.monotonicMs() - startedAtMs);
}

function assertHandlers(
  declarations: readonly FunctionDeclaration[],
  handlers: ReadonlyMap<string, HttpHandler>,
): void {
  const missing = declarations.filter(
    ({ name, routes }) => routes.length > 0 && !handlers.has(name),
  );
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name).join(', ');
  throw new ConfigurationError(`No handler was given for the declared functions ${names}.`);
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: GatewayAnswer,
): void {
  if (response.destroyed) return;
  // What was not read of a body would be taken for the next request.
  const close = request.complete ? {} : { connection: 'close' };
  const hasBody = status !== 204 && status !== 304;
  const length = hasBody ? { 'content-length': String(body.length) } : {};
  response.writeHead(status, { ...writable(headers), ...length, ...close });
  response.end(request.method === 'HEAD' || !hasBody ? undefined : body);
}

const writable = (headers: GatewayAnswer['headers']): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : [...value],
    ]),
  );

/** Without the query: a sign-in link, or an issuer's code, is in it. */
function logRequest(
  log: Log,
  { method, url = '' }: IncomingMessage,
  { status, body }: GatewayAnswer,
  durationMs: number,
): void {
  const fields = {
    method,
    path: url.split('?', 1)[0]?.slice(0, 200),
    status,
    durationMs: Math.round(durationMs),
  };
  log.info('request', { ...fields, bodyBytes: body.length });
}
