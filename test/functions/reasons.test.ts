import { expect, test } from 'vitest';
import { remarkIn, noteOf } from '../../functions/staff/remarks.ts';
import { reasonIn } from '../../functions/staff/reasons.ts';
import type { Reader } from '../../functions/pages/format.ts';
import { WORDS } from '../../functions/pages/words.ts';
import { NO_STATS } from '../../shared/core/control.ts';
import { REMARKS, type RemarkCode } from '../../shared/core/remarks.ts';
import { categories } from '../../shared/resources/categories.ts';
import { products } from '../../shared/resources/products.ts';

const reader = (language: Reader['language']): Reader => ({ language, zone: 'UTC', nowMs: 0 });
const french = async (reason: string) => String(await reasonIn(reason, reader('fr')));
const english = async (reason: string) => String(await reasonIn(reason, reader('en')));

/** Words of English that no French text has. */
const ENGLISH =
  /\b(is|not|missing|neither|the|expected|answered|bytes|usable|with|amount|malformed)\b/;

const BAD: readonly [typeof products | typeof categories, object][] = [
  [products, { id: 1 }],
  [products, { id: 1, name: { deep: 1 } }],
  [products, { id: 1, name: 'Riz', selling_price: 'many' }],
  [products, { id: 1, name: 'Riz', selling_price: '-1' }],
  [products, { id: 1, name: 'Riz', quantity: 'lots' }],
  [products, { id: 1, name: 'Riz', sale_unit_type: 'weight', weight_unit: 'lb' }],
  [products, { id: 1, name: 'Riz', images: 7 }],
  [products, { id: 1, name: 'Riz', category: { id: { deep: 1 } } }],
  [products, { id: 1, name: 'Riz', is_active: 'perhaps' }],
  [products, { id: 1, name: 'Riz', tags: 5 }],
  [products, { name: 'Riz' }],
  [categories, { id: 1, name: 'Rayon', parent: true }],
  [categories, { id: 1, name: 'Rayon', level: 'x' }],
];

test.each(BAD)('why a record is in error is told in French (%#)', async (resource, wire) => {
  const checked = resource.validate(JSON.parse(JSON.stringify(wire)));
  const reason = checked.ok ? '' : checked.reason;
  expect(reason).not.toBe('');
  const told = await french(reason);
  expect(told, reason).not.toBe(reason);
  expect(told, reason).not.toMatch(ENGLISH);
  expect(await english(reason)).not.toBe('');
});

test.each([
  ['detail: GET /b2c/products/7/: not found (404): gone', 'il n’existe pas'],
  ['detail: GET /b2c/products/7/: server error (502)', 'erreur du fournisseur (502)'],
  ['detail: upstream answered with id 9', 'identifiant 9'],
  [
    'detail: GET /b2c/products/7/: the answer is JSON, but no record with an id',
    'aucun enregistrement',
  ],
  ['record: 360000 bytes, over the 350000 that can be stored', '360000 octets'],
])('%s', async (reason, part) => {
  const told = (await french(reason)).replaceAll('dit qu’il', 'il');
  expect(told).toContain(part);
  expect(told).not.toMatch(ENGLISH);
});

test('what is none of our own words is shown as it is, and escaped', async () => {
  expect(await french('odd <script>')).toBe('odd &lt;script&gt;');
  expect(await french('weight_unit: <b> is neither kilograms nor grams')).toContain('&lt;b&gt;');
});

test('every remark is told in both languages, whatever it is filled with', async () => {
  const codes = Object.keys(REMARKS).filter((code): code is RemarkCode => code in REMARKS);
  for (const code of codes) {
    const names = [...REMARKS[code].matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    const values = {
      ...Object.fromEntries(names.map((name) => [name, '<i>'])),
      failure: 'invalid',
    };
    const [fr, en] = await Promise.all([
      remarkIn({ code, values }, reader('fr')),
      remarkIn({ code, values }, reader('en')),
    ]);
    expect(String(fr), code).not.toBe(String(en));
    expect(String(fr) + String(en), code).not.toMatch(/<i>|\{\w+\}/);
  }
  expect(WORDS.fr.remark_upstream).toContain('{failure}');
});

test('a note of an older version keeps its words', async () => {
  const run = {
    runId: 'r',
    trigger: 'cli',
    scope: 'full',
    outcome: 'completed',
    startedAtMs: 0,
    finishedAtMs: 0,
    note: 'Asked for by Awa & co.',
  } as const;
  expect(String(await noteOf({ ...run, stats: NO_STATS }, reader('fr')))).toBe(
    'Asked for by Awa &amp; co.',
  );
});
