import { functionDeclarations, REST_KEY, type RouteDeclaration } from '../../shared/deployment.ts';
import { ReadError } from '../../shared/reads/errors.ts';
import { originOf, type HttpEvent } from './event.ts';

/** What takes a trailing slash, and anything deeper, at the gateway: see `gatewayPaths`. */
const GREEDY = '{proxy+}';
const PARAMETER = /^\{(\w+)\}$/;

type Parameters = Readonly<Record<string, string | undefined>>;

/** A declared route, and what its `{parameters}` stand for, decoded. */
export interface Taken {
  readonly route: RouteDeclaration;
  readonly parameters: Parameters;
}

/**
 * The declared route of a function that a request took. Where several greedy keys fit a path it does
 * not matter which one the gateway chose: what it left over is matched here.
 * @throws ReadError `not_found` for a path that is none of the function's, `method_not_allowed` for one
 *   that only takes others
 */
export function routeOf(functionName: string, event: HttpEvent): Taken {
  if (event.routeKey === REST_KEY) throw nothingThere(event);
  const [method, key = ''] = event.routeKey.split(' ');
  const rest = event.pathParameters['proxy'] ?? '';
  const segments = segmentsOf(key.replace(GREEDY, () => rest));
  const declared = functionDeclarations.find(({ name }) => name === functionName);
  const routes = (declared?.routes ?? []).filter((route) => route.method === method);
  for (const matchIn of [match, matchWithSlashes]) {
    for (const route of routes) {
      const parameters = matchIn(segmentsOf(route.path), segments, event.pathParameters);
      if (parameters !== null) return { route, parameters };
    }
  }
  throw new ReadError('not_found', NOTHING);
}

const NOTHING = 'Nothing is at this address: check its path.';

/** What no route takes: an address that does not exist, or another method than it takes. */
function nothingThere({ rawPath, requestContext }: HttpEvent): ReadError {
  const segments = segmentsOf(rawPath);
  const here = functionDeclarations
    .flatMap(({ routes }) => routes)
    .filter(({ path }) => match(segmentsOf(path), segments, {}) !== null);
  const { method } = requestContext.http;
  const allow = [...new Set(here.map((route) => route.method))];
  // What a route takes and the gateway does not is no address: an empty parameter, say.
  if (allow.length === 0 || allow.some((taken) => taken === method))
    return new ReadError('not_found', NOTHING);
  const taken = `This address takes ${allow.join(' and ')}, not ${method}.`;
  return new ReadError('method_not_allowed', taken, { allow });
}

/** Without the empty one that a trailing slash leaves. */
const segmentsOf = (path: string): readonly string[] => path.replace(/\/$/, '').split('/');

/** A segment of the key that is a parameter itself stands for what the gateway found for it. */
function match(
  pattern: readonly string[],
  segments: readonly string[],
  known: Parameters,
): Parameters | null {
  if (pattern.length !== segments.length) return null;
  const parameters: Record<string, string | undefined> = {};
  for (const [position, part] of pattern.entries()) {
    const segment = segments[position] ?? '';
    const name = PARAMETER.exec(part)?.[1];
    if (name === undefined && part !== segment) return null;
    if (name !== undefined) parameters[name] = part === segment ? known[name] : segment;
  }
  return parameters;
}

/** An id may hold slashes, and the gateway hands on what it left over decoded: so the last parameter of
 *  a route takes whatever no route describes. */
function matchWithSlashes(
  pattern: readonly string[],
  segments: readonly string[],
  known: Parameters,
): Parameters | null {
  const last = pattern.length - 1;
  if (segments.length <= pattern.length || !PARAMETER.test(pattern[last] ?? '')) return null;
  const found = segments.slice(last).map((part) => known[PARAMETER.exec(part)?.[1] ?? ''] ?? part);
  const joined = [...segments.slice(0, last), found.join('/')];
  return match(pattern, joined, known);
}

/** The absolute address of a route with other query parameters. */
export function addressOf(
  event: HttpEvent,
  { route, parameters }: Taken,
  query: Parameters,
): string {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_match, name: string) =>
    encodeURIComponent(parameters[name] ?? ''),
  );
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) given.set(name, value);
  }
  return `${originOf(event)}${path}/${given.size === 0 ? '' : `?${given.toString()}`}`;
}
