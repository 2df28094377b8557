import { decodeTime, monotonicFactory, ulid } from 'ulid';
import { expect, test } from 'vitest';
import { contextOf } from '../../functions/access/context.ts';
import { changesOf } from '../../functions/staff/changes.ts';
import { createHandler } from '../../functions/staff/index.ts';
import { sha256 } from '../../shared/adapters/secrets.ts';
import type { Caller } from '../../shared/core/access.ts';
import { UpstreamError } from '../../shared/core/errors.ts';
import type { RecentChange } from '../../shared/core/control.ts';
import { hours, minutes } from '../../shared/core/resource.ts';
import { lambdaContext } from '../support/gateway-event.ts';
import { createMemorySteering } from '../support/memory-steering.ts';
import type { FakeSource } from '../support/fake-source.ts';
import { shop, type Shop } from '../support/shop.ts';
import { products } from '../support/supplier-records.ts';

const alice: Caller = {
  kind: 'session',
  subject: 'person:alice',
  name: 'Alice',
  scopes: ['admin'],
  csrf: 'c'.repeat(43),
};

/** A shop's staff pages, as a browser that has signed in asks for them. */
function opened(count: number) {
  const open = shop({ products: [...products(1, count)] });
  const nextUlid = monotonicFactory();
  Object.assign(open.clock, { ulid: () => nextUlid(open.clock.nowMs()) });
  const services = { ...open.services, steering: createMemorySteering(), sha256 };
  const handler = createHandler(() => services);
  const send = async (
    method: string,
    path: string,
    { query = {}, form }: { query?: Record<string, string>; form?: Record<string, string> } = {},
  ) => {
    const body = form === undefined ? '' : new URLSearchParams({ csrf: alice.csrf ?? '', ...form });
    const event = {
      routeKey: `${method} ${path}`,
      rawPath: `${path}/`,
      rawQueryString: new URLSearchParams(query).toString(),
      queryStringParameters: query,
      headers: {
        host: 'shop.example',
        accept: 'text/html',
        'accept-language': 'en',
        'sec-fetch-site': 'same-origin',
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      body: body.toString(),
      requestContext: {
        domainName: 'shop.example',
        http: { method },
        authorizer: { lambda: contextOf(alice) },
      },
    };
    const { statusCode, headers, body: text } = await handler(event, lambdaContext());
    return { status: statusCode, headers, text };
  };
  const follow = (address: string) => {
    const { pathname, searchParams } = new URL(address, 'https://shop.example');
    return send('GET', pathname.replace(/\/$/, ''), { query: Object.fromEntries(searchParams) });
  };
  return { open, send, follow };
}

function upstreamOf({ upstream }: Shop): FakeSource {
  const source = upstream['products'];
  if (source === undefined) throw new Error('a shop has products');
  return source;
}

const SYNC = '/inventory/sync/products';

test('what a form was answered is news for ten minutes, and not above the next decision', async () => {
  const { open, send, follow } = opened(60);
  await open.sync();
  open.untilDue();
  upstreamOf(open).rows = [...products(1, 30)];
  await open.sync('products');
  const { held } = await open.store.control({ source: 'main', resource: 'products' });
  const { headers } = await send('POST', `/inventory/api/held/${held?.runId ?? ''}`, {
    form: { action: 'approve' },
  });
  const address = headers['location'] ?? '';
  expect((await follow(address)).text).toContain('class="answer"');
  open.clock.advance(minutes(10));
  const later = (await follow(address)).text;
  expect(later).not.toContain('class="answer"');
  // There is a part that takes its place in a page that stays open.
  expect(later).toMatch(/<div id="answer" data-live>\s*<\/div>/);
});

test('who asks for a sync while one runs is led to the page that tells how that one ends', async () => {
  const { open, send, follow } = opened(30);
  let address = '';
  upstreamOf(open).before = ({ kind }) => {
    if (kind !== 'page' || address !== '') return;
    address = 'asked';
    asked = send('POST', SYNC, { form: {} });
  };
  let asked: ReturnType<typeof send> | undefined;
  await open.sync('products');
  const answer = await asked;
  expect(answer?.status).toBe(303);
  expect(answer?.headers['location']).toMatch(/run=\w{26}&answer=running$/);
  const { text } = await follow(answer?.headers['location'] ?? '');
  expect(text).toContain('id="products-result"');
  expect(text).toContain('30 read');
});

test('a sync that is paused is told as paused: without a time that is left, nor looked at each second', async () => {
  const { open, follow } = opened(60);
  await open.sync();
  open.clock.advance(hours(3));
  upstreamOf(open).before = ({ kind, of }) => {
    open.clock.advance(200);
    if (kind === 'page' && of === '3')
      throw new UpstreamError('throttled', 'HTTP 429', { retryAfterMs: hours(1) });
  };
  const askedAtMs = open.clock.nowMs();
  await open.sync('products');
  open.clock.advance(minutes(10));
  const { text } = await follow(`${SYNC}?run=${ulid(askedAtMs)}`);
  expect(text).toContain('The sync is paused');
  expect(text).toContain('a while left');
  expect(text).not.toContain('data-refresh-ms="1000"');
});

test('what lies beyond the runs that are shown is not told wrongly', async () => {
  const { open, follow } = opened(5);
  const runId = ulid(open.clock.nowMs() + 1);
  await open.sync('products');
  for (let run = 0; run < 20; run += 1) {
    open.clock.advance(hours(3));
    await open.sync('products');
  }
  expect(decodeTime(runId)).toBeLessThan(open.clock.nowMs());
  expect((await follow(`${SYNC}?run=${runId}`)).text).toContain('Nothing is known of this sync');
  upstreamOf(open).before = () => {
    throw new UpstreamError('unavailable', 'down', { isOutage: true });
  };
  for (let run = 0; run < 20; run += 1) {
    open.clock.advance(hours(3));
    await open.sync('products');
  }
  expect((await follow(SYNC)).text).toContain('too long ago to tell what it costs');
});

test('a record that an approval removed is none of the last ones', async () => {
  const { open } = opened(8);
  await open.sync('products');
  const recent = async () =>
    (await open.store.recent({ source: 'main', resource: 'products' })).map(({ id }) => id);
  expect(await recent()).toContain('1');
  upstreamOf(open).rows = [...products(2, 7)];
  for (let scan = 0; scan < 2; scan += 1) {
    open.untilDue();
    await open.sync('products');
  }
  expect(await recent()).not.toContain('1');
});

const reader = { language: 'en', zone: 'UTC', nowMs: Date.UTC(2026, 11, 1) } as const;
type Value = RecentChange['to'];
const told = async (field: string, from: Value, to: Value): Promise<string> =>
  String(await changesOf([{ field, from, to }], reader)).replaceAll(/<[^>]+>/g, '');

test.each([
  ['price', 10.21, 10.24, '10.21 → 10.24'],
  ['weight', 0.25, 0.26, '0.25 → 0.26'],
  [
    'created_at',
    '2024-03-03T10:00:00Z',
    '2025-03-03T10:00:00Z',
    '3 Mar 2024, 10:00 UTC → 3 Mar 2025, 10:00 UTC',
  ],
])('a change of %s shows how it differs', async (field, from, to, shown) => {
  expect(await told(field, from, to)).toContain(shown);
});

test.each([
  ['updated_at', '2026-03-03T10:00:01Z', '2026-03-03T10:00:02Z'],
  ['description', 'x'.repeat(59), 'x'.repeat(59)],
])('a change of %s that looks the same on both sides is only named', async (field, from, to) => {
  expect(await told(field, from, to)).not.toContain('→');
});
