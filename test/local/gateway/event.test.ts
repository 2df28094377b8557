import { expect, test } from 'vitest';
import { gatewayEvent, type GatewayRequest } from '../../../local/gateway/event.ts';
import { gatewayRoutes, matchRoute } from '../../../local/gateway/routes.ts';

const routes = gatewayRoutes([
  {
    name: 'shelf',
    folder: 'shelf',
    role: 'reader',
    routes: [
      { method: 'GET', path: '/shelf', operation: 'list', access: 'read' },
      { method: 'POST', path: '/shelf/{id}', operation: 'put', access: 'read' },
    ],
  },
]);

function eventOf(asked: Partial<GatewayRequest>) {
  const request: GatewayRequest = {
    method: 'GET',
    path: '/shelf',
    rawQuery: '',
    httpVersion: '1.1',
    headers: { host: 'localhost:3000' },
    sourceIp: '127.0.0.1',
    body: Buffer.alloc(0),
    requestId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    receivedAtMs: Date.UTC(2026, 2, 5, 19, 3, 58, 390),
    ...asked,
  };
  const match = matchRoute(routes, request.method, request.path);
  if (match === null) throw new Error('no route');
  return gatewayEvent(request, match);
}

test('a request with everything is the event that AWS documents for payload format 2.0', () => {
  const event = eventOf({
    method: 'POST',
    path: '/shelf/é 1/',
    rawQuery: 'a=1&a=2%2C3&b=x%20y&c=',
    headers: {
      host: 'localhost:3000',
      'user-agent': 'agent/1',
      'content-type': 'application/json; charset=utf-8',
      cookie: 'one=1; two=a%20b',
      'x-many': ['1', '2'],
    },
    body: Buffer.from('{"é":1}'),
  });
  expect(event).toEqual({
    version: '2.0',
    routeKey: 'POST /shelf/{id}/{proxy+}',
    rawPath: '/shelf/é 1/',
    rawQueryString: 'a=1&a=2%2C3&b=x%20y&c=',
    cookies: ['one=1', 'two=a%20b'],
    headers: {
      host: 'localhost:3000',
      'user-agent': 'agent/1',
      'content-type': 'application/json; charset=utf-8',
      'x-many': '1,2',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': '3000',
      'x-forwarded-proto': 'http',
    },
    queryStringParameters: { a: '1,2,3', b: 'x y', c: '' },
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: 'localhost',
      domainPrefix: 'localhost',
      http: {
        method: 'POST',
        path: '/shelf/é 1/',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'agent/1',
      },
      requestId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
      routeKey: 'POST /shelf/{id}/{proxy+}',
      stage: '$default',
      time: '05/Mar/2026:19:03:58 +0000',
      timeEpoch: 1772737438390,
    },
    body: '{"é":1}',
    pathParameters: { id: 'é 1', proxy: '' },
    isBase64Encoded: false,
  });
});

test('fields that a request has nothing for are absent, as API Gateway leaves them out', () => {
  const event = eventOf({});
  for (const name of ['cookies', 'queryStringParameters', 'pathParameters', 'body']) {
    expect(event).not.toHaveProperty(name);
  }
  expect([event.rawQueryString, event.isBase64Encoded]).toEqual(['', false]);
});

test('a body that is not text travels as base64', () => {
  const body = Buffer.from([0, 255, 128]);
  const event = eventOf({ method: 'POST', path: '/shelf/1', body });
  expect([event.body, event.isBase64Encoded]).toEqual(['AP+A', true]);
});

test('a query parameter named like a property of every object is one like any other', () => {
  const { queryStringParameters } = eventOf({ rawQuery: '__proto__=1&constructor=2' });
  expect(Object.entries(queryStringParameters ?? {})).toEqual([
    ['__proto__', '1'],
    ['constructor', '2'],
  ]);
});
