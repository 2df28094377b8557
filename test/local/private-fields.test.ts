import { expect, test } from 'vitest';
import { functionDeclarations } from '../../shared/deployment.ts';
import { staffService } from '../support/staff-service.ts';
import { aProduct } from '../support/supplier.ts';

const SECRETS = /777\.77|66\.6|for us alone|purchase_price|margin_rate|inner_note/;
const secret = { purchase_price: '777.77', margin_rate: 66.6, inner_note: 'for us alone' };

test('admins see a record with the purchase price, the margin and what only the supplier knows', async () => {
  const { run, ask, as } = await staffService([aProduct(1, secret), aProduct(2)]);
  await run.worker.invoke({ resource: 'all' });
  const { status, headers, json } = await ask('/inventory/api/products/1/', await as('admin'));
  expect(status).toBe(200);
  expect(json).toMatchObject({
    id: 1,
    title: 'Produit 1',
    purchase_price: '777.77',
    margin_rate: 66.6,
    upstream: { inner_note: 'for us alone' },
  });
  expect(headers.get('cache-control')).toBe('no-store');
  expect((await ask('/inventory/api/products/9/', await as('admin'))).status).toBe(404);
});

test('nobody else does, on any route: not the public, not readers, not those who may sync or force', async () => {
  const inError = aProduct(3, { ...secret, selling_price: 'much' });
  const { run, ask, as } = await staffService([aProduct(1, secret), aProduct(2), inError]);
  await run.worker.invoke({ resource: 'all' });
  // Once more with another margin: what changed is told on the pages, and this is not.
  const own = '/inventory/api/products/1/';
  expect((await ask(own, null)).status).toBe(401);
  const tokens = [
    null,
    await as('read'),
    await as('sync'),
    await as('sync:force'),
    await as('admin'),
  ];
  const paths = functionDeclarations
    .flatMap(({ routes }) => routes)
    .filter(({ method, access }) => method === 'GET' && access !== 'admin')
    .map(({ path }) => `${path.replace(/\{\w+\}/, '1')}${path === '/' ? '' : '/'}`);
  const rejects = '/inventory/api/rejects/';
  const inFull = await ask(rejects, tokens.at(-1) ?? null);
  expect(inFull.text).toMatch(/777\.77/);
  for (const token of tokens) {
    for (const path of paths.filter((one) => !one.startsWith('/openapi'))) {
      for (const accept of ['text/html', 'application/json']) {
        if (path === rejects && token === tokens.at(-1)) continue;
        const { text } = await ask(path, token, undefined, { accept });
        expect(text, `${path} as ${accept}`).not.toMatch(SECRETS);
      }
    }
  }
  for (const token of tokens.slice(1, 4)) {
    const refused = await ask(own, token);
    expect(refused.status).toBe(403);
    expect(refused.text).not.toMatch(SECRETS);
  }
});

test('an update of the secrets alone is told without them', async () => {
  const { run, supplier, ask, as } = await staffService([aProduct(1, secret)]);
  await run.worker.invoke({ resource: 'products' });
  supplier.products = [aProduct(1, { ...secret, purchase_price: '555.55' })];
  await run.worker.invoke({ resource: 'products', force: true });
  const admin = await as('admin');
  const { text } = await ask('/inventory/api/status/', admin);
  expect(text).toContain('"change":"updated"');
  expect(text).not.toMatch(/777\.77|555\.55|purchase_price/);
  const page = await ask('/inventory/status/', admin, undefined, { accept: 'text/html' });
  expect(page.text).not.toMatch(/777\.77|555\.55|purchase_price/);
  expect((await ask('/inventory/api/products/1/', admin)).json['purchase_price']).toBe('555.55');
});
