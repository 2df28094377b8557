import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../shared/core/json.ts';
import { aCategory, answers, aProduct } from '../support/supplier.ts';
import { assertGoodPage, OTHER_LOOKS, useBrowser } from './support/browser.ts';
import { PAYLOADS } from './support/payloads.ts';
import { service } from './support/service.ts';

const visit = useBrowser();

test.each([
  ['with', true],
  ['without', false],
] as const)(
  'forcing works %s JavaScript: cost before, result after, and a limit in words',
  async (_title, javaScriptEnabled) => {
    const { run, sync, signIn } = await service();
    await sync();
    const page = await visit({ javaScriptEnabled, locale: 'en-GB' });
    await signIn(page);
    await page.goto(`${run.url}/inventory/sync/products/`);
    expect(await page.textContent('main')).toMatch(/The last full sync took .* and \d+ requests/);
    await page.click('button:has-text("Sync if it is due")');
    expect(await page.textContent('.answer')).toContain('fresh: nothing was started');
    await page.click('button:has-text("Force now")');
    expect(page.url()).toMatch(/\?run=[0-9A-Z]{26}$/);
    // Without the script the page reloads by itself.
    await expect
      .poll(() => page.textContent('#products-result'), { timeout: 20_000 })
      .toMatch(/Completed: 60 read, 0 created, 0 updated, 60 unchanged/);
    if (javaScriptEnabled) await assertGoodPage(page, 'sync-result-en');
    await page.click('button:has-text("Force now")');
    expect(await page.textContent('.answer')).toContain(
      'Somebody has forced within the last minute',
    );
  },
);

test('the text of a button is in its middle, of a link that looks like one too', async () => {
  const { run, signIn } = await service();
  const page = await visit();
  for (const path of ['/nope', '/inventory/nope', '/inventory/sync/products/']) {
    if (path.includes('sync')) await signIn(page);
    await page.goto(`${run.url}${path}`);
    await page.screenshot({ path: `.e2e/buttons${path.replaceAll('/', '-')}.png` });
    const offCentre =
      await page.evaluate(`Math.max(...[...document.querySelectorAll('button, .button')].map((one) => {
      const text = document.createRange();
      text.selectNodeContents(one);
      const [outer, inner] = [one, text].map((of) => of.getBoundingClientRect());
      return Math.abs(outer.top + outer.bottom - inner.top - inner.bottom) / 2;
    }))`);
    expect(offCentre, path).toBeLessThan(1);
  }
});

test('everything on the sync page is reached and done by keyboard', async () => {
  const { run, sync, signIn } = await service();
  await sync();
  const page = await visit();
  await signIn(page);
  await page.goto(`${run.url}/inventory/sync/categories/`);
  const reached: string[] = [];
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press('Tab');
    const text = await page.evaluate('document.activeElement.textContent.trim()');
    reached.push(String(text));
    if (text === 'Forcer maintenant') break;
  }
  expect(reached).toEqual([
    'Aller au contenu',
    'État du catalogue',
    'Produits',
    'Catégories',
    'La boutique',
    'Se déconnecter',
    'Synchroniser si c’est le moment',
    'Forcer maintenant',
  ]);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\?run=/);
});

/** Presses Tab until the keyboard is on what has this text; the texts on the way. */
async function tabTo(page: Page, text: string): Promise<readonly string[]> {
  const reached: string[] = [];
  for (let step = 0; step < 60 && reached.at(-1) !== text; step += 1) {
    await page.keyboard.press('Tab');
    const name = 'document.activeElement.textContent || document.activeElement.ariaLabel || ""';
    reached.push(String(await page.evaluate(`(${name}).trim().replaceAll(/\\s+/g, " ")`)));
  }
  expect(reached.at(-1)).toBe(text);
  return reached;
}

