import { expect, test } from 'vitest';
import { tickLabels } from '../../functions/pages/browser/tick-labels.ts';

const at = Date.parse('2026-11-22T10:00:00Z') / 1000;

test.each([
  ['some seconds apart', 10, '10:00:10'],
  ['five minutes apart', 300, '10:05'],
  ['some hours apart, over days', 6 * 3600, '22/11 16:00'],
  ['days apart', 2 * 86_400, '24/11/2026'],
])('marks %s are told apart', (_title, step, second) => {
  const ticks = Array.from({ length: 8 }, (_, index) => at + index * step);
  const labels = tickLabels(ticks, 'fr', 'UTC');
  expect(labels[1]).toBe(second);
  expect(new Set(labels).size).toBe(8);
});

test('no label is written twice in a row', () => {
  expect(tickLabels([at, at + 0.2, at + 0.4, at + 1.1], 'fr', 'UTC')).toEqual([
    '10:00:00',
    '',
    '',
    '10:00:01',
  ]);
});
