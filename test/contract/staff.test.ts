import { expect, test } from 'vitest';
import { answers, products } from '../support/supplier.ts';
import { staffService } from '../support/staff-service.ts';
import { faultsOf } from './described.ts';

test('staff’s routes answer as the document says: listings, orders, and why not', async () => {
  const { run, supplier, ask, as } = await staffService(products(1, 40));
  const [reader, staff, admin] = [await as('read'), await as('sync'), await as('admin')];
  const checked = async (
    route: readonly ['get' | 'post', string],
    wanted: number,
    token: string | null,
    { path = route[1], body = {} }: { readonly path?: string; readonly body?: object } = {},
  ) => {
    const { status, headers, json } = await ask(path, token, ...(route[0] === 'get' ? [] : [body]));
    const what = `${route.join(' ')} ${JSON.stringify(body)}`;
    expect(status, what).toBe(wanted);
    const type = headers.get('content-type')?.split(';')[0] ?? '';
    expect(faultsOf(route, status, type, json), what).toBeNull();
    return json;
  };
  const SYNC = ['post', '/inventory/sync/products/'] as const;
  const RETRY = ['post', '/inventory/api/rejects/'] as const;
  const HELD = ['post', '/inventory/api/held/{run_id}/'] as const;
  supplier.set('b2c/products/3/', answers.status(404));
  await run.worker.invoke({ resource: 'all' });

  await checked(SYNC, 401, null);
  await checked(SYNC, 403, reader);
  await checked(SYNC, 400, staff, { body: { force: 'perhaps' } });
  await checked(SYNC, 200, staff);
  await checked(['get', '/inventory/api/runs/'], 200, staff);
  await checked(['get', '/inventory/api/runs/'], 400, staff, {
    path: '/inventory/api/runs/?limit=0',
  });
  await checked(['get', '/inventory/api/rejects/'], 200, admin);
  const record = ['get', '/inventory/api/products/{id}/'] as const;
  await checked(record, 200, admin, { path: '/inventory/api/products/1/' });
  await checked(record, 404, admin, { path: '/inventory/api/products/777/' });
  await checked(RETRY, 400, staff);
  await checked(HELD, 404, staff, {
    path: '/inventory/api/held/01ARZ3NDEKTSV4RRFFQ69G5FAV/',
    body: { action: 'approve' },
  });

  supplier.latencyMs = 200;
  await checked(SYNC, 202, admin, { body: { force: true } });
  await expect
    .poll(async () => (await ask(SYNC[1], admin, {})).status, { timeout: 5_000 })
    .toBe(409);
  await checked(SYNC, 409, admin);
  await checked(RETRY, 409, staff, { body: { resource: 'products' } });
  supplier.latencyMs = 0;
  await run.worker.stop();
  await checked(RETRY, 202, staff, { body: { resource: 'products' } });
  await run.worker.stop();
});
