import { expect, test } from 'vitest';
import { ulid } from 'ulid';
import { staffService } from '../support/staff-service.ts';
import { shop } from '../support/shop.ts';
import { aProduct, products } from '../support/supplier.ts';

type Ask = Awaited<ReturnType<typeof staffService>>['ask'];

/** A page, with its heading and where its button leads. */
async function page(ask: Ask, path: string, token: string | null = null, language = 'fr') {
  const headers = { accept: 'text/html', 'accept-language': language };
  const { status, text } = await ask(path, token, undefined, headers);
  const heading = /<h1>([^<]*)<\/h1>/.exec(text)?.[1];
  const button = /class="button" href="([^"]*)">([^<]*)</.exec(text);
  return { status, text, heading, leadsTo: button?.[1], says: button?.[2] };
}

test('a wrong address leads a visitor to the shop', async () => {
  const { ask } = await staffService();
  const way = { status: 404, leadsTo: '/' };
  expect(await page(ask, '/nope')).toMatchObject({
    ...way,
    heading: 'Page introuvable',
    says: 'Aller à la boutique',
  });
  expect(await page(ask, '/nope/inventory/', null, 'en')).toMatchObject({
    ...way,
    heading: 'Page not found',
    says: 'Go to the shop',
  });
});

test('a wrong address of staff leads to the status', async () => {
  const { ask } = await staffService();
  for (const path of ['/inventory/nope', '/inventory/']) {
    expect(await page(ask, path)).toMatchObject({
      status: 404,
      heading: 'État du catalogue',
      leadsTo: '/inventory/status/',
    });
  }
});

test('a body that is not valid is a fault of the request, a query of its parameter', async () => {
  const { ask, as } = await staffService();
  const token = await as('admin');
  for (const body of [{ force: 'yes' }, 'no JSON']) {
    const { json } = await ask('/inventory/sync/products/', token, body);
    expect(json).toMatchObject({ code: 'bad_parameter', title: 'The request is not valid' });
  }
  const { json } = await ask('/inventory/api/runs/?limit=0', token);
  expect(json).toMatchObject({ title: 'A query parameter is not valid' });
});

const RELOADS =
  /<head>[^]*<noscript><meta http-equiv="refresh" content="5" \/><\/noscript>[^]*<\/head>/;

test('a page that tells of something under way reloads by itself without a script, and no other does', async () => {
  const { ask, as, run, supplier } = await staffService(products(1, 40));
  const token = await as('admin');
  const at = async (path: string) => RELOADS.test((await page(ask, path, token)).text);
  const sync = '/inventory/sync/products/';
  const status = '/inventory/status/';
  await run.worker.invoke({ resource: 'all' });
  for (const path of [sync, status, '/nope']) expect(await at(path), path).toBe(false);
  expect(await at(`${sync}?run=${ulid()}`)).toBe(true);
  expect(await at(`${sync}?run=${ulid(Date.now() - 120_000)}`)).toBe(false);

  supplier.products = supplier.products.slice(0, 10);
  await run.worker.invoke({ resource: 'products', force: true });
  expect(await at(status)).toBe(false);
  for (const answer of ['approve', 'discard'])
    expect(await at(`${status}?answer=${answer}&at=${Date.now()}`), answer).toBe(true);
});

test('the home reloads by itself without a script until the first products are there', async () => {
  const open = shop({ products: [aProduct(1)] });
  const isReloading = async () => RELOADS.test((await open.get('/')).text);
  expect(await isReloading()).toBe(true);
  await open.sync();
  expect(await isReloading()).toBe(false);
});

test('what a form asked for and has come of is not waited for any more', async () => {
  const { ask, as, run } = await staffService([{ id: 1, name: 'Riz' }, { id: 2 }]);
  const token = await as('admin');
  const at = async (answer: string) =>
    RELOADS.test(
      (await page(ask, `/inventory/status/?answer=${answer}&at=${Date.now()}`, token)).text,
    );
  await run.worker.invoke({ resource: 'all' });
  expect(await at('retry')).toBe(true);
  await run.worker.invoke({ resource: 'products', action: 'retry_rejects' });
  expect(await at('retry')).toBe(false);
  expect(await at('discard')).toBe(false);
});
