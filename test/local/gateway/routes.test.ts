import { expect, test } from 'vitest';
import { gatewayRoutes, matchRoute } from '../../../local/gateway/routes.ts';
import { functionDeclarations, spellings } from '../../../shared/deployment.ts';

const routes = gatewayRoutes(functionDeclarations);

const products = '/api/inventory/products/synced';
const categories = '/api/inventory/categories/synced';

test.each([
  ['/', '/', {}],
  [products, products, {}],
  [`${products}/`, `${products}/{proxy+}`, { proxy: '' }],
  [`${products}//`, `${products}/{proxy+}`, { proxy: '/' }],
  [`${products}/12`, `${products}/{id}`, { id: '12' }],
  [`${products}/12/`, `${products}/{id}/{proxy+}`, { id: '12', proxy: '' }],
  [`${products}/12/a/b`, `${products}/{id}/{proxy+}`, { id: '12', proxy: 'a/b' }],
  [`${categories}/é ?/products`, `${categories}/{id}/products`, { id: 'é ?' }],
  [`${categories}/5/products/`, `${categories}/{id}/products/{proxy+}`, { id: '5', proxy: '' }],
  ['/api/inventory/categories/tree/', '/api/inventory/categories/tree/{proxy+}', { proxy: '' }],
])('%s is answered by the route %s', (path, pattern, parameters) => {
  const match = matchRoute(routes, 'GET', path);
  expect([match?.route.routeKey, match?.pathParameters]).toEqual([`GET ${pattern}`, parameters]);
});

test.each([
  ['/', 'home'],
  [products, 'products-synced'],
  [`${categories}/5/products/`, 'categories-synced'],
  ['/api/inventory/categories/tree', 'categories-synced'],
  ['/inventory/api/status/', 'status'],
])('%s goes to the function %s', (path, name) => {
  expect(matchRoute(routes, 'GET', path)?.route.functionName).toBe(name);
});

test.each(['', '//', '/api', '/API/inventory/products/synced/', 'http://localhost/'])(
  '%j has no route',
  (path) => {
    expect(matchRoute(routes, 'GET', path)).toBeNull();
  },
);

test('another method has no route', () => {
  expect(matchRoute(routes, 'POST', '/')).toBeNull();
});

const readRoute = (path: string) =>
  ({ method: 'GET', path, operation: path, access: 'read' }) as const;

test('a fixed segment wins over a parameter, in whichever order they are declared', () => {
  for (const paths of [
    ['/a/{id}', '/a/b'],
    ['/a/b', '/a/{id}'],
  ]) {
    const own = gatewayRoutes([
      { name: 'f', folder: 'f', role: 'reader', routes: paths.map(readRoute) },
    ]);
    expect(matchRoute(own, 'GET', '/a/b')?.route.routeKey).toBe('GET /a/b');
    expect(matchRoute(own, 'GET', '/a/b/')?.route.routeKey).toBe('GET /a/b/{proxy+}');
    expect(matchRoute(own, 'GET', '/a/c')?.pathParameters).toEqual({ id: 'c' });
  }
});

test('a greedy route never takes a path that another one fits', () => {
  const own = gatewayRoutes([
    { name: 'f', folder: 'f', role: 'reader', routes: ['/a/b', '/a/{id}/c'].map(readRoute) },
  ]);
  expect(matchRoute(own, 'GET', '/a/b/c')?.route.routeKey).toBe('GET /a/{id}/c');
});

test('every declared route is served with and without the slash, by its own function', () => {
  for (const { name, routes: declared } of functionDeclarations) {
    for (const { method, path } of declared) {
      for (const spelling of spellings(path.replace('{id}', '12'))) {
        expect([spelling, matchRoute(routes, method, spelling)?.route.functionName]).toEqual([
          spelling,
          name,
        ]);
      }
    }
  }
});
