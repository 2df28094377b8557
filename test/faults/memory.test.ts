import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { startProgram } from '../support/child.ts';
import { answers, products, type Answer } from '../support/supplier.ts';
import { useLaboratory } from './laboratory.ts';
import type { MemoryOrder } from './memory-worker.ts';

const open = useLaboratory();
const report = z.object({ grownMegabytes: z.number() });
const JSON_TYPE = { 'content-type': 'application/json' };
const MOST_GROWN_MEGABYTES = 64;

const megabytes = (count: number, fill = ' '): Buffer => Buffer.alloc(count * 1024 * 1024, fill);
const bomb = gzipSync(megabytes(300));
const justFitting = gzipSync(
  Buffer.concat([Buffer.alloc(500 * 1024, ' '), Buffer.from('{"id": 1}')]),
);
const longName = (characters: number) => `{"id": 1, "name": "${'x'.repeat(characters)}"}`;
const gzipped = (bytes: Buffer): Answer =>
  answers.body(bytes, { ...JSON_TYPE, 'content-encoding': 'gzip' });
const DETAIL = /products\/\d+\//;
const LIST = 'b2c/products/';

const endless: Answer = (response) => {
  response.writeHead(200, JSON_TYPE);
  const block = megabytes(1);
  const more = (): void => {
    while (!response.destroyed && response.write(block));
  };
  response.on('drain', more);
  more();
};

test.each<[string, RegExp | string, Answer]>([
  ['gzip bombs as details', DETAIL, gzipped(bomb)],
  ['details just under the cap', DETAIL, gzipped(justFitting)],
  ['records of 7 MB', DETAIL, answers.body(longName(7_000_000))],
  ['endless details', DETAIL, endless],
  ['endless errors', DETAIL, answers.body(megabytes(64), JSON_TYPE, 404)],
  ['a gzip bomb as a page', LIST, gzipped(bomb)],
  ['an endless page', LIST, endless],
])(
  'U9 %s, 32 requests at once: the worker grows by 64 MB at the most',
  async (_, route, answer) => {
    expect(await growthUnder(route, answer)).toBeLessThanOrEqual(MOST_GROWN_MEGABYTES);
  },
  60_000,
);

// These are within the caps, so they are read whole, and 32 details at once are held until they are
// written, as a supplier's largest honest records would be.
test.each<[string, RegExp | string, Answer]>([
  ['records just under the cap', DETAIL, answers.body(longName(380_000))],
  ['a page of 8 MB', LIST, answers.body(`[${longName(8_000_000)}]`)],
])(
  'U9 %s, 32 requests at once: the worker grows by 128 MB at the most',
  async (_, route, answer) => {
    expect(await growthUnder(route, answer)).toBeLessThanOrEqual(128);
  },
  60_000,
);

/** By how many megabytes a worker's peak grows when a route is answered so. */
async function growthUnder(route: RegExp | string, answer: Answer): Promise<number> {
  // Enough that V8's own bound on garbage, 64 MB, would show.
  const lab = await open({ products: products(1, 400) });
  const { endpoint, tableName, supplier } = lab;
  const order: MemoryOrder = {
    endpoint,
    tableName,
    supplier: { url: supplier.url, key: supplier.key },
  };
  const child = startProgram(['test/faults/memory-worker.ts', JSON.stringify(order)], {});
  await child.until('healthy');
  supplier.set(route, answer);
  expect(await child.ended, child.output()).toBe(0);
  const { grownMegabytes } = report.parse(JSON.parse(child.output().split('\n').at(-2) ?? ''));
  return grownMegabytes;
}
