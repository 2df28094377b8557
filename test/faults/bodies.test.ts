import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../shared/core/json.ts';
import { aProduct, answers, products, type Answer } from '../support/supplier.ts';
import { expectHealed, expectKept, expectLevel, firstSync, renameAll } from './expectations.ts';
import { useLaboratory, type Laboratory } from './laboratory.ts';
import { switchOfProtocols } from './raw-answers.ts';

const LIST = 'b2c/products/';
const PAGES = { products: products(1, 30), pageSize: 10 };
const JSON_TYPE = { 'content-type': 'application/json' };
const open = useLaboratory();

/** Syncs while the second product's detail is that text, as it stands. */
async function withDetail(lab: Laboratory, text: string) {
  lab.supplier.set('b2c/products/2/', answers.body(text, JSON_TYPE));
  return lab.worker().sync();
}

/** Any value at that depth of lists. */
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('U8 a page that is no list', () => {
  const pages: [string, Answer][] = [
    ['HTML with 200', answers.html(200)],
    ['HTML that claims to be JSON', answers.body('<html></html>', JSON_TYPE)],
    ['204', answers.body('', {}, 204)],
    ['200 without a body', answers.body('', JSON_TYPE)],
    ['null', answers.json(null)],
    ['a number', answers.json(7)],
    ['a text', answers.json('[]')],
    ['an object without a list', answers.json({ detail: 'Maintenance' })],
    ['a list that is an object', answers.json({ count: 0, results: {} })],
    ['a list that is null', answers.json({ count: 0, next: null, results: null })],
    ['UTF-16', answers.body(Buffer.from('\uFEFF{"results": []}', 'utf16le'), JSON_TYPE)],
    ['a partial answer', answers.json({ results: [] }, 206)],
    ['a switch of protocols', switchOfProtocols],
  ];
  test.each(pages)('U8 %s is a failed page, never an empty catalogue', async (_, answer) => {
    const lab = await open(PAGES);
    const before = await firstSync(lab);
    lab.supplier.set(LIST, answer);
    await expectKept(lab, before, await lab.worker().sync());
    const { held, lastError } = await lab.control();
    expect([held, lastError?.code]).toEqual([null, 'invalid']);
    lab.supplier.set(LIST, answer, [2]);
    lab.supplier.set(LIST, null);
    await expectHealed(lab);
  });

  test('U8 one such page among good ones: the rest is stored, nothing is removed, it is no success', async () => {
    const lab = await open(PAGES);
    const before = await firstSync(lab);
    lab.supplier.set(LIST, answers.html(200), [2]);
    await expectKept(lab, before, await lab.worker().sync());
    expect((await lab.control()).lastError?.code).toBe('pages_lost');
    await expectHealed(lab);
  });

  test('U8 a byte order mark or a wrong type is no reason to lose a page', async () => {
    const lab = await open();
    const list = `\uFEFF${JSON.stringify([aProduct(1)])}`;
    lab.supplier.products = [aProduct(1)];
    lab.supplier.set(LIST, answers.body(list, { 'content-type': 'text/plain' }));
    expect(await lab.worker().sync()).toMatchObject({ success: true });
    await expectLevel(lab);
  });
});

