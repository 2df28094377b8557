import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SABOTAGES } from './sabotages.ts';

const ROOT = join(import.meta.dirname, '../..');

test('each bug that can be planted has its place in the code, once', () => {
  const lost = SABOTAGES.flatMap(({ name, edits }) =>
    edits
      .filter(({ file, find }) => readFileSync(join(ROOT, file), 'utf8').split(find).length !== 2)
      .map(({ file }) => `${name} (${file})`),
  );
  expect(lost).toEqual([]);
});
