import { functionDeclarations, type RouteDeclaration } from '../../shared/deployment.ts';
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
 * @throws ReadError `not_found` for a path that is none of the function's
 */
export function routeOf(functionName: string, event: HttpEvent): Taken {
  const [method, key = ''] = event.routeKey.split(' ');
  const rest = event.pathParameters['proxy'] ?? '';
  const segments = segmentsOf(key.replace(GREEDY, () => rest));
  const declared = functionDeclarations.find(({ name }) => name === functionName);
  for (const route of declared?.routes ?? []) {
    if (route.method !== method) continue;
    const parameters = match(segmentsOf(route.path), segments, event.pathParameters);
    if (parameters !== null) return { route, parameters };
  }
  throw new ReadError('not_found', 'Nothing is at this address: check its path.');
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
