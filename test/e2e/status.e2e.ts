import { expect, test } from 'vitest';
import type { JsonObject } from '../../shared/core/json.ts';
import { answers } from '../support/supplier.ts';
import { assertGoodPage, useBrowser } from './support/browser.ts';
import { glance, said, STATUS } from './support/said.ts';
import { manyProducts, service } from './support/service.ts';

const visit = useBrowser();
const withoutName = ({ name: _name, ...others }: JsonObject): JsonObject => others;

/** A run that its host left in the middle of 60 records. */
const A_RUN = {
  runId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  trigger: 'schedule',
  scope: 'full',
  phase: 'listing',
  cursor: '2',
  chunks: 1,
  pagesRead: 1,
  pagesFailed: 0,
  rowsRead: 40,
  doneBefore: 40,
  expected: 60,
  stats: {
    total: 40,
    created: 0,
    updated: 0,
    unchanged: 40,
    removed: 0,
    errors: 0,
    duplicates: 0,
    upstream_requests: 41,
    retries: 0,
  },
  configuration: 'v1',
  note: null,
};

test('never synced: it says that nothing is stored, and that it starts by itself', async () => {
  const { fr, en } = await said(await service(), visit, 'never-synced');
  expect(fr).toMatch(/Jamais synchronisé.*Rien n’est encore enregistré.*démarre d’elle-même/);
  expect(en).toMatch(/Never synced.*Nothing is stored yet.*starts by itself/);
});

test('fresh: all is well, with the figures', async () => {
  const open = await service();
  await open.sync();
  const { fr, en } = await said(open, visit, 'fresh');
  expect(fr).toMatch(/À jour.*Tout va bien.*Enregistrés ?60.*En erreur ?0/);
  expect(en).toMatch(/Fresh.*All is well.*Stored ?60/);
});

test('due: it says since when, that it starts by itself, and that nobody need do anything', async () => {
  const open = await service();
  await open.sync();
  await open.stage({ next_due_at_ms: Date.now() - 60_000 });
  const { fr, en } = await said(open, visit, 'due');
  expect(fr).toMatch(/À synchroniser.*attendue depuis \d\d:\d\d.*d’elle-même ; rien à faire/);
  expect(en).toMatch(/Due.*since \d\d:\d\d.*starts by itself; nothing to do/);
});

test('paused: how far it is, why it stopped, that it goes on by itself; then it does', async () => {
  const open = await service({ products: manyProducts(300) });
  const details = /^b2c\/products\/\d+/;
  const down = Array.from({ length: 2_000 }, (_, at) => at + 150);
  open.supplier.set(details, answers.json({ error: 'down' }, 500), down);
  await open.sync('products');
  const { fr, en, page } = await said(open, visit, 'paused');
  expect(fr).toMatch(
    /En pause.*(échoue si souvent|répond par des erreurs).*d’(elle-même|eux-mêmes).*\d+ sur 300/,
  );
  expect(en).toMatch(
    /Paused.*(has failed so often|has answered with errors).*by (itself|themselves).*\d+ of 300/,
  );
  open.supplier.set(details, null);
  await open.run.worker.invoke({ resource: 'all', resume_only: true, trigger: 'schedule' });
  await expect.poll(() => glance(page), { timeout: 20_000 }).toMatch(/À jour.*Enregistrés ?300/);
});

test('paused because the host’s time was over: it says that it goes on, and what is served', async () => {
  const open = await service();
  await open.sync();
  const run = { ...A_RUN, startedAtMs: Date.now() - 60_000, checkpointAtMs: Date.now() };
  await open.stage({ run: JSON.stringify(run), run_id: run.runId, chunks: run.chunks });
  const { fr, en } = await said(open, visit, 'resuming');
  expect(fr).toMatch(/En pause.*reprend d’elle-même d’ici quelques minutes.*40 sur 60/);
  expect(en).toMatch(/Paused.*goes on by itself within minutes.*40 of 60/);
});

test('no credential: that there is no key, where it goes, and that no deployment is needed', async () => {
  const open = await service();
  await open.sync();
  const error = { code: 'no_credential', message: 'no secret', atMs: Date.now() };
  await open.stage({ last_error: JSON.stringify(error), consecutive_failures: 1 });
  const { fr, en } = await said(open, visit, 'no-credential');
  expect(fr).toMatch(
    /Clé absente ou refusée.*Aucune clé du fournisseur.*restent servies.*Secrets Manager.*sans redéploiement/,
  );
  expect(en).toMatch(
    /No key for the supplier.*still served.*Secrets Manager.*without a deployment/,
  );
});

