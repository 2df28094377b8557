import { describe, expect, test } from 'vitest';
import { UpstreamError } from '../../shared/core/errors.ts';
import { answers, products, type Answer } from '../support/supplier.ts';
import { CANARY, leaksIn, traceOf } from './canary.ts';
import { useLaboratory } from './laboratory.ts';

const LIST = 'b2c/products/';
const open = useLaboratory();
const canaryShop = () => open({ products: products(1, 6), pageSize: 3, key: CANARY });

const inHex = (text: string): string =>
  Array.from(text, (c) => `\\u00${(c.codePointAt(0) ?? 0).toString(16)}`).join('');
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const asJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** The key as JSON text may hold it between quotes. */
const encodings: [string, string][] = [
  ['as it is', asJson(CANARY)],
  ['URL-encoded', encodeURIComponent(CANARY)],
  ['form-encoded', new URLSearchParams({ k: CANARY }).toString()],
  ['in base64', base64(CANARY)],
  ['in base64 after other text', base64(`x-api-key: ${CANARY} and more`)],
  ['in base64url', Buffer.from(CANARY).toString('base64url')],
  ['in JSON in JSON', asJson(JSON.stringify({ key: CANARY }))],
  ['with escaped slashes', asJson(CANARY).replaceAll('/', '\\/')],
  ['in escapes all through', inHex(CANARY)],
  ['in escapes in part', inHex(CANARY.slice(0, 5)) + asJson(CANARY.slice(5))],
];

/** Where a supplier may put it. */
const places: [string, (key: string) => readonly [string | RegExp, Answer]][] = [
  ...[400, 401, 403, 404, 429, 500, 503].map((code): (typeof places)[number] => [
    `an error ${code}`,
    (key) => [/./, answers.body(`{"detail": "bad key ${key}"}`, {}, code)],
  ]),
  ['an HTML page', (key) => [LIST, answers.body(`<html><p title="${key}">${key}</p>`)]],
  ['cut JSON', (key) => [LIST, answers.body(`{"results": [{"id": 1, "name": "${key}"`)]],
  ['a name', (key) => [/products\/\d/, answers.body(`{"id": 1, "name": "${key}"}`)]],
  ['a field nobody knows', (key) => [/products\/1\//, detail(`"x": {"y": ["${key}"]}`)]],
  ['the name of a field', (key) => [/products\/1\//, detail(`"${key}": "x"`)]],
  ['the name of a bad field', (key) => [/products\/1\//, detail(`"${key}": 1e400`)]],
  ['a record in error', (key) => [/products\/1\//, detail(`"selling_price": "${key}"`)]],
  ['an id', (key) => [LIST, answers.body(`[{"id": "${key}", "name": "x"}]`)]],
  ['next', (key) => [LIST, answers.body(`{"results": [], "next": "?cursor=${key}"}`)]],
  ['next to elsewhere', (key) => [LIST, answers.body(`{"results": [], "next": "//e/${key}"}`)]],
];

const detail = (field: string): Answer => answers.body(`{"id": 1, "name": "One", ${field}}`);

describe('U21 a supplier that echoes the key', () => {
  test.each(encodings)(
    'U21 %s, in whatever place: in no log, row, answer or error',
    async (_, encoded) => {
      for (const [place, answerAt] of places) {
        const lab = await canaryShop();
        expect(await lab.worker().sync()).toMatchObject({ success: true });
        lab.supplier.set(...answerAt(encoded));
        const worker = lab.worker();
        const results = [await worker.sync(), await worker.sync({}, 'categories')];
        const trace = `${await traceOf(lab)}\n${JSON.stringify(results)}`;
        expect([place, leaksIn(trace)]).toEqual([place, []]);
      }
    },
    60_000,
  );

  test('U21 in headers and the reason phrase: in no log, row, answer or error', async () => {
    for (const code of [200, 302, 401, 429, 500]) {
      const lab = await canaryShop();
      lab.supplier.set(/./, (response) => {
        const encoded = encodeURIComponent(CANARY);
        response.writeHead(code, CANARY, {
          location: `/${encoded}`,
          'retry-after': CANARY,
          'www-authenticate': `ApiKey ${CANARY}`,
          'content-type': CANARY,
          'content-encoding': CANARY,
          'set-cookie': CANARY,
        });
        response.end('x');
      });
      const result: unknown = await lab.worker().sync();
      expect([code, leaksIn((await traceOf(lab)) + JSON.stringify(result))]).toEqual([code, []]);
    }
  });

  test('U21 the scan would find it in each of these forms', () => {
    for (const [form, encoded] of encodings) {
      expect([form, leaksIn(encoded)]).not.toEqual([form, []]);
      expect([form, leaksIn(asJson(asJson(encoded)))]).not.toEqual([form, []]);
    }
    expect(leaksIn(JSON.stringify(new UpstreamError('invalid', 'harmless')))).toEqual([]);
  });
});
