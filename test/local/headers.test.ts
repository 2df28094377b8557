import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { LOCAL_TABLE } from '../../local/catalog.ts';
import { functionDeclarations } from '../../shared/deployment.ts';
import { staffService } from '../support/staff-service.ts';
import { products } from '../support/supplier.ts';

const SECURITY = [
  'content-security-policy',
  'strict-transport-security',
  'x-content-type-options',
  'referrer-policy',
  'cross-origin-opener-policy',
];
const PAGE = { accept: 'text/html' };
const JSON_ONLY = { accept: 'application/json' };

/** Every declared route, with an id in the place of a parameter. */
const ROUTES = functionDeclarations.flatMap(({ routes }) =>
  routes.map(({ method, path }) => ({ method, path: path.replace(/\{\w+\}/, '1') })),
);

test('every route and every error has the same security headers, byte for byte, as page and as JSON', async () => {
  const { ask, as, run, supplier, client } = await staffService(products(1, 60));
  const admin = await as('admin');
  const reader = await as('read');
  const seen = new Map<string, string[]>();
  const note = (title: string, { status, headers }: Awaited<ReturnType<typeof ask>>) => {
    const own = SECURITY.map((name) => `${name}: ${headers.get(name)}`).join('\n');
    seen.set(own, [...(seen.get(own) ?? []), `${status} ${title}`]);
    return status;
  };
  for (const accept of [PAGE, JSON_ONLY]) {
    for (const { method, path } of ROUTES) {
      const body = method === 'POST' ? '{' : undefined;
      for (const token of [null, admin]) {
        note(`${method} ${path}`, await ask(path, token, body, accept));
      }
    }
  }
  await run.worker.invoke({ resource: 'all' });
  const SYNC = '/inventory/sync/products/';
  const list = '/api/inventory/products/synced/';
  const faults: readonly (readonly [
    status: number,
    path: string,
    token: string | null,
    body?: object,
  ])[] = [
    [400, `${list}?page_size=0`, null],
    [400, SYNC, admin, { force: 'perhaps' }],
    [401, '/inventory/api/runs/', null],
    [401, '/inventory/api/runs/', 'made-up'],
    [403, '/inventory/api/runs/', reader],
    [404, `${list}77777/`, null],
    [404, '/nothing/here', null],
    [404, '/inventory/api/held/none/', admin, { action: 'approve' }],
    [405, list, null, {}],
    [405, '/inventory/api/held/none/', admin],
    [429, '/inventory/sync/categories/', admin, { force: true }],
  ];
  supplier.latencyMs = 500;
  expect(note(SYNC, await ask(SYNC, admin, { force: true }, JSON_ONLY))).toBe(202);
  const busy = async () => note(SYNC, await ask(SYNC, admin, {}, JSON_ONLY));
  await expect.poll(busy, { timeout: 10_000 }).toBe(409);
  supplier.latencyMs = 0;
  for (const [status, path, token, body] of faults) {
    const answer = await ask(path, token, body, JSON_ONLY);
    expect(note(path, answer), `${path} ${answer.text}`).toBe(status);
    if (body === undefined) note(`${path} (page)`, await ask(path, token, body, PAGE));
  }
  await run.worker.stop();
  // A row that nobody of us wrote: what nobody foresaw is a 500.
  await client.send(
    new UpdateItemCommand({
      TableName: LOCAL_TABLE,
      Key: { pk: { S: 'control#main#categories' }, sk: { S: 'control' } },
      UpdateExpression: 'SET held = :odd, fence = :text',
      ExpressionAttributeValues: { ':odd': { S: 'not JSON' }, ':text': { S: 'odd' } },
    }),
  );
  for (const accept of [PAGE, JSON_ONLY]) {
    expect(note('status', await ask('/inventory/status/', admin, undefined, accept))).toBe(500);
  }
  expect([...seen.keys()], JSON.stringify([...seen.values()], null, 1)).toHaveLength(1);
  const [headers = ''] = seen.keys();
  expect(headers).not.toMatch(/null|unsafe/);
  expect(headers).toContain("default-src 'none'");
  expect(headers).toContain("frame-ancestors 'none'");
  expect(headers).toContain(`img-src 'self' ${supplier.url.replace(/(:\d+).*/, '$1')}`);
  const statuses = new Set([...seen.values()].flat().map((title) => Number(title.slice(0, 3))));
  expect([...statuses]).toEqual(
    expect.arrayContaining([200, 202, 303, 400, 401, 403, 404, 405, 409, 429, 500]),
  );
});

test('an address that takes other methods says which; one that does not exist says so', async () => {
  const { ask, as } = await staffService();
  const wrong = await ask('/api/inventory/products/synced', await as('admin'), {});
  expect(wrong.status).toBe(405);
  expect(wrong.headers.get('allow')).toBe('GET');
  expect(wrong.json).toMatchObject({ code: 'method_not_allowed', title: 'Method not allowed' });
  const nothing = await ask('/wp-login.php', null);
  expect([nothing.status, nothing.json['code']]).toEqual([404, 'not_found']);
});
