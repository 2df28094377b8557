import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CATALOGUE } from './catalogue.ts';
import { faultTable, faultTests } from './table.ts';

const DOCUMENT = new URL('../../docs/faults.md', import.meta.url);
const TABLE = /(?<=<!-- prettier-ignore-start -->\n\n)[\s\S]*?(?=\n\n<!-- prettier-ignore-end -->)/;

test.each(CATALOGUE)('%s (%s) has a test by its id', (id) => {
  expect(faultTests().filter((each) => each.id === id)).not.toEqual([]);
});

test('every id in a title is one of the catalogue', () => {
  const known = new Set(CATALOGUE.map(([id]) => id));
  expect(faultTests().filter(({ id }) => !known.has(id))).toEqual([]);
});

test('docs/faults.md has the table of these tests (WRITE_FAULTS=1 writes it)', () => {
  const text = readFileSync(DOCUMENT, 'utf8');
  if (process.env['WRITE_FAULTS'] === '1') {
    writeFileSync(
      DOCUMENT,
      text.replace(TABLE, () => faultTable()),
    );
  }
  expect(TABLE.exec(readFileSync(DOCUMENT, 'utf8'))?.[0]).toBe(faultTable());
});
