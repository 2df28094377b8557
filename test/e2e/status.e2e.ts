import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import type { JsonObject } from '../../shared/core/json.ts';
import { LOCAL_TABLE } from '../../local/catalog.ts';
import { createClient } from '../../shared/adapters/dynamodb-client.ts';
import { answers } from '../support/supplier.ts';
import { assertGoodPage, useBrowser } from './support/browser.ts';
import { manyProducts, service, type Service } from './support/service.ts';

const visit = useBrowser();
const STATUS = '/inventory/status/';
const withoutName = ({ name: _name, ...others }: JsonObject): JsonObject => others;

const glance = async (page: Page): Promise<string> =>
  ((await page.textContent('#products-glance')) ?? '').replaceAll(/\s+/g, ' ');

/** The products' words in both languages, each page good at its width; the phone is dark. */
async function said(
  { run, signIn }: Service,
  name: string,
): Promise<{ fr: string; en: string; page: Page }> {
  const phone = await visit({ width: 360, dark: true });
  await signIn(phone);
  await phone.goto(`${run.url}${STATUS}`);
  await phone.waitForLoadState('networkidle');
  await assertGoodPage(phone, `${name}-fr-phone-dark`);
  const fr = await glance(phone);
  const desktop = await visit({ locale: 'en-GB' });
  await desktop.context().addCookies(await phone.context().cookies(run.url));
  await desktop.goto(`${run.url}${STATUS}`);
  await desktop.waitForLoadState('networkidle');
  await assertGoodPage(desktop, `${name}-en-desktop`);
  return { fr, en: await glance(desktop), page: phone };
}

test('never synced: it says that nothing is stored, and that it starts by itself', async () => {
  const { fr, en } = await said(await service(), 'never-synced');
  expect(fr).toMatch(/Jamais synchronisé.*Rien n’est encore enregistré.*démarre d’elle-même/);
  expect(en).toMatch(/Never synced.*Nothing is stored yet.*starts by itself/);
});

test('fresh: all is well, with the figures', async () => {
  const open = await service();
  await open.sync();
  const { fr, en } = await said(open, 'fresh');
  expect(fr).toMatch(/À jour.*Tout va bien.*Enregistrés ?60.*En erreur ?0/);
  expect(en).toMatch(/Fresh.*All is well.*Stored ?60/);
});

test('wrong key: who refuses it, since when, what is still served, and where the key goes', async () => {
  const open = await service();
  await open.sync();
  open.supplier.key = 'another';
  await open.sync();
  const { fr, en } = await said(open, 'wrong-key');
  expect(fr).toMatch(
    /Clé refusée.*Le fournisseur refuse la clé depuis \d\d:\d\d.*Les données de \d\d:\d\d.*restent servies.*Vérifiez la clé/,
  );
  expect(en).toMatch(/refuses the key since.*is still served.*Check the key/);
});

test('supplier down: it does not answer, nothing is lost, whom to tell if it lasts', async () => {
  const open = await service();
  await open.sync();
  open.supplier.set(/^b2c/, answers.json({ error: 'down' }, 503));
  await open.sync();
  const { fr, en } = await said(open, 'supplier-down');
  expect(fr).toMatch(/En échec.*ne répond pas.*restent servies.*prévenez le fournisseur/);
  expect(en).toMatch(/does not answer.*still served.*tell the supplier/);
});

test('half the catalogue gone: nothing was removed, whom to ask, and both ways out', async () => {
  const open = await service();
  await open.sync();
  open.supplier.products = open.supplier.products.slice(0, 30);
  await open.sync();
  const { fr, en } = await said(open, 'held');
  expect(fr).toMatch(
    /À décider.*Il manque 30 enregistrements.*rien n’a été supprimé.*Demandez au fournisseur.*approuvez ou écartez/,
  );
  expect(en).toMatch(
    /30 records are missing.*nothing was removed.*Ask the supplier.*approve or discard/,
  );
});

test('three bad records: how many, that the good versions stay, why each, and the retry works', async () => {
  const open = await service();
  await open.sync();
  const good = open.supplier.products;
  open.supplier.products = good.map((product, at) => (at < 3 ? withoutName(product) : product));
  await open.sync();
  const { fr, en, page } = await said(open, 'bad-records');
  expect(fr).toMatch(
    /3 enregistrement\(s\).*ne sont pas valides.*reste servie.*corriger chez le fournisseur.*réessayez/,
  );
  expect(en).toMatch(/3 record\(s\).*not valid.*Have the supplier correct them.*retry/);
  open.supplier.products = good;
  expect(await page.textContent('#products-rest')).toContain('title: missing');
  await page.click('text=Réessayer ces enregistrements');
  expect(await page.textContent('.answer')).toContain('sont relus');
  await expect.poll(() => glance(page), { timeout: 20_000 }).toMatch(/En erreur ?0/);
});

