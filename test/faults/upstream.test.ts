import { createServer as createHttpsServer } from 'node:https';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Credentials } from '../../shared/adapters/credentials.ts';
import { recordId } from '../../shared/core/record-id.ts';
import { minutes } from '../../shared/core/resource.ts';
import { aCategory, aProduct, answers, products, type Answer } from '../support/supplier.ts';
import { listening } from '../support/listening.ts';
import { inList } from '../support/supplier-records.ts';
import { selfSigned } from '../support/self-signed.ts';
import {
  expectHealed,
  expectKept,
  expectLevel,
  firstSync,
  renameAll,
  settledCount,
} from './expectations.ts';
import { useLaboratory } from './laboratory.ts';

const LIST = 'b2c/products/';
const DETAIL = /^b2c\/products\/\d+\/$/;
const PAGES = { products: products(1, 30), pageSize: 10 };
const SYNCED = '/api/inventory/products/synced/';
const open = useLaboratory();

/** A secret that may be changed, and tells how often it was read. */
function changingKey(first: string) {
  const secret = { now: first, reads: 0 };
  const read = async (): Promise<string> => {
    secret.reads += 1;
    return (cached = secret.now);
  };
  let cached: string | undefined;
  const credentials: Credentials = { key: async () => cached ?? read(), refresh: read };
  return { secret, credentials };
}

describe('U3 a refused key', () => {
  test.each([401, 403])(
    'U3 %i with 32 requests in flight: at most one request more, then none until a minute is over, not even forced',
    async (code) => {
      const lab = await open({ products: products(1, 400), latencyMs: 10 });
      const before = await firstSync(lab);
      const { secret, credentials } = changingKey(lab.supplier.key);
      const worker = lab.worker({ concurrency: 32, credentials: () => credentials });
      const seen = lab.supplier.count();
      let inFlightAtRefusal = 0;
      const from = Array.from({ length: 2_000 }, (_, n) => n + 250);
      let refusals = 0;
      const refuse: Answer = (response) => {
        inFlightAtRefusal ||= 32;
        refusals += 1;
        answers.status(code)(response);
      };
      lab.supplier.set(/^/, refuse, from);
      const result = await worker.sync();
      await expectKept(lab, before, result);
      expect(inFlightAtRefusal).toBe(32);
      expect(refusals).toBeLessThanOrEqual(32 + 1);
      expect(secret.reads).toBe(2);
      expect((await lab.control()).lastError?.code).toBe('key_refused');
      const asked = await settledCount(lab.supplier);
      expect(asked).toBeGreaterThan(seen + 200);
      for (let attempt = 0; attempt < 20; attempt += 1) {
        expect(await worker.sync()).toMatchObject({ decision: 'no_credential' });
      }
      expect(lab.supplier.count()).toBe(asked);
      worker.clock.step(minutes(1));
      await worker.sync();
      expect(lab.supplier.count() - asked).toBeLessThanOrEqual(2);
      lab.supplier.set(/^/, null);
      await expectHealed(lab, worker);
    },
  );
});

describe('U4 a listed record that is gone', () => {
  test.each([404, 410])(
    'U4 %i on its detail: a reject, the last good version kept, and the run goes on',
    async (code) => {
      const lab = await open(PAGES);
      const before = await firstSync(lab);
      lab.supplier.products[0] = aProduct(30, { name: 'New name' });
      lab.supplier.set(/products\/(30|7)\//, answers.status(code));
      const result = await lab.worker().sync();
      expect(result.stats).toMatchObject({ total: 30, unchanged: 28, errors: 2 });
      expect(await lab.live()).toEqual(before);
      expect((await lab.rejects()).map(({ key }) => key).toSorted()).toEqual(['30', '7']);
      lab.supplier.set(/products\/(30|7)\//, null);
      await expectHealed(lab);
    },
  );
});

describe('U5 a certificate that proves nothing', () => {
  test('U5 it is refused at once, not tried again, and the data stays', async () => {
    const lab = await open(PAGES);
    const before = await firstSync(lab);
    const server = createHttpsServer(selfSigned(), (_request, response) => response.end('[]'));
    const port = await listening(server);
    onTestFinished(() => void server.close());
    const worker = lab.worker({ baseUrl: `https://127.0.0.1:${port}/api/v1` });
    await expectKept(lab, before, await worker.sync());
    expect(worker.counters).toMatchObject({ requests: 1, retries: 0 });
    expect((await lab.control()).lastError?.message).toContain('certificate');
    await expectHealed(lab);
  });
});

describe('U12 the same id twice', () => {
  test('U12 in a page, across pages, as number and as text: one row, the first wins, one write', async () => {
    const lab = await open({ pageSize: 4 });
    const first = aProduct(5, { name: 'First' });
    lab.supplier.products = [
      first,
      aProduct(6),
      aProduct(5, { name: 'Second' }),
      aProduct(4),
      aProduct(5, { id: '5', name: 'Third' }),
      aProduct(3),
      aProduct(4),
      aProduct(2),
    ];
    const { stats } = await lab.worker().sync();
    expect(stats).toMatchObject({ total: 5, created: 5, duplicates: 3, errors: 0 });
    expect((await lab.live())['5']?.['title']).toBe('First');
    expect(Object.keys(await lab.live())).toHaveLength(5);
    expect((await lab.worker().sync()).stats).toMatchObject({ unchanged: 5, duplicates: 3 });
  });
});

describe('U13 a list that moves while it is read', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'U13 inserts, edits and deletes between pages lose and remove nothing (seed %i)',
    async (seed) => {
      const lab = await open({ products: products(1, 60), pageSize: 10 });
      await firstSync(lab);
      const { supplier } = lab;
      let next = seed * 1_000;
      const passThrough = supplier.count();
      const worker = lab.worker();
      /** After the first page, something moves to the front, as an edit does. */
      const moving = setInterval(() => {
        if (supplier.count() === passThrough) return;
        const at = (seed * 7 + next) % supplier.products.length;
        const [edited] = supplier.products.splice(at, 1);
        if (edited !== undefined) supplier.products.unshift({ ...edited, name: `Edit ${next}` });
        if (next % 3 === 0) supplier.products.unshift(aProduct(next));
        next += 1;
      }, 2);
      const during = await worker.sync();
      clearInterval(moving);
      expect(during.stats, during.message).toMatchObject({ removed: 0, errors: 0 });
      const ids = Object.keys(await lab.live());
      expect(ids).toEqual(expect.arrayContaining(products(1, 60).map(({ id }) => recordId(id))));
      await expectHealed(lab);
    },
  );
});

