import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { functionDeclarations, gatewayPaths } from '../../shared/deployment.ts';

const HOST = 'shop.example';

interface Match {
  readonly functionName: string;
  readonly routeKey: string;
  readonly pathParameters: Record<string, string>;
}

/** Which declared route a path takes at API Gateway; the most fixed segments win. */
function matched(path: string): Match {
  const all = functionDeclarations.flatMap(({ name, routes }) =>
    routes.flatMap((route) =>
      gatewayPaths(route.path).map((pattern) => ({ name, pattern, route })),
    ),
  );
  const fitting = all
    .map(({ name, pattern, route }) => ({ name, pattern, route, found: fit(pattern, path) }))
    .filter(({ found }) => found !== null)
    .toSorted((a, b) => wildness(a.pattern) - wildness(b.pattern));
  const [best] = fitting;
  if (!best?.found) throw new Error(`no route for ${path}`);
  const routeKey = `${best.route.method} ${best.pattern}`;
  return { functionName: best.name, routeKey, pathParameters: best.found };
}

function fit(pattern: string, path: string): Record<string, string> | null {
  const source = pattern
    .replace('/{proxy+}', '/(?<proxy>.*)')
    .replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  const groups = new RegExp(`^${source}$`).exec(path);
  if (groups === null) return null;
  const found = Object.entries(groups.groups ?? {});
  return Object.fromEntries(found.map(([name, value]) => [name, decodeURIComponent(value)]));
}

const wildness = (pattern: string): number =>
  pattern.split('{').length + (pattern.includes('+') ? 100 - pattern.split('/').length : 0);

/** The event of a GET, as API Gateway sends it (payload version 2), and the function it goes to. */
export function gatewayRequest(
  address: string,
  headers: Record<string, string> = {},
  { signed = false } = {},
): { readonly functionName: string; readonly event: APIGatewayProxyEventV2 } {
  const url = new URL(address, `https://${HOST}`);
  const { functionName, routeKey, pathParameters } = matched(url.pathname);
  const query = Object.fromEntries(url.searchParams);
  const iam = { accountId: '123456789012', userArn: 'arn:aws:iam::123456789012:user/shop' };
  const event = {
    version: '2.0',
    routeKey,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers: { host: HOST, 'x-forwarded-proto': 'https', ...headers },
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      domainName: HOST,
      domainPrefix: 'shop',
      http: {
        method: 'GET',
        path: url.pathname,
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.1',
        userAgent: 'test',
      },
      requestId: 'request',
      routeKey,
      stage: '$default',
      time: '22/Nov/2026:10:00:00 +0000',
      timeEpoch: 1_795_341_600_000,
      ...(signed && { authorizer: { iam } }),
    },
    isBase64Encoded: false,
  };
  return { functionName, event };
}

/** A Lambda context with this much time left. */
export function lambdaContext(remainingMs = 30_000, awsRequestId = 'invocation-1'): Context {
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'function',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-3:123456789012:function:function',
    memoryLimitInMB: '512',
    awsRequestId,
    logGroupName: 'group',
    logStreamName: 'stream',
    getRemainingTimeInMillis: () => remainingMs,
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
