import { expect, test } from 'vitest';
import * as z from 'zod';
import { createDynamoDBTokens } from '../../shared/adapters/dynamodb-tokens.ts';
import { createClient } from '../../shared/adapters/dynamodb-client.ts';
import { newSecret, sha256 } from '../../shared/adapters/secrets.ts';
import { TOKEN_PREFIX, type Scope } from '../../shared/core/access.ts';
import { LOCAL_TABLE } from '../../local/catalog.ts';
import type { LocalRun } from '../../local/local-run.ts';
import { localService, localSettings } from '../support/local-service.ts';
import { products, startSupplier, SUPPLIER_KEY, type Supplier } from '../support/supplier.ts';

const SYNC = '/inventory/sync/products/';

/** A synced service, and what programs with these scopes are answered. */
async function open(count = 5) {
  const supplier: Supplier = await startSupplier({ products: products(1, count), categories: [] });
  const run: LocalRun = await localService(
    await localSettings({ url: supplier.url, key: SUPPLIER_KEY }),
  );
  const client = createClient({ endpoint: run.endpoint });
  const tokens = createDynamoDBTokens(client, LOCAL_TABLE);
  const as = async (...scopes: Scope[]) => {
    const secret = `${TOKEN_PREFIX}${newSecret()}`;
    const expiresAtMs = Date.now() + 60_000;
    await tokens.add(sha256(secret), {
      id: secret.slice(-6),
      name: 'test',
      scopes,
      createdAtMs: 0,
      expiresAtMs,
    });
    return secret;
  };
  const ask = async (
    path: string,
    token: string | null,
    body?: object,
    more: Record<string, string> = {},
  ) => {
    const answer = await fetch(`${run.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...more,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json: unknown = text.startsWith('{') ? JSON.parse(text) : {};
    return {
      status: answer.status,
      headers: answer.headers,
      json: z.record(z.string(), z.unknown()).parse(json),
    };
  };
  return { run, supplier, as, ask, tokens };
}

test('what is not public needs a scope: 401 without a proof, 403 without the scope', async () => {
  const { as, ask } = await open();
  const reader = await as('read');
  for (const path of [
    '/inventory/status/',
    '/inventory/api/runs/',
    '/inventory/api/rejects',
    SYNC,
  ]) {
    expect((await ask(path, null)).status, path).toBe(401);
    expect((await ask(path, `${TOKEN_PREFIX}made-up`)).status, path).toBe(401);
    expect((await ask(path, reader)).status, path).toBe(403);
  }
  expect((await ask(SYNC, null, { force: true })).status).toBe(401);
  expect((await ask(SYNC, reader, { force: true })).status).toBe(403);
  expect((await ask('/inventory/api/status/', null)).status).toBe(200);
  expect((await ask('/inventory/api/status/', 'nonsense')).status).toBe(401);
});

test('forcing needs its own scope; then it is accepted with the run’s id, once a minute in all', async () => {
  const { as, ask, run } = await open();
  await run.worker.invoke({ resource: 'all' });
  expect((await ask(SYNC, await as('sync'), { force: true })).status).toBe(403);
  const fresh = await ask(SYNC, await as('sync'), {});
  expect([fresh.status, fresh.json['decision']]).toEqual([200, 'fresh']);
  const forced = await ask(SYNC, await as('sync:force'), { force: true });
  expect(forced.status).toBe(202);
  const runId = z.string().parse(forced.json['run_id']);
  const again = await ask('/inventory/sync/categories', await as('admin'), { force: true });
  expect(again.status).toBe(429);
  expect(Number(again.headers.get('retry-after'))).toBeGreaterThan(50);
  const listed = async () =>
    JSON.stringify((await ask('/inventory/api/runs/?resource=products', await as('sync'))).json);
  await expect.poll(listed, { timeout: 10_000 }).toContain(runId);
  expect(await listed()).toContain('Asked for by test.');
});

test('the same Idempotency-Key is the same run; with another request it is refused', async () => {
  const { as, ask, run, supplier } = await open();
  const token = await as('sync:force');
  const key = { 'idempotency-key': 'one' };
  const first = await ask(SYNC, token, { force: true }, key);
  const second = await ask(SYNC, token, { force: true }, key);
  expect([first.status, second.status]).toEqual([202, 202]);
  expect(second.json['run_id']).toBe(first.json['run_id']);
  expect(second.headers.get('idempotent-replayed')).toBe('true');
  expect((await ask(SYNC, token, { force: false }, key)).status).toBe(422);
  await run.worker.stop();
  expect(supplier.count('b2c/products/')).toBeLessThanOrEqual(2);
});

test('while a sync runs, another is answered 409 with its id', async () => {
  const { as, ask, run, supplier } = await open(200);
  supplier.latencyMs = 300;
  const token = await as('sync');
  const started = await ask(SYNC, token, {});
  expect(started.status).toBe(202);
  const next = async () => (await ask(SYNC, token, {})).json['run_id'];
  await expect.poll(next, { timeout: 10_000 }).toBe(started.json['run_id']);
  expect((await ask(SYNC, token, {})).status).toBe(409);
  supplier.latencyMs = 0;
  await run.worker.stop();
});

test('a body that is not as declared starts nothing, and says why', async () => {
  const { as, ask, supplier } = await open();
  const token = await as('admin');
  for (const body of [{ force: 'yes' }, { force: 1 }, { forced: true }, { resource: 'all' }]) {
    const { status, json } = await ask(SYNC, token, body);
    expect([status, json['code']], JSON.stringify(body)).toEqual([400, 'bad_parameter']);
  }
  expect((await ask('/inventory/api/held/nothing/', token, { action: 'approve' })).status).toBe(
    404,
  );
  expect((await ask('/inventory/api/runs/?limit=0', token)).status).toBe(400);
  expect((await ask('/inventory/api/rejects/', token, { resource: 'others' })).status).toBe(400);
  expect(supplier.count()).toBe(0);
});

test('a session’s change is taken from its own page alone: same site, and with the form’s token', async () => {
  const { ask, run, supplier } = await open();
  const signedIn = await fetch(run.loginUrl, { redirect: 'manual' });
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const page = await (
    await fetch(`${run.url}${SYNC}`, { headers: { cookie, accept: 'text/html' } })
  ).text();
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const from = (headers: Record<string, string>) => ask(SYNC, null, {}, { cookie, ...headers });
  const own = { 'x-csrf-token': csrf };
  expect((await from({ ...own, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await from({ ...own, 'sec-fetch-site': 'same-site' })).status).toBe(403);
  expect((await from({ ...own, origin: 'https://evil.example' })).status).toBe(403);
  expect((await from(own)).status).toBe(403);
  expect((await from({ 'sec-fetch-site': 'same-origin' })).status).toBe(403);
  expect((await from({ 'sec-fetch-site': 'same-origin', 'x-csrf-token': 'guessed' })).status).toBe(
    403,
  );
  expect(supplier.count()).toBe(0);
  expect((await from({ ...own, origin: run.url })).status).toBe(202);
  await run.worker.stop();
});

test('every route, also when it refuses, carries the same security headers and no unsafe policy', async () => {
  const { ask } = await open();
  const paths = [
    '/',
    '/style.css',
    '/staff.js',
    '/inventory/status/',
    '/inventory/login/',
    '/inventory/api/runs/',
    '/inventory/api/status/',
    '/api/inventory/products/synced/',
    '/api/inventory/products/synced/none/',
    '/api/inventory/products/synced/?page_size=0',
  ];
  const answers = await Promise.all(paths.map((path) => ask(path, null)));
  for (const [at, { headers }] of answers.entries()) {
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy, paths[at]).toContain("default-src 'none'");
    expect(policy, paths[at]).toContain("frame-ancestors 'none'");
    expect(policy, paths[at]).not.toContain('unsafe');
    expect(headers.get('x-content-type-options'), paths[at]).toBe('nosniff');
    expect(headers.get('referrer-policy'), paths[at]).toBe('no-referrer');
    expect(headers.get('strict-transport-security'), paths[at]).toBeTruthy();
  }
});

test('a revoked token lets nobody in from the next request on', async () => {
  const { as, ask, tokens } = await open();
  const token = await as('sync');
  expect((await ask('/inventory/api/runs/', token)).status).toBe(200);
  const [kept] = await tokens.list();
  expect(JSON.stringify(kept)).not.toContain(token);
  expect(await tokens.revoke(kept?.id ?? '')).toBe(true);
  expect((await ask('/inventory/api/runs/', token)).status).toBe(401);
  expect(await tokens.revoke('unknown')).toBe(false);
});