test('schedule stopped: nobody has tried, since when, and what to check', async () => {
  const open = await service();
  await open.sync();
  const dayAgoMs = Date.now() - 86_400_000;
  const client = createClient({ endpoint: open.run.endpoint });
  await client.send(
    new UpdateItemCommand({
      TableName: LOCAL_TABLE,
      Key: { pk: { S: 'control#main#products' }, sk: { S: 'control' } },
      UpdateExpression:
        'SET last_attempt_at_ms = :then, last_success_at_ms = :then, next_due_at_ms = :then',
      ExpressionAttributeValues: { ':then': { N: `${dayAgoMs}` } },
    }),
  );
  client.destroy();
  const { fr, en } = await said(open, 'schedule-stopped');
  expect(fr).toMatch(
    /En retard.*Aucune synchronisation n’a été tentée depuis.*l’horaire semble arrêté.*EventBridge.*lancez/,
  );
  expect(en).toMatch(/Late.*No sync was tried since.*schedule seems to have stopped.*EventBridge/);
});

test('running: the progress moves by itself, without a reload', async () => {
  const open = await service({ products: manyProducts(600) });
  const page = await visit();
  await open.signIn(page);
  open.supplier.latencyMs = 400;
  const run = open.sync('products');
  await page.waitForSelector('progress', { timeout: 20_000 });
  await page.evaluate('window.sameDocument = true');
  await assertGoodPage(page, 'running-fr');
  const seen = new Set<string>();
  await expect
    .poll(
      async () => {
        seen.add((await page.getAttribute('progress', 'value')) ?? '');
        return seen.size;
      },
      { timeout: 40_000, interval: 300 },
    )
    .toBeGreaterThanOrEqual(3);
  expect(await glance(page)).toMatch(/\d+ sur 600 · [\d,]+ par seconde · encore/);
  open.supplier.latencyMs = 0;
  await run;
  await expect.poll(() => glance(page), { timeout: 20_000 }).toContain('À jour');
  expect(await page.evaluate('window.sameDocument')).toBe(true);
});

test.each([
  ['Approuver', 30, /Approved by npm start/],
  ['Écarter', 60, /Discarded by npm start/],
] as const)(
  '%s: held deletions leave %i products, and the run keeps who decided',
  async (button, left, note) => {
    const open = await service();
    await open.sync();
    open.supplier.products = open.supplier.products.slice(0, 30);
    await open.sync();
    const page = await visit();
    await open.signIn(page);
    expect(await page.textContent('#products-rest')).toContain('Produit 60');
    await page.click(`button:has-text("${button}")`);
    await expect
      .poll(() => glance(page), { timeout: 20_000 })
      .toMatch(new RegExp(`Enregistrés ?${left} `));
    await expect.poll(() => page.textContent('#products-runs'), { timeout: 20_000 }).toMatch(note);
  },
);

test('the page answers in at most 1.5 times the time of the status API', async () => {
  const open = await service();
  await open.sync();
  const page = await visit();
  await open.signIn(page);
  const cookies = await page.context().cookies(open.run.url);
  const cookie = cookies.find(({ name }) => name === '__Host-session');
  await page.close();
  const headers = { cookie: `__Host-session=${cookie?.value}`, accept: 'text/html' };
  const took: Record<'page' | 'api', number[]> = { page: [], api: [] };
  for (let round = 0; round < 120; round += 1) {
    for (const [name, path] of [
      ['page', STATUS],
      ['api', '/inventory/api/status/'],
    ] as const) {
      const startedAt = performance.now();
      const answer = await fetch(`${open.run.url}${path}`, { headers });
      await answer.text();
      expect(answer.status).toBe(200);
      if (round >= 20) took[name].push(performance.now() - startedAt);
    }
  }
  const median = (times: number[]) =>
    times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  const ratio = median(took.page) / median(took.api);
  process.stdout.write(`status page / status API, medians of 100: ${ratio.toFixed(2)}\n`);
  expect(ratio).toBeLessThanOrEqual(1.5);
});
