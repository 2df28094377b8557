import { expect, test } from 'vitest';
import { sha256 } from '../../shared/adapters/secrets.ts';
import * as z from 'zod';
import { TOKEN_PREFIX } from '../../shared/core/access.ts';
import { staffService } from '../support/staff-service.ts';
import { answers, products } from '../support/supplier.ts';
import { ulid } from 'ulid';

const SYNC = '/inventory/sync/products/';

test('what is not public needs a scope: 401 without a proof, 403 without the scope', async () => {
  const { as, ask } = await staffService();
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
  const { as, ask, run } = await staffService();
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
  const { as, ask, run, supplier } = await staffService();
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

test('an Idempotency-Key is 1 to 255 visible characters: another is refused, and starts nothing', async () => {
  const { as, ask, run, supplier } = await staffService();
  const token = await as('sync');
  const sent = (key: string) => ask(SYNC, token, {}, { 'idempotency-key': key });
  for (const key of ['', 'two words', 'clé', 'x'.repeat(256)]) {
    const { status, json } = await sent(key);
    expect([status, json['code']], key).toEqual([400, 'bad_parameter']);
    expect(json['detail']).toContain('Idempotency-Key');
  }
  expect(supplier.count()).toBe(0);
  expect((await sent('x'.repeat(255))).status).toBe(202);
  await run.worker.stop();
});

test('while a sync runs, another is answered 409 with its id', async () => {
  const { as, ask, run, supplier } = await staffService(products(1, 200));
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
  const { as, ask, supplier } = await staffService();
  const token = await as('admin');
  for (const body of [{ force: 'yes' }, { force: 1 }, { forced: true }, { resource: 'all' }]) {
    const { status, json } = await ask(SYNC, token, body);
    expect([status, json['code']], JSON.stringify(body)).toEqual([400, 'bad_parameter']);
  }
  expect((await ask('/inventory/api/held/nothing/', token, { action: 'approve' })).status).toBe(
    404,
  );
  for (const limit of ['0', '201', '0x10', '1e1', '1.0', '+5', ''])
    expect((await ask(`/inventory/api/runs/?limit=${limit}`, token)).status, limit).toBe(400);
  expect((await ask('/inventory/api/runs/?limit=200', token)).status).toBe(200);
  expect((await ask('/inventory/api/rejects/', token, { resource: 'others' })).status).toBe(400);
  expect(supplier.count()).toBe(0);
});

test('a name of any length has its retry carried out, and not only accepted', async () => {
  const { ask, run, tokens } = await staffService();
  await run.worker.invoke({ resource: 'all' });
  const times = { createdAtMs: 0, expiresAtMs: Date.now() + 60_000 };
  const name = 'caisse '.repeat(60);
  const token = { id: 'long', name, scopes: ['admin'] as const, ...times };
  await tokens.add(sha256('b2bsync_long'), token);
  const retried = await ask('/inventory/api/rejects/', 'b2bsync_long', { resource: 'products' });
  expect(retried.status).toBe(202);
  const scopes = async () => {
    const { json } = await ask('/inventory/api/runs/?resource=products', 'b2bsync_long');
    return JSON.stringify(json);
  };
  await expect.poll(scopes).toContain('"scope":"rejects"');
});

test('a session’s change is taken from its own page alone: same site, and with the form’s token', async () => {
  const { ask, run, supplier } = await staffService();
  const signedIn = await fetch(run.loginUrl(), { redirect: 'manual' });
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

test('a revoked token lets nobody in from the next request on', async () => {
  const { as, ask, tokens } = await staffService();
  const token = await as('sync');
  expect((await ask('/inventory/api/runs/', token)).status).toBe(200);
  const [kept] = await tokens.list();
  expect(JSON.stringify(kept)).not.toContain(token);
  expect(await tokens.revoke(kept?.id ?? '')).toBe(true);
  expect((await ask('/inventory/api/runs/', token)).status).toBe(401);
  expect(await tokens.revoke('unknown')).toBe(false);
});

test('a sync that has just begun or ended is seen at once, however often the status is asked for', async () => {
  const { run, supplier, ask, as } = await staffService(products(1, 40));
  await run.worker.invoke({ resource: 'products' });
  const admin = await as('admin');
  const stateOf = async () => {
    const { json } = await ask('/inventory/api/status/', null);
    return z.looseObject({ state: z.string() }).parse(json['products']).state;
  };
  expect(await stateOf()).toBe('fresh');
  supplier.latencyMs = 300;
  expect((await ask(SYNC, admin, { force: true })).status).toBe(202);
  await expect.poll(stateOf, { timeout: 1_500, interval: 50 }).toBe('running');
  const page = await ask('/inventory/status/', admin, undefined, { accept: 'text/html' });
  expect(page.text).toContain('Synchronisation en cours');
  supplier.latencyMs = 0;
  await run.worker.stop();
});

test('while a sync is paused: an order is served by that run and says so; retries and approvals say why not now', async () => {
  const { run, supplier, ask, as } = await staffService(products(1, 300));
  const details = /^b2c\/products\/\d+/;
  await run.worker.invoke({ resource: 'products' });
  const all = supplier.products;
  supplier.products = all.slice(0, 150);
  await run.worker.invoke({ resource: 'products', force: true });
  const [held] = await listedRuns(ask, await as('sync'));
  expect(held?.outcome).toBe('held');
  supplier.products = all;
  const failing = Array.from({ length: 2_000 }, (_, at) => at + 100);
  supplier.set(details, answers.json({ error: 'down' }, 500), failing);
  await run.worker.invoke({ resource: 'products', force: true });
  const approved = await ask(`/inventory/api/held/${held?.run_id}/`, await as('sync'), {
    action: 'approve',
  });
  expect([approved.status, approved.json['decision']]).toEqual([409, 'running']);
  expect(approved.json['message']).toContain('unfinished');
  supplier.set(details, null);
  const forced = await ask(SYNC, await as('sync:force'), { force: true });
  expect(forced.status).toBe(202);
  const ended = async () => (await listedRuns(ask, await as('sync')))[0];
  await expect
    .poll(ended, { timeout: 10_000 })
    .toMatchObject({ run_id: forced.json['run_id'], outcome: 'completed' });
  expect((await ended())?.note).toContain('Asked for by test.');
});

test('a page that waits for a run that never began, or that another served, does not wait for ever', async () => {
  const { run, ask, as } = await staffService();
  const token = await as('sync');
  const page = async (atMs: number) =>
    (await ask(`${SYNC}?run=${ulid(atMs)}`, token, undefined, { accept: 'text/html' })).text;
  expect(await page(Date.now())).toMatch(/data-refresh-ms="1000"[^]*La synchronisation démarre/);
  const missed = await page(Date.now() - 120_000);
  expect(missed).toContain('On ne sait rien de cette synchronisation');
  expect(missed).not.toContain('data-refresh-ms="1000"');
  await run.worker.invoke({ resource: 'products' });
  const served = await page(Date.now() - 60_000);
  expect(served).toContain('5 lus');
  expect(served).not.toContain('data-refresh-ms="1000"');
});

const runs = z.looseObject({
  products: z.array(
    z.looseObject({ run_id: z.string(), outcome: z.string(), note: z.string().nullish() }),
  ),
});

/** The last runs of the products, newest first. */
async function listedRuns(
  ask: Awaited<ReturnType<typeof staffService>>['ask'],
  token: string,
): Promise<z.infer<typeof runs>['products']> {
  return runs.parse((await ask('/inventory/api/runs/?resource=products', token)).json).products;
}
