import { expect, test } from 'vitest';
import * as z from 'zod';
import { contextOf } from '../../functions/access/context.ts';
import { createHandler } from '../../functions/staff/index.ts';
import { sha256 } from '../../shared/adapters/secrets.ts';
import { UpstreamError } from '../../shared/core/errors.ts';
import { minutes } from '../../shared/core/resource.ts';
import { lambdaContext } from '../support/gateway-event.ts';
import { createMemorySteering } from '../support/memory-steering.ts';
import { shop } from '../support/shop.ts';
import { products } from '../support/supplier-records.ts';

const REF = { source: 'main', resource: 'products' };

const told = z.looseObject({ decision: z.string(), run_id: z.string().nullish() });

/** A shop of 60 products with 40 deletions held, whose next sync then broke off in the middle. */
async function unfinished() {
  const open = shop({ products: products(1, 60) });
  const upstream = open.upstream['products'];
  if (upstream === undefined) throw new Error('no products');
  await open.sync('products');
  upstream.rows = products(1, 20);
  for (let times = 0; times < 2; times += 1) {
    open.untilDue();
    await open.sync('products');
  }
  upstream.rows = products(1, 60);
  upstream.before = ({ kind, of }) => {
    if (kind === 'page' && of === '3')
      throw new UpstreamError('throttled', 'HTTP 429', { status: 429, retryAfterMs: 1_000 });
  };
  open.untilDue();
  await open.sync('products');
  open.clock.advance(minutes(1));
  const { run, held } = await open.store.control(REF);
  if (run === null || held === null) throw new Error('nothing is unfinished, or held');
  const handler = createHandler(() => ({
    ...open.services,
    steering: createMemorySteering(),
    sha256,
  }));
  const send = async (path: string, body: object) => {
    const event = {
      routeKey: `POST ${path}`,
      body: JSON.stringify(body),
      requestContext: {
        domainName: 'shop.example',
        http: { method: 'POST' },
        authorizer: {
          lambda: contextOf({
            kind: 'token',
            subject: 'token:1',
            name: 'test',
            scopes: ['sync'],
            csrf: null,
          }),
        },
      },
    };
    const answer = await handler(event, lambdaContext());
    return { status: answer.statusCode, ...told.parse(JSON.parse(answer.body)) };
  };
  return { open, run, held, send };
}

test('a retry of records in error is told the unfinished run that reads them again', async () => {
  const { open, run, send } = await unfinished();
  const retried = await send('/inventory/api/rejects', { resource: 'products' });
  expect(retried).toMatchObject({ status: 202, run_id: run.runId });
  expect(open.starts).toEqual(['products']);
});

test('held deletions can be dropped while a sync is unfinished, but not carried out', async () => {
  const { open, held, send } = await unfinished();
  const path = `/inventory/api/held/${held.runId}`;
  expect(await send(path, { action: 'approve' })).toMatchObject({
    status: 409,
    decision: 'running',
  });
  expect(open.starts).toEqual([]);
  expect(await send(path, { action: 'discard' })).toMatchObject({ status: 202, run_id: null });
  expect(open.starts).toEqual(['products']);
});

test('held deletions that were approved, and are half done, can’t be dropped', async () => {
  const { open, run, held, send } = await unfinished();
  const before = await open.store.control(REF);
  const removal = { ...run, scope: 'removal', phase: 'closing' } as const;
  const after = { ...before, fence: before.fence + 1, run: removal };
  const condition = { nowMs: open.clock.nowMs(), goneHolder: null };
  expect(await open.store.acquire(REF, before, after, condition)).toBe(true);
  const discarded = await send(`/inventory/api/held/${held.runId}`, { action: 'discard' });
  expect(discarded).toMatchObject({ status: 409, decision: 'running' });
  expect(open.starts).toEqual([]);
});
