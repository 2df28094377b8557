import { expect, test } from 'vitest';
import { plannedLines } from '../../cli/planned-lines.ts';
import { NO_STATS } from '../../shared/core/control.ts';

test('what a supplier wrote forges no line, and moves no cursor', () => {
  const title = 'Tea\u001b[2K\u001b]0;pwned\u0007\n  remove  999  forged';
  const lines = plannedLines({
    success: true,
    decision: 'started',
    message: '',
    run_id: 'run',
    stats: { ...NO_STATS, created: 1 },
    planned: { created: [{ id: '7', title }], updated: [], removed: [], held: [], in_error: [] },
  });
  expect(lines).toEqual(['  create  7  Tea[2K]0;pwned remove 999 forged']);
});

test('a dry run is printed a line for each record, with each field that changes below it', () => {
  const lines = plannedLines({
    success: true,
    decision: 'started',
    message: '',
    run_id: 'run',
    stats: { ...NO_STATS, created: 3, updated: 1, removed: 1 },
    planned: {
      created: [{ id: '7', title: 'Riz' }],
      updated: [{ id: '8', title: 'Mil', changes: { price: { from: '10.00', to: '12.50' } } }],
      removed: [{ id: '9', title: 'Thé' }],
      held: ['5'],
      in_error: [],
    },
  });
  expect(lines).toEqual([
    '  create  7  Riz',
    '  update  8  Mil',
    '            price: "10.00" → "12.50"',
    '  remove  9  Thé',
    '  hold    5  would wait for a person before it is removed',
    '  and 2 more',
  ]);
});
