import { createServer } from 'node:net';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseWorkerEvent } from '../../functions/scheduled-sync/event.ts';
import { listening } from '../support/listening.ts';
import { shop } from '../support/shop.ts';
import { aCategory, aProduct, answers, products, type Answer } from '../support/supplier.ts';
import { inList } from '../support/supplier-records.ts';
import { CANARY, leaksIn, traceOf } from './canary.ts';
import { expectHealed, firstSync } from './expectations.ts';
import { useLaboratory } from './laboratory.ts';

const LIST = 'b2c/products/';
const open = useLaboratory();

/** Another origin, which must never hear of anything. */
async function elsewhere() {
  const heard = { connections: 0, bytes: '' };
  const server = createServer((socket) => {
    heard.connections += 1;
    socket.on('data', (bytes) => (heard.bytes += bytes.toString())).on('error', () => {});
  });
  const port = await listening(server);
  onTestFinished(() => void server.close());
  return { heard, host: `127.0.0.1:${port}`, port };
}

const NEXTS: readonly ((host: string, port: number) => string)[] = [
  (host) => `http://${host}/api/v1/b2c/products/?cursor=2`,
  (host) => `http://${host}/api/v1/b2c/products/?page=2`,
  (host) => `//${host}/api/v1/b2c/products/?cursor=2`,
  (host) => `///${host}/api/v1/?cursor=2`,
  (host) => `http:${host}/?cursor=2`,
  (host) => `http:/${host}/?cursor=2`,
  (host) => `\\\\${host}\\api\\v1\\?cursor=2`,
  (host) => `/\\${host}/?cursor=2`,
  (host) => `http://127.0.0.1@${host}/?cursor=2`,
  (host) => `http://user:pass@${host}/api/v1/?cursor=2`,
  (host) => `https://${host}/?cursor=2`,
  (host) => `HTTP://${host}/?cursor=2`,
  (host) => ` http://${host}/?cursor=2`,
  (host) => `\thttp://${host}/?cursor=2`,
  (host) => `ht\ntp://${host}/?cursor=2`,
  (host) => `http://${host}#/api/v1/`,
  (host) => `http://${host}?/api/v1/`,
  (_, port) => `http://localhost:${port}/api/v1/?cursor=2`,
  (_, port) => `http://127.1:${port}/api/v1/?cursor=2`,
  (_, port) => `http://0x7f000001:${port}/api/v1/?cursor=2`,
  (_, port) => `http://2130706433:${port}/?cursor=2`,
  (_, port) => `http://[::ffff:127.0.0.1]:${port}/?cursor=2`,
  (_, port) => `http://127.0.0.1.:${port}/?cursor=2`,
  (host) => `ws://${host}/?cursor=2`,
  (host) => `javascript:fetch("http://${host}")`,
  () => 'file:///etc/passwd?cursor=2',
  () => 'data:application/json,[]',
];
const REDIRECTS = [301, 302, 303, 307, 308, 300, 305];
const IDS: readonly ((host: string) => string)[] = [
  (host) => `//${host}/`,
  (host) => `http://${host}/`,
  (host) => `@${host}/`,
  (host) => `../../../..//${host}/`,
  (host) => `..\\..\\\\${host}`,
  (host) => `x?next=http://${host}/`,
  (host) => `x#@${host}`,
  (host) => `%2f%2f${host}`,
  () => '..%2f..%2f..%2fadmin',
];

describe('U15 nothing leaves the configured origin', () => {
  test(`U15 ${NEXTS.length + REDIRECTS.length + IDS.length} tricks with next, redirects and ids reach no other origin`, async () => {
    expect(NEXTS.length + REDIRECTS.length + IDS.length).toBeGreaterThanOrEqual(40);
    const evil = await elsewhere();
    const lab = await open({ products: products(1, 3), key: CANARY });
    await firstSync(lab);
    const play = async (answer: Answer, route: string | RegExp = LIST): Promise<void> => {
      lab.supplier.set(route, answer);
      expect((await lab.worker({ timeoutMs: 500 }).sync()).success).toBe(false);
      lab.supplier.set(route, null);
    };
    const results = [inList(aProduct(3))];
    for (const next of NEXTS) {
      const answer = answers.json({ next: next(evil.host, evil.port), results });
      lab.supplier.set(LIST, answer);
      await lab.worker({ timeoutMs: 500 }).sync();
      lab.supplier.set(LIST, null);
    }
    for (const code of REDIRECTS) {
      await play(answers.status(code, { location: `http://${evil.host}/api/v1/b2c/products/` }));
    }
    const ids = IDS.map((id) => id(evil.host));
    lab.supplier.products = ids.map((id) => aProduct(1, { id }));
    expect((await lab.worker().sync()).stats).toMatchObject({ total: ids.length, errors: 0 });
    expect(evil.heard).toEqual({ connections: 0, bytes: '' });
    const paths = lab.supplier.requests.map(({ path }) => path);
    expect(paths.filter((path) => !path.startsWith('b2c/'))).toEqual([]);
    for (const id of ids) expect(paths).toContain(`${LIST}${encodeURIComponent(id)}/`);
    expect(leaksIn(await traceOf(lab))).toEqual([]);
  });

  test('U15 redirects of details lead nowhere either, and cost those records alone', async () => {
    const evil = await elsewhere();
    const lab = await open({ products: products(1, 20), key: CANARY });
    lab.supplier.set('b2c/products/3/', answers.status(302, { location: `http://${evil.host}/` }));
    expect((await lab.worker().sync()).stats).toMatchObject({ created: 19, errors: 1 });
    expect(evil.heard.connections).toBe(0);
    lab.supplier.set('b2c/products/3/', null);
    await expectHealed(lab);
  });
});

