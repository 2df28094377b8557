import {
  gatewayPaths,
  isIdentified,
  REST_KEY,
  type FunctionDeclaration,
} from '../../shared/deployment.ts';

/** A route as API Gateway knows it. */
export interface GatewayRoute {
  readonly functionName: string;
  readonly method: string;
  /** For example `GET /api/inventory/products/synced/{id}`. */
  readonly routeKey: string;
  readonly segments: readonly string[];
  /** Whether the authorizer stands before it. */
  readonly identified: boolean;
}

export interface RouteMatch {
  readonly route: GatewayRoute;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** Every route key that is deployed, in the order in which API Gateway prefers them. */
export function gatewayRoutes(
  declarations: readonly FunctionDeclaration[],
  { publicReads = true }: { readonly publicReads?: boolean } = {},
): readonly GatewayRoute[] {
  const routes = declarations.flatMap(({ name, routes: declared }) =>
    declared.flatMap((route) =>
      gatewayPaths(route.path).map((pattern) => ({
        functionName: name,
        method: route.method,
        routeKey: `${route.method} ${pattern}`,
        segments: pattern.split('/'),
        identified: isIdentified(route, { publicReads }),
      })),
    ),
  );
  return [...routes.toSorted(mostSpecificFirst), ...restRoutes(declarations)];
}

/** What takes whatever no other route takes, at most one. */
const restRoutes = (declarations: readonly FunctionDeclaration[]): readonly GatewayRoute[] =>
  declarations
    .filter(({ takesTheRest }) => takesTheRest)
    .map(({ name }) => ({
      functionName: name,
      method: 'ANY',
      routeKey: REST_KEY,
      segments: [],
      identified: false,
    }));

/** The route of what no other takes; null when none is declared. */
export function restRoute(routes: readonly GatewayRoute[]): RouteMatch | null {
  const route = routes.find(({ routeKey }) => routeKey === REST_KEY);
  return route === undefined ? null : { route, pathParameters: {} };
}

/** The route that answers, and what its `{parameters}` stand for; `path` is decoded. */
export function matchRoute(
  routes: readonly GatewayRoute[],
  method: string,
  path: string,
): RouteMatch | null {
  const segments = path.split('/');
  for (const route of routes) {
    if (route.method !== method) continue;
    const pathParameters = parametersOf(route, segments);
    if (pathParameters !== null) return { route, pathParameters };
  }
  return null;
}

/** The methods that some route takes at this path. */
export function methodsAt(routes: readonly GatewayRoute[], path: string): readonly string[] {
  const methods = new Set(routes.map(({ method }) => method));
  return [...methods].filter((method) => matchRoute(routes, method, path) !== null);
}

const GREEDY = '{proxy+}';
const isGreedy = ({ segments }: GatewayRoute): boolean => segments.at(-1) === GREEDY;

/** Null when the path is another; `{name}` stands for one segment, `{proxy+}` for any rest, also none. */
function parametersOf(
  route: GatewayRoute,
  segments: readonly string[],
): Record<string, string> | null {
  if (!isGreedy(route)) return segmentsMatch(route.segments, segments);
  const before = route.segments.length - 1;
  if (segments.length <= before) return null;
  const found = segmentsMatch(route.segments.slice(0, before), segments.slice(0, before));
  return found && { ...found, proxy: segments.slice(before).join('/') };
}

function segmentsMatch(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | null {
  if (pattern.length !== segments.length) return null;
  const found: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined ? part !== segment : segment === '') return null;
    if (name !== undefined) found[name] = segment;
  }
  return found;
}

/** Greedy ones go last; a fixed segment goes before a parameter in the same place. */
function mostSpecificFirst(a: GatewayRoute, b: GatewayRoute): number {
  return rankOf(a).localeCompare(rankOf(b));
}

function rankOf(route: GatewayRoute): string {
  const ranks = route.segments.map((part) => (part === GREEDY ? 2 : part.startsWith('{') ? 1 : 0));
  return [Number(isGreedy(route)), ...ranks].join('');
}
