import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleFunction } from '../bench/cold/bundles.ts';
import { FUNCTIONS } from '../bench/cold/index.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'b2b-bundles-'));
});
afterAll(() => rm(directory, { recursive: true }));

test.each(FUNCTIONS)('$folder loads at most 270 kB, 90 kB compressed', async ({ folder }) => {
  const { bytes, compressedBytes } = await bundleFunction(folder, directory);
  expect(bytes).toBeLessThanOrEqual(270_000);
  expect(compressedBytes).toBeLessThanOrEqual(90_000);
});