test('by keyboard alone: sign in, retry, discard, force, sign out', async () => {
  const open = await service();
  await open.sync();
  const good = open.supplier.products;
  const nameless = ({ name: _name, ...rest }: JsonObject): JsonObject => rest;
  open.supplier.products = [...good.slice(0, 1).map(nameless), ...good.slice(1, 30)];
  await open.sync();
  const page = await visit();
  await open.signIn(page);
  const said = () => page.textContent('.answer');
  await tabTo(page, 'Réessayer ces enregistrements');
  await page.keyboard.press('Enter');
  await page.waitForURL(/answer=retry/);
  expect(await said()).toContain('sont relus');
  const noLease = async () =>
    (await page.request.get(`${open.run.url}/inventory/api/status/`)).text();
  await expect.poll(noLease, { timeout: 20_000 }).not.toContain('"lock_active":true');
  await tabTo(page, 'Écarter : tout garder');
  await page.keyboard.press('Space');
  await page.waitForURL(/answer=discard/);
  expect(await said()).toContain('tout est gardé');
  await page.goto(`${open.run.url}/inventory/sync/categories/`);
  await tabTo(page, 'Forcer maintenant');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\?run=/);
  const reached = await tabTo(page, 'Se déconnecter');
  expect(reached[0]).toBe('Aller au contenu');
  await page.keyboard.press('Enter');
  await page.waitForURL(/signed_out/);
  expect(await page.textContent('main')).toContain('Vous êtes déconnecté.');
});

test('no payload of 50 becomes a script, a request or a style, whatever field it comes in', async () => {
  const products: JsonObject[] = PAYLOADS.map((payload, at) =>
    aProduct(at + 1, {
      name: payload,
      description: payload,
      image_url: payload,
      brand_name: payload,
    }),
  );
  const bad: JsonObject[] = PAYLOADS.slice(0, 15).map((payload, at) => ({ id: `${payload}${at}` }));
  const open = await service({ products: [...products, ...bad] });
  open.supplier.categories = PAYLOADS.map((payload, at) => aCategory(at + 1, { name: payload }));
  await open.sync();
  // Once more under other names, so that what changed is told, too; then the supplier's own error text.
  const renamed = (product: JsonObject, at: number): JsonObject => ({
    ...product,
    name: PAYLOADS[(at + 1) % PAYLOADS.length] ?? '',
  });
  open.supplier.products = products.map(renamed);
  await open.sync();
  open.supplier.set(/^b2c\/categories/, answers.json({ error: PAYLOADS.join(' ') }, 500));
  await open.sync('categories');
  const page = await visit();
  const seen: { dialogs: number; readonly foreign: string[] } = { dialogs: 0, foreign: [] };
  page.on('dialog', (dialog) => {
    seen.dialogs += 1;
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const { origin } = new URL(request.url());
    if (![open.run.url, new URL(open.supplier.url).origin].includes(origin))
      seen.foreign.push(origin);
  });
  await open.signIn(page);
  for (const [path, shows] of [
    ['/', 'alert(1)'],
    ['/inventory/status/', ' → '],
    ['/inventory/status/', 'server error (500): {"error":"<script>'],
    ['/inventory/sync/products/', 'Synchroniser'],
  ] as const) {
    await page.goto(`${open.run.url}${path}`);
    await page.waitForLoadState('networkidle');
    expect(await page.textContent('main'), path).toContain(shows);
    expect(await page.evaluate('window.pwned'), path).toBeUndefined();
    expect(await page.locator(FOREIGN).count(), path).toBe(0);
  }
  expect(seen).toEqual({ dialogs: 0, foreign: [] });
});

/** What no text of a supplier may become. */
const FOREIGN =
  'script:not([src="/staff.js"], [src="/shop.js"]), iframe, object, embed, svg, style, base, [onerror], [onload], [onclick], [onfocus], [style*="url"]';

test('the home shows categories, products, promotions and prices a kilogram, at 360 px and in the dark', async () => {
  const products = [
    aProduct(1, { name: 'Thé vert', has_promotion: true, promo_price: '900.00' }),
    aProduct(2, {
      name: 'Viande',
      sale_unit_type: 'weight',
      weight_unit: 'kg',
      selling_price: '4200',
    }),
  ];
  const open = await service({ products });
  const page = await visit();
  await page.goto(`${open.run.url}/`);
  expect(await page.textContent('main')).toContain('Le catalogue arrive');
  await assertGoodPage(page, 'home-filling-fr');
  await open.sync();
  await page.reload();
  expect(await page.textContent('main')).toMatch(
    /Rayons.*Nouveaux produits.*Viande.*le kg.*Thé vert.*Promotion/s,
  );
  const time = page.locator('footer time');
  const at = new Date((await time.getAttribute('datetime')) ?? '');
  const inParis = { timeZone: 'Europe/Paris', hour: '2-digit', minute: '2-digit' } as const;
  expect(await time.textContent()).toContain(at.toLocaleTimeString('fr', inParis));
  await assertGoodPage(page, 'home-fr');
  const desktop = await visit({ locale: 'en-GB' });
  await desktop.goto(`${open.run.url}/`);
  await assertGoodPage(desktop, 'home-en', OTHER_LOOKS);
});