describe('U9 bodies without measure', () => {
  const zeros = Buffer.alloc(64 * 1024 * 1024, 0x20);
  const endless: Answer = (response) => {
    response.writeHead(200, JSON_TYPE);
    const block = Buffer.alloc(256 * 1024, 0x20);
    const more = (): void => {
      while (!response.destroyed && response.write(block));
    };
    response.on('drain', more);
    more();
  };
  const bodies: [string, Answer][] = [
    [
      'a gzip bomb of 64 MB',
      answers.body(gzipSync(zeros), { ...JSON_TYPE, 'content-encoding': 'gzip' }),
    ],
    [
      'gzip in gzip',
      answers.body(gzipSync(gzipSync('[]')), { ...JSON_TYPE, 'content-encoding': 'gzip, gzip' }),
    ],
    ['another encoding', answers.body('[]', { ...JSON_TYPE, 'content-encoding': 'br' })],
    ['an endless body', endless],
  ];
  test.each(bodies)('U9 %s fails the page and keeps the data', async (_, answer) => {
    const lab = await open(PAGES);
    const before = await firstSync(lab);
    lab.supplier.set(LIST, answer);
    const worker = lab.worker({ timeoutMs: 5_000 });
    await expectKept(lab, before, await worker.sync());
    expect(worker.counters.requests).toBe(1);
    lab.supplier.set(LIST, null);
    await expectHealed(lab);
  });

  test.each(bodies)('U9 %s as a detail costs that record alone', async (_, answer) => {
    const lab = await open(PAGES);
    lab.supplier.set('b2c/products/2/', answer);
    const result = await lab.worker({ timeoutMs: 5_000 }).sync();
    expect(result.stats).toMatchObject({ created: 29, errors: 1 });
  });
});

