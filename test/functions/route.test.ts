import { describe, expect, test } from 'vitest';
import { parseHttpEvent } from '../../functions/http/event.ts';
import { addressOf, routeOf } from '../../functions/http/route.ts';
import { functionDeclarations, gatewayPaths } from '../../shared/deployment.ts';

const LIST = '/api/inventory/products/synced';
const DOMAIN = { domainName: 'shop.example' };

const request = (
  routeKey: string,
  pathParameters: Record<string, string> = {},
  headers: Record<string, string> = {},
) => parseHttpEvent({ routeKey, pathParameters, headers, requestContext: DOMAIN });

const routes = functionDeclarations.flatMap(({ name, routes: declared }) =>
  declared.map((route) => ({ name, route, at: `${route.method} ${route.path}` })),
);

test.each(routes)('$at is found by each of its keys at the gateway', ({ name, route }) => {
  for (const path of gatewayPaths(route.path)) {
    const event = request(`${route.method} ${path}`, { id: '12', proxy: '' });
    expect(routeOf(name, event).route).toBe(route);
  }
});

describe('where several greedy keys fit a path', () => {
  test.each([
    ['{proxy+}', { proxy: '12/' }],
    ['{proxy+}', { proxy: '12' }],
    ['{id}/{proxy+}', { id: '12', proxy: '' }],
    ['{id}', { id: '12' }],
    ['{id}/', { id: '12' }],
  ])('the record is found whichever the gateway chose: %s %j', (key, parameters) => {
    const taken = routeOf('products-synced', request(`GET ${LIST}/${key}`, parameters));
    expect(taken).toMatchObject({ route: { operation: 'single' }, parameters: { id: '12' } });
  });
});

test.each([[`POST ${LIST}`, {}]])(
  'a path that is none of ours is not found: %s %j',
  (key, parameters) => {
    expect(() => routeOf('products-synced', request(key, parameters))).toThrow(/at this address/);
  },
);

test('an address that a route takes and the gateway does not is not found: an empty parameter', () => {
  const event = parseHttpEvent({
    routeKey: '$default',
    rawPath: '/inventory/api/held//',
    requestContext: { ...DOMAIN, http: { method: 'POST' } },
  });
  expect(() => routeOf('assets', event)).toThrow(/Nothing is at this address/);
});

test('an id may hold a slash, and an address of its route is made again with it', () => {
  const event = request(
    'GET /api/inventory/categories/synced/{id}/products',
    { id: 'a/b #1' },
    { host: '127.0.0.1:3000', 'x-forwarded-proto': 'http' },
  );
  const taken = routeOf('categories-synced', event);
  expect(taken.parameters).toEqual({ id: 'a/b #1' });
  expect(addressOf(event, taken, { cursor: 'x', page_size: undefined })).toBe(
    'http://127.0.0.1:3000/api/inventory/categories/synced/a%2Fb%20%231/products/?cursor=x',
  );
});

test.each([
  ['{id}/{proxy+}', { id: '12', proxy: 'more' }, '12/more'],
  ['{proxy+}', { proxy: 'a/b/' }, 'a/b'],
  ['{proxy+}', { proxy: '///' }, '//'],
])('decoded slashes belong to the id that ends a route: %s %j', (key, parameters, id) => {
  const event = request(`GET /api/inventory/products/synced/${key}`, parameters);
  expect(routeOf('products-synced', event).parameters).toEqual({ id });
});
