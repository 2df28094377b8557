import type { IncomingHttpHeaders } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { RouteMatch } from './routes.ts';

/** One request, as far as it was read. */
export interface GatewayRequest {
  readonly method: string;
  /** Decoded, as HTTP APIs hand it on. */
  readonly path: string;
  /** As it was sent, without the question mark. */
  readonly rawQuery: string;
  readonly httpVersion: string;
  readonly headers: IncomingHttpHeaders;
  readonly sourceIp: string;
  readonly body: Buffer;
  readonly requestId: string;
  readonly receivedAtMs: number;
}

const TEXT_TYPES = /^(?:text\/|application\/(?:json|xml|javascript)\b)/i;
const STAGE = '$default';

/** The event that an HTTP API with payload format 2.0 would send for a request. */
export function gatewayEvent(request: GatewayRequest, match: RouteMatch): APIGatewayProxyEventV2 {
  const { headers, path, rawQuery, body } = request;
  const query = combinedQuery(rawQuery);
  const isText = TEXT_TYPES.test(headers['content-type'] ?? '');
  return {
    version: '2.0',
    routeKey: match.route.routeKey,
    rawPath: path,
    rawQueryString: rawQuery,
    ...(headers.cookie !== undefined && { cookies: headers.cookie.split(/; */) }),
    headers: forwardedHeaders(request),
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    requestContext: requestContext(request, match.route.routeKey),
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    ...(Object.keys(match.pathParameters).length > 0 && {
      pathParameters: { ...match.pathParameters },
    }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

function requestContext(
  { headers, method, path, httpVersion, sourceIp, requestId, receivedAtMs }: GatewayRequest,
  routeKey: string,
): APIGatewayProxyEventV2['requestContext'] {
  const domainName = hostName(headers.host ?? '');
  return {
    accountId: '000000000000',
    apiId: 'local',
    domainName,
    domainPrefix: domainName.split('.')[0] ?? domainName,
    http: {
      method,
      path,
      protocol: `HTTP/${httpVersion}`,
      sourceIp,
      userAgent: headers['user-agent'] ?? '',
    },
    requestId,
    routeKey,
    stage: STAGE,
    time: logTime(receivedAtMs),
    timeEpoch: receivedAtMs,
  };
}

/** Names in lower case, values of repeated ones joined by commas; cookies have a field of their own. */
function forwardedHeaders({ headers, sourceIp }: GatewayRequest): Record<string, string> {
  const { cookie: _cookie, host = '', ...sent } = headers;
  const joined = Object.entries(sent).map(([name, value]) => [name, [value].flat().join(',')]);
  return {
    ...Object.fromEntries(joined),
    host,
    'x-forwarded-for': sourceIp,
    'x-forwarded-port': /:(\d+)$/.exec(host)?.[1] ?? '80',
    'x-forwarded-proto': 'http',
  };
}

/** Decoded; values of a repeated name are joined by commas. */
function combinedQuery(rawQuery: string): Record<string, string> {
  const query = new URLSearchParams(rawQuery);
  const names = [...new Set(query.keys())];
  return Object.fromEntries(names.map((name) => [name, query.getAll(name).join(',')]));
}

const hostName = (host: string): string => host.replace(/:\d+$/, '');

/** For example `12/Mar/2026:19:03:58 +0000`. */
function logTime(atMs: number): string {
  const [, day, month, year, time] = new Date(atMs).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