describe('U14 a list that never ends', () => {
  const next = (place: string) => `b2c/products/?${place}`;
  const nexts: [string, (url: string) => Answer][] = [
    ['back to the same page', (url) => page(`${url}/${next('page=1&page_size=100')}`)],
    ['to the same place', (url) => page(`${url}/${next('cursor=a')}`)],
  ];
  const page = (to: string): Answer =>
    answers.json({ count: 30, next: to, results: [inList(aProduct(1))] });

  test.each(nexts)('U14 next that leads %s ends at once, and is no success', async (_, answer) => {
    const lab = await open(PAGES);
    const before = await firstSync(lab);
    const asked = lab.supplier.count(LIST);
    lab.supplier.set(LIST, answer(lab.supplier.url));
    await expectKept(lab, before, await lab.worker().sync());
    expect(lab.supplier.count(LIST) - asked).toBeLessThanOrEqual(3);
    lab.supplier.set(LIST, null);
    lab.supplier.set(DETAIL, null);
    await expectHealed(lab);
  });

  test('U14 places that lead to each other in a circle end after one round, and are no success', async () => {
    const lab = await open(PAGES);
    const before = await firstSync(lab);
    const asked = lab.supplier.count(LIST);
    const places = ['a', 'b', 'c', 'd'];
    let turn = 0;
    lab.supplier.set(LIST, (response) => {
      turn += 1;
      const place = `cursor=${places[turn % places.length]}`;
      answers.json({ next: `${lab.supplier.url}/${next(place)}`, results: [inList(aProduct(1))] })(
        response,
      );
    });
    await expectKept(lab, before, await lab.worker().sync());
    expect(lab.supplier.count(LIST) - asked).toBeLessThanOrEqual(2 * places.length);
    lab.supplier.set(LIST, null);
    await expectHealed(lab);
  });
});

describe('U16 a count that lies', () => {
  test.each([
    ['too high', 300],
    ['a little too high', 32],
    ['too low', 3],
    ['zero', 0],
  ])('U16 %s: nothing is removed, however often it is scanned', async (_, count) => {
    const lab = await open(PAGES);
    const before = await firstSync(lab);
    lab.supplier.products = lab.supplier.products.filter(({ id }) => id !== 9);
    lab.supplier.set('b2c/products/9/', answers.status(404));
    lab.supplier.claimedCount = count;
    for (let scan = 0; scan < 3; scan += 1) {
      expect((await lab.worker().sync()).stats).toMatchObject({ removed: 0 });
      expect(await lab.live()).toEqual(before);
    }
    lab.supplier.claimedCount = null;
    await expectHealed(lab);
  });
});

describe('U17 an empty or collapsed list', () => {
  test.each([0, 1, 15, 24])(
    'U17 %i of 30 records listed: held, nothing removed, and it is an error in the log, however often',
    async (left) => {
      const lab = await open(PAGES);
      const before = await firstSync(lab);
      const all = lab.supplier.products;
      lab.supplier.products = all.slice(0, left);
      for (let scan = 0; scan < 3; scan += 1) {
        await expectKept(lab, before, await lab.worker().sync());
        expect((await lab.control()).held).toMatchObject({ count: 30 - left });
      }
      expect(
        lab.logged.filter((line) => /"level":"error".*run_ended.*held/.test(line)),
      ).toHaveLength(3);
      lab.supplier.products = all;
      await expectHealed(lab);
    },
  );
});

