import { expect, onTestFinished, test } from 'vitest';
import type { Page } from 'playwright-core';
import { LOCAL_TABLE } from '../../local/catalog.ts';
import { createClient } from '../../shared/adapters/dynamodb/client.ts';
import { createDynamoDBTokens } from '../../shared/adapters/dynamodb/tokens.ts';
import { sha256 } from '../../shared/adapters/secrets.ts';
import { CLIENT_ID, openIdProvider } from '../support/openid-provider.ts';
import { assertGoodPage, useBrowser } from './support/browser.ts';
import { service } from './support/service.ts';

const visit = useBrowser();

/** The service with a real issuer: whoever signs in as `owners` may everything, others nothing. */
async function withIssuer() {
  return service({
    environment: async (port) => {
      const provider = await openIdProvider(`http://localhost:${port}/inventory/login/callback`);
      onTestFinished(() => provider.close());
      return {
        OIDC_ISSUER: provider.url,
        OIDC_CLIENT_ID: CLIENT_ID,
        OIDC_GROUP_SCOPES: 'owners=admin',
      };
    },
  });
}

async function signInAs(page: Page, name: string): Promise<void> {
  await page.fill('input[name=login]', name);
  await page.fill('input[name=password]', 'any');
  await page.click('button[type=submit]');
  await page.click('button[type=submit]');
}

test('a page whose session ends asks to sign in again, and does not stand still', async () => {
  const { run } = await withIssuer();
  const page = await visit();
  await page.goto(`${run.url}/inventory/status/`);
  await signInAs(page, 'owners');
  await page.context().clearCookies();
  const asked = await page.waitForSelector('input[name=login]', { timeout: 20_000 });
  expect(await asked.isVisible()).toBe(true);
});

test('staff sign in with the shop’s issuer, come back to where they were going, and sign out', async () => {
  const { run } = await withIssuer();
  const page = await visit();
  await page.goto(`${run.url}/inventory/sync/products/`);
  await signInAs(page, 'owners');
  expect(page.url()).toBe(`${run.url}/inventory/sync/products/`);
  expect(await page.textContent('header')).toContain('owners@shop.example');
  const cookies = await page.context().cookies(run.url);
  expect(cookies.find(({ name }) => name === '__Host-session')).toMatchObject({
    httpOnly: true,
    secure: true,
    sameSite: 'Lax',
    path: '/',
  });
  await page.click('header button');
  expect(await page.textContent('main')).toContain('Vous êtes déconnecté.');
  const there = new URL((await page.getAttribute('main p:last-child a', 'href')) ?? '');
  expect(Object.fromEntries(there.searchParams)).toEqual({
    client_id: CLIENT_ID,
    logout_uri: `${run.url}/`,
  });
  await assertGoodPage(page, 'signed-out');
  const left = await page.context().cookies(run.url);
  expect(left.map(({ name }) => name)).not.toContain('__Host-session');
  expect((await page.request.get(`${run.url}/inventory/api/runs/`)).status()).toBe(401);
});

test('whoever has no group of ours signs in, and may nothing', async () => {
  const { run } = await withIssuer();
  const page = await visit({ locale: 'en-GB' });
  await page.goto(`${run.url}/inventory/status/`);
  await signInAs(page, 'visitors');
  expect(await page.textContent('main')).toContain('your account may not do this');
  await assertGoodPage(page, 'not-allowed');
});

test('an answer to a login that this browser did not begin is refused', async () => {
  const { run } = await withIssuer();
  const page = await visit();
  await page.goto(`${run.url}/inventory/login/callback?code=stolen&state=made-up`);
  expect(await page.textContent('main')).toContain(
    'a expiré, ou a commencé dans un autre navigateur',
  );
});

test('the local link signs in once, and never again', async () => {
  const { run } = await service();
  const page = await visit();
  const link = run.loginUrl();
  await page.goto(link);
  expect(page.url()).toBe(`${run.url}/inventory/status/`);
  const other = await visit();
  expect((await other.goto(link))?.status()).toBe(403);
  expect(await other.textContent('main')).toContain('Ce lien a déjà servi');
});

test('closed reads: a program needs a token, a person signs in and comes back to the catalogue', async () => {
  const { run, sync, signIn } = await service({
    environment: async () => ({ PUBLIC_READS: 'false' }),
  });
  await sync();
  const list = `${run.url}/api/inventory/products/synced/`;
  const asked = async (headers: Record<string, string> = {}) => {
    const answer = await fetch(list, { headers });
    const text = await answer.text();
    return { status: answer.status, text, cache: answer.headers.get('cache-control') };
  };
  const closed = await asked();
  expect(closed.status).toBe(401);
  expect(closed.text).toContain('reads_closed');
  expect((await asked({ authorization: 'Bearer b2bsync_made-up' })).status).toBe(401);
  const client = createClient({ endpoint: run.endpoint });
  onTestFinished(() => client.destroy());
  const times = { createdAtMs: Date.now(), expiresAtMs: Date.now() + 60_000 };
  const token = { id: 'a', name: 'caisse', scopes: ['read'] as const, ...times };
  await createDynamoDBTokens(client, LOCAL_TABLE).add(sha256('b2bsync_good'), token);
  const open = await asked({ authorization: 'Bearer b2bsync_good' });
  expect(open.status).toBe(200);
  expect(JSON.parse(open.text)).toMatchObject({ count: 60 });
  expect(open.cache).toMatch(/^private/);
  const page = await visit();
  await page.goto(list);
  expect(page.url()).toContain(
    '/inventory/login/?return=%2Fapi%2Finventory%2Fproducts%2Fsynced%2F',
  );
  await signIn(page);
  expect((await page.goto(list))?.status()).toBe(200);
  // The shop's home is for everybody.
  expect((await fetch(`${run.url}/`)).status).toBe(200);
});