describe('nobody anonymous forces a sync', () => {
  const PATHS = [
    'products/synced/',
    'products/synced/1/',
    'categories/synced/',
    'categories/tree/',
  ];
  const FORCES = ['force=true', 'force=1', 'force=TRUE', 'force=true&force=true', 'force='];

  async function forcedReads(catalog: ReturnType<typeof shop>) {
    const statuses = new Map<number, number>();
    for (let read = 0; read < 10_000; read += 1) {
      const path = PATHS[read % PATHS.length] ?? '';
      const force = FORCES[read % FORCES.length] ?? '';
      const { status } = await catalog.get(`/api/inventory/${path}?${force}`);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    return statuses;
  }

  test('10,000 forced reads of a fresh catalogue start nothing, and every one is answered', async () => {
    const catalog = shop({ products: [aProduct(1)], categories: [aCategory(1)] });
    await catalog.sync();
    const statuses = await forcedReads(catalog);
    // One of the five spellings is the parameter's; the others are told so.
    expect(Object.fromEntries(statuses)).toEqual({ 200: 2_000, 400: 8_000 });
    expect(catalog.starts).toEqual([]);
  }, 60_000);

  test('10,000 forced reads of a catalogue that is due start each resource once, and force nothing', async () => {
    const catalog = shop({ products: [aProduct(1)], categories: [aCategory(1)] });
    await catalog.sync();
    catalog.untilDue();
    const requests: object[] = [];
    catalog.starter = async (request) => void requests.push(request);
    await forcedReads(catalog);
    const asked = requests.map((request) => JSON.stringify(request)).toSorted();
    expect(asked).toEqual([
      '{"resource":"categories","trigger":"read"}',
      '{"resource":"products","trigger":"read"}',
    ]);
  }, 60_000);
});

describe('the shape of an event', () => {
  const flag = fc.oneof(
    fc.boolean(),
    fc.constantFrom<unknown>('true', 'TRUE', '1', 1, 0, null, undefined, [], [true], {}, 'false'),
  );
  const near = fc.record(
    {
      resource: fc.oneof(fc.constantFrom('all', 'products', 'categories'), fc.anything()),
      force: flag,
      Force: flag,
      dry_run: flag,
      resume_only: flag,
      trigger: fc.oneof(fc.constantFrom('schedule', 'read', 'admin', 'invoke'), fc.anything()),
      body: fc.constantFrom('{"resource":"all","force":true}'),
      queryStringParameters: fc.constantFrom({ force: 'true' }),
      detail: fc.constantFrom({ force: true }),
    },
    { requiredKeys: [] },
  );

  test('whatever comes, only `force: true` itself forces, and nothing throws', () => {
    fc.assert(
      fc.property(fc.oneof(near, fc.anything({ withNullPrototype: true })), (event) => {
        const parsed = parseWorkerEvent(event, ['main']);
        if (!('event' in parsed)) return;
        // A record without a prototype is one, too.
        const isRecord = typeof event === 'object' && event !== null;
        expect(parsed.event.force).toBe(isRecord && Reflect.get(event, 'force') === true);
      }),
      { numRuns: 20_000 },
    );
  });

  test('an HTTP request that carries such an event is none', () => {
    const event = { version: '2.0', routeKey: 'POST /', body: '{"resource":"all","force":true}' };
    expect(parseWorkerEvent(event, ['main'])).toHaveProperty('refusal');
  });
});