describe('U18 categories that are no tree', () => {
  test('U18 cycles, self-parents, orphans, deep chains and children first: stored, every walk ends, healed when the parent arrives', async () => {
    const chain = Array.from({ length: 300 }, (_, at) =>
      aCategory(1_000 + at, { parent: at === 299 ? null : 1_001 + at }),
    );
    const lab = await open({
      categories: [
        aCategory(1, { parent: 2 }),
        aCategory(2, { parent: 3 }),
        aCategory(3, { parent: 1 }),
        aCategory(4, { parent: 4 }),
        aCategory(5, { parent: 99 }),
        aCategory(6, { parent: 5 }),
        ...chain,
      ],
      products: [aProduct(1, { category: { id: 1, name: 'In a circle' } })],
    });
    const result = await lab.worker().sync({}, 'categories');
    expect(result.stats, result.message).toMatchObject({ created: 306, errors: 0 });
    await lab.worker().sync();
    const synced = '/api/inventory/categories/synced/';
    const paths = ['/api/inventory/categories/tree/', synced];
    const walks = [1, 2, 3, 4, 5, 6, 1_000, 1_299].flatMap((id) => [
      `${synced}${id}/`,
      `${synced}${id}/products/`,
      `${SYNCED}?category=${id}`,
    ]);
    for (const path of [...paths, ...walks])
      expect([path, (await lab.get(path)).status]).toEqual([path, 200]);
    expect((await lab.get(`${synced}5/`)).json).toMatchObject({ parent: 99, parent_missing: true });
    lab.supplier.categories = [...lab.supplier.categories, aCategory(99)];
    await lab.worker().sync({}, 'categories');
    expect((await lab.get(`${synced}5/`)).json).toMatchObject({
      parent: 99,
      parent_missing: false,
    });
    expect((await lab.get(`${synced}99/`)).json).toMatchObject({ children: [{ id: 5 }] });
  });
});

describe('U19 odd ids', () => {
  const good = [
    'a#b',
    'a/b',
    '/',
    '//',
    'a/../b',
    '...',
    'a b',
    '%2F',
    '%',
    '?x=1',
    'é',
    '😀',
    '"',
    "'",
    '<b>',
    '-1',
    '007',
    '1.5',
    '1e3',
    ' 5',
    'null',
    '__proto__',
    'constructor',
    'a\u0000b',
    'x'.repeat(512),
    'é'.repeat(256),
    '9007199254740993',
    'n0112',
    's12',
    'control#main#x',
  ];
  const bad = ['', '.', '..', '\ud800', 'x'.repeat(513), 'é'.repeat(257), 1.5, null, true, [], {}];

  test('U19 each is a key of its own, or a reject; and each is served under its own address', async () => {
    const rows = [...good, 12].map((id) => aProduct(1, { id, name: `Id ${id}` }));
    const lab = await open({ products: rows, pageSize: 10 });
    lab.supplier.products.push(...bad.map((id) => aProduct(1, { id })));
    const result = await lab.worker().sync();
    expect(result.stats, result.message).toMatchObject({
      created: rows.length,
      errors: bad.length,
      duplicates: 0,
    });
    const live = await lab.live();
    expect(Object.keys(live).toSorted()).toEqual([...good, '12'].toSorted());
    for (const id of good) {
      expect(live[id]?.['title']).toBe(`Id ${id}`.trim());
      const { status, json } = await lab.get(`${SYNCED}${encodeURIComponent(id)}/`);
      expect([id, status, json['id']]).toEqual([id, 200, id]);
      const bare = await lab.get(`${SYNCED}${encodeURIComponent(id)}`);
      expect([id, bare.status, bare.json['id']]).toEqual([id, 200, id]);
    }
    expect((await lab.worker().sync()).stats).toMatchObject({ unchanged: rows.length });
  });
});

describe('U20 upstream’s clock', () => {
  test.each(['1970-01-01T00:00:00Z', '2999-12-31T23:59:59Z', 'yesterday'])(
    'U20 a record dated %s is stored as it comes: upstream’s time never orders writes',
    async (updated_at) => {
      const lab = await open(PAGES);
      await firstSync(lab);
      renameAll(lab, 'Later');
      lab.supplier.products = lab.supplier.products.map((row) => ({
        ...row,
        updated_at,
        stock_updated_at: updated_at,
      }));
      expect((await lab.worker().sync()).stats).toMatchObject({ updated: 30, errors: 0 });
      await expectLevel(lab);
    },
  );
});