describe('U10 hostile records', () => {
  const details: [string, string][] = [
    ['no JSON object', '[1, 2]'],
    ['no id, but a notice', '{"detail": "Service en maintenance"}'],
    ['nothing in it', '{}'],
    ['another id', '{"id": 3, "name": "Three"}'],
    ['an id that is a list', '{"id": [2], "name": "Two"}'],
    ['an id of 1e400', '{"id": 1e400, "name": "Two"}'],
    ['an id of 2^53 + 1', '{"id": 9007199254740993, "name": "Two"}'],
    ['a price of 1e400', '{"id": 2, "name": "Two", "selling_price": 1e400}'],
    ['a number of 1e400 that nobody reads', '{"id": 2, "name": "Two", "extra": {"a": -1e400}}'],
    ['a name that is an object', '{"id": 2, "name": {"fr": "Deux"}}'],
    ['a name that is null', '{"id": 2, "name": null}'],
    ['a price in words', '{"id": 2, "name": "Two", "selling_price": "cheap"}'],
    ...['specifications', 'description', 'category', 'images', 'tags', 'extra', 'name', 'id'].map(
      (field): [string, string] => [
        `${field} 5,000 deep`,
        `{"id": 2, "name": "Two", "${field}": ${nested(5_000)}}`,
      ],
    ),
    ['a field 200,000 deep', `{"id": 2, "name": "Two", "x": ${nested(200_000)}}`],
    ['a detail 1,000,000 deep', nested(1_000_000)],
  ];
  test.each(details)('U10 a detail with %s: only that record is rejected', async (_, text) => {
    const lab = await open(PAGES);
    const before = await firstSync(lab);
    renameAll(lab, 'Renamed');
    const result = await withDetail(lab, text);
    expect(result.stats, result.message).toMatchObject({ total: 30, updated: 29, errors: 1 });
    expect((await lab.live())['2']).toEqual(before['2']);
    expect((await lab.rejects()).map(({ key }) => key)).toEqual(['2']);
    lab.supplier.set('b2c/products/2/', null);
    await expectHealed(lab);
  });

  const rows: [string, string][] = [
    ['no id', '{"name": "Nameless"}'],
    ['a null', 'null'],
    ['a list', '[[]]'],
    ['an id of 1e400', '{"id": 1e400}'],
    ['an id of 2^53 + 1', '{"id": 9007199254740993}'],
    ['an id 5,000 deep', `{"id": ${nested(5_000)}}`],
    ['an id 100,000 deep', `{"id": ${nested(100_000)}}`],
    ['a row 100,000 deep', nested(100_000)],
  ];
  test.each(rows)(
    'U10 a list row that is %s: only that row is rejected, in every shape of list',
    async (_, row) => {
      for (const shape of [
        (rest: string) => `[${rest}]`,
        (rest: string) => `{"results":[${rest}]}`,
      ]) {
        const lab = await open({ products: products(1, 9) });
        const good = lab.supplier.products.map((product) => JSON.stringify(product));
        const page = shape([...good.slice(0, 4), row, ...good.slice(4)].join());
        lab.supplier.set(LIST, answers.body(page, JSON_TYPE));
        const result = await lab.worker().sync();
        expect(result.stats, result.message).toMatchObject({ total: 10, created: 9, errors: 1 });
        await expectLevel(lab);
      }
    },
  );

  const oddities: [string, string][] = [
    ['__proto__', '{"id": 2, "name": "Produit 2", "__proto__": {"polluted": true}}'],
    [
      'constructor',
      '{"id": 2, "name": "Produit 2", "constructor": {"prototype": {"polluted": 1}}}',
    ],
    [
      '__proto__ in what is kept as it is',
      '{"id": 2, "name": "Produit 2", "specifications": {"__proto__": {"polluted": true}, "a": 1}}',
    ],
    ['the same key twice', '{"id": 2, "name": "First", "name": "Produit 2"}'],
    ['lone surrogates', '{"id": 2, "name": "Produit 2", "description": "a\\ud800b"}'],
    ['a null character', '{"id": 2, "name": "Produit 2", "description": "a\\u0000b"}'],
  ];
  test.each(oddities)('U10 a record with %s is stored, and pollutes nothing', async (_, text) => {
    const lab = await open(PAGES);
    const result = await withDetail(lab, text);
    expect(result.stats, result.message).toMatchObject({ created: 30, errors: 0 });
    await expectLevel(lab);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    const { json, status } = await lab.get('/api/inventory/products/synced/2/');
    expect([status, json['title'], Reflect.get(json, 'polluted')]).toEqual([
      200,
      'Produit 2',
      undefined,
    ]);
    expect((await lab.worker().sync()).stats).toMatchObject({ unchanged: 30 });
  });

  test('U10 a reject’s payload that is cut inside an emoji is stored all the same', async () => {
    const lab = await open(PAGES);
    for (const lead of ['', 'x']) {
      const result = await withDetail(
        lab,
        JSON.stringify({ id: 2, name: null, description: lead + '😀'.repeat(400) }),
      );
      expect(result.stats, result.message).toMatchObject({ total: 30, errors: 1 });
      expect(JSON.stringify(await lab.rejects()).isWellFormed()).toBe(true);
      for (const { payload } of await lab.rejects()) expect(payload.isWellFormed()).toBe(true);
    }
  });

  test('U10 a record whose fault is in a name without end, or cut inside an emoji, is one reject', async () => {
    const lab = await open(PAGES);
    for (const name of [`${'x'.repeat(39)}😀`, 'é'.repeat(400_000), '\ud800']) {
      const result = await withDetail(
        lab,
        `{"id": 2, "name": "Two", ${JSON.stringify(name)}: 1e400}`,
      );
      expect(result.stats, result.message).toMatchObject({ total: 30, errors: 1 });
    }
    const longNames = { id: 2, name: 'Two', images: [{ ['é'.repeat(400_000)]: 1 }], tags: [{}] };
    expect((await withDetail(lab, JSON.stringify(longNames))).success).toBe(true);
  });
});

describe('U11 records near and over what a row can hold', () => {
  test.each([100_000, 340_000, 352_000, 410_000, 2_000_000])(
    'U11 a record of %i bytes is stored whole, or rejected before the write',
    async (bytes) => {
      const lab = await open(PAGES);
      const description = 'é'.repeat(bytes / 2);
      const result = await withDetail(lab, JSON.stringify(aProduct(2, { description })));
      const fits = bytes < 350_000;
      expect(result.stats, result.message).toMatchObject({
        created: fits ? 30 : 29,
        errors: fits ? 0 : 1,
      });
      expect((await lab.live())['2']?.['description']).toBe(fits ? description : undefined);
    },
  );

  test('U11 a whole page of the largest records that fit is stored', async () => {
    const lab = await open({ pageSize: 20 });
    const large = (id: number): JsonObject => aProduct(id, { description: 'x'.repeat(340_000) });
    lab.supplier.products = Array.from({ length: 20 }, (_, at) => large(20 - at));
    expect((await lab.worker().sync()).stats).toMatchObject({ created: 20, errors: 0 });
    await expectLevel(lab);
  });
});
