import { expect, test } from 'vitest';
import type { JsonObject } from '../../shared/core/json.ts';
import { aCategory, aProduct } from '../support/supplier.ts';
import { assertGoodPage, useBrowser } from './support/browser.ts';
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
    const result = async () => {
      if (!javaScriptEnabled) await page.reload();
      return page.textContent('#products-result');
    };
    await expect
      .poll(result, { timeout: 20_000 })
      .toMatch(/Completed: 60 read, 0 created, 0 updated, 60 unchanged/);
    if (javaScriptEnabled) await assertGoodPage(page, 'sync-result-en');
    await page.click('button:has-text("Force now")');
    expect(await page.textContent('.answer')).toContain(
      'Somebody has forced within the last minute',
    );
  },
);

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
    ['/inventory/status/', 'alert(1)'],
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
  'script:not([src="/staff.js"]), iframe, object, embed, svg, style, base, [onerror], [onload], [onclick], [onfocus], [style*="url"]';

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
  const page = await visit({ width: 360, dark: true });
  await page.goto(`${open.run.url}/`);
  expect(await page.textContent('main')).toContain('Le catalogue arrive');
  await open.sync();
  await page.reload();
  expect(await page.textContent('main')).toMatch(
    /Rayons.*Nouveaux produits.*Viande.*le kg.*Thé vert.*Promotion/s,
  );
  await assertGoodPage(page, 'home-fr-phone-dark');
  const desktop = await visit({ locale: 'en-GB' });
  await desktop.goto(`${open.run.url}/`);
  await assertGoodPage(desktop, 'home-en-desktop');
});
