import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { localService, localSettings } from '../support/local-service.ts';
import { aCategory, aProduct, startSupplier } from '../support/supplier.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Runs a script of the example as its reader would. */
async function script(name: string, ...given: string[]): Promise<string> {
  const words = ['run', '--silent', name, '--workspace', 'docs/client-example', '--', ...given];
  return (await promisify(execFile)('npm', words, { cwd: ROOT })).stdout;
}

test('the client of docs/api.md is the example, fits the contract, and prints the catalogue', async () => {
  expect(read('docs/api.md')).toContain(
    `\`\`\`ts\n${read('docs/client-example/example.ts')}\`\`\``,
  );
  await script('types');
  await script('check');
  const supplier = await startSupplier({
    categories: [aCategory(1, { name: 'Fruit' }), aCategory(2, { name: 'Cheese' })],
    products: Array.from({ length: 230 }, (_, at) =>
      aProduct(at + 1, { category: { id: 1 + (at % 2), name: 'any' } }),
    ),
  });
  onTestFinished(() => supplier.stop());
  const run = await localService(await localSettings(supplier));
  await expect.poll(() => productsIn(run.url), { timeout: 30_000 }).toBe(230);
  const printed = await script('start', run.url);
  const listed = (category: number): string[] =>
    supplier.products
      .filter((_, at) => at % 2 === category - 1)
      .toReversed()
      .map(({ id }) => `  Produit ${Number(id)}: ${1000 + Number(id)}`);
  const lines = printed.trimEnd().split('\n');
  expect(lines.toSorted()).toEqual(['Fruit', 'Cheese', ...listed(1), ...listed(2)].toSorted());
  const first = lines.indexOf('Fruit') + 1;
  expect(lines.slice(first, first + 115)).toEqual(listed(1));
}, 90_000);

const list = z.object({ count: z.number() });

/** How many products the copy has that have been published. */
async function productsIn(url: string): Promise<number> {
  const answer = await fetch(`${url}/api/inventory/categories/synced/2/products/?page_size=1`);
  const other = await fetch(`${url}/api/inventory/products/synced/?page_size=1`);
  return answer.ok && other.ok ? list.parse(await other.json()).count : 0;
}
