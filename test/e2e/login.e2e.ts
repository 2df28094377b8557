import { expect, onTestFinished, test } from 'vitest';
import type { Page } from 'playwright-core';
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
  const { run, signIn } = await service();
  const page = await visit();
  await signIn(page);
  expect(page.url()).toBe(`${run.url}/inventory/status/`);
  const other = await visit();
  expect((await other.goto(run.loginUrl))?.status()).toBe(403);
  expect(await other.textContent('main')).toContain('Ce lien a déjà servi');
});