test('what changed, how the supplier did and why runs ended are told in the reader’s language', async () => {
  const open = await service();
  await open.sync();
  open.supplier.products = open.supplier.products.map((product, at) =>
    at === 0 ? { ...product, selling_price: '1250.50', name: 'Thé noir' } : product,
  );
  await open.sync();
  open.supplier.set(/^b2c\/products/, answers.json({ error: 'down' }, 503));
  await open.sync();
  const { whole } = await said(open, visit, 'told');
  expect(whole.fr).toMatch(/prix : 1 001 → 1 250,5/);
  expect(whole.en).toMatch(/price: 1,001 → 1,250\.5/);
  expect(whole.fr).toMatch(/nom : Produit 1 → Thé noir/);
  expect(whole.fr).toMatch(
    /la plupart des demandes sont restées sans réponse utile.*prévenez le fournisseur/,
  );
  expect(whole.en).toMatch(/most requests got no answer of use.*tell the supplier/);
  expect(whole.fr).toMatch(/Réponse médiane ?[\d,]+ ms.*95 % des réponses en ?[\d,]+ ms/);
  expect(whole.fr).toMatch(/Fournisseur : .*\(GET .*503/);
  expect(whole.en).toMatch(/Supplier: .*\(GET .*503/);
  expect(whole.fr).toContain('l’horaire');
  expect(whole.fr).not.toMatch(/are missing|could not|the supplier|no answer/);
});

test('wrong key: who refuses it, since when, what is still served, and where the key goes', async () => {
  const open = await service();
  await open.sync();
  open.supplier.key = 'another';
  await open.sync();
  const { fr, en } = await said(open, visit, 'wrong-key');
  expect(fr).toMatch(
    /Clé absente ou refusée.*Le fournisseur refuse la clé depuis \d\d:\d\d.*Les dernières données \(\d\d:\d\d\) restent servies.*Vérifiez la clé/,
  );
  expect(en).toMatch(/has refused the key since.*is still served.*Check the key/);
});

test('supplier down: it does not answer, nothing is lost, whom to tell if it lasts', async () => {
  const open = await service();
  await open.sync();
  open.supplier.set(/^b2c/, answers.json({ error: 'down' }, 503));
  await open.sync();
  const { fr, en } = await said(open, visit, 'supplier-down');
  expect(fr).toMatch(/En échec.*ne répond pas.*restent servies.*prévenez le fournisseur/);
  expect(en).toMatch(/has not answered.*since.*still served.*tell the supplier/);
});

test('half the catalogue gone: nothing was removed, whom to ask, and both ways out', async () => {
  const open = await service();
  await open.sync();
  open.supplier.products = open.supplier.products.slice(0, 30);
  await open.sync();
  const { fr, en } = await said(open, visit, 'held');
  expect(fr).toMatch(
    /À décider.*Il manque 30 enregistrement\(s\).*rien n’a été supprimé.*Demandez au fournisseur.*approuvez ou écartez/,
  );
  expect(en).toMatch(
    /30 record\(s\) have been missing.*nothing was removed.*Ask the supplier.*approve or discard/,
  );
});

test('three bad records: how many, that the good versions stay, why each, and the retry works', async () => {
  const open = await service();
  await open.sync();
  const good = open.supplier.products;
  open.supplier.products = good.map((product, at) => (at < 3 ? withoutName(product) : product));
  await open.sync();
  const { fr, en, page } = await said(open, visit, 'bad-records');
  expect(fr).toMatch(
    /3 enregistrement\(s\).*sont illisibles ou invalides.*reste servie.*corriger chez le fournisseur.*réessayez/,
  );
  expect(en).toMatch(/3 record\(s\).*not valid.*Have the supplier correct them.*retry/);
  open.supplier.products = good;
  expect(await page.textContent('#products-rest')).toMatch(/nom\s: manque/);
  await page.click('text=Réessayer ces enregistrements');
  expect(await page.textContent('.answer')).toContain('sont relus');
  await expect.poll(() => glance(page), { timeout: 20_000 }).toMatch(/En erreur ?0/);
});

test('schedule stopped: nobody has tried, since when, and what to check', async () => {
  const open = await service();
  await open.sync();
  const thenMs = Date.now() - 86_400_000;
  await open.stage({
    last_attempt_at_ms: thenMs,
    last_success_at_ms: thenMs,
    next_due_at_ms: thenMs,
  });
  const { fr, en } = await said(open, visit, 'schedule-stopped');
  expect(fr).toMatch(
    /En retard.*Aucune synchronisation n’a été tentée depuis.*l’horaire semble arrêté.*EventBridge.*lancez/,
  );
  expect(en).toMatch(
    /Late.*No sync has been tried since.*schedule seems to have stopped.*EventBridge.*start a sync/,
  );
});

test('running: the progress moves by itself, without a reload', async () => {
  const open = await service({ products: manyProducts(600) });
  const page = await visit();
  await open.signIn(page);
  open.supplier.latencyMs = 400;
  const run = open.sync('products');
  // Where nothing runs yet, the page looks again after 10 s only: the run may be over by then.
  const isSeen = async () => page.reload().then(() => page.locator('progress').count());
  await expect.poll(isSeen, { timeout: 20_000 }).toBe(1);
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
  ['Approuver', 30, /Approuvé par npm start/],
  ['Écarter', 60, /Écarté par npm start/],
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

test('the page with all that it loads weighs at most 60 KB compressed, pictures aside', async () => {
  const open = await service();
  for (let run = 0; run < 20; run += 1) await open.sync();
  const signedIn = await visit();
  await open.signIn(signedIn);
  // Another browser, which has nothing of it yet.
  const page = await visit();
  await page.context().addCookies(await signedIn.context().cookies());
  const sizes: Promise<readonly [path: string, type: string, bytes: number]>[] = [];
  page.on('requestfinished', (request) => {
    const weigh = async () => {
      const { responseBodySize: bytes } = await request.sizes();
      return [new URL(request.url()).pathname, request.resourceType(), bytes] as const;
    };
    sizes.push(weigh());
  });
  await page.goto(`${open.run.url}${STATUS}`, { waitUntil: 'load' });
  const loaded = (await Promise.all(sizes)).filter(
    ([, type]) => type !== 'image' && type !== 'fetch',
  );
  expect(loaded.map(([path]) => path).toSorted()).toEqual([STATUS, '/staff.js', '/style.css']);
  const bytes = loaded.reduce((sum, [, , size]) => sum + size, 0);
  process.stdout.write(`status page after 20 runs: ${bytes} bytes compressed\n`);
  expect(bytes).toBeLessThanOrEqual(60_000);
});
