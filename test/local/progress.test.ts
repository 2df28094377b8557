import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { createProgress, progressLine, type RunProgress } from '../../local/progress.ts';
import { createInstantClock } from '../support/instant-clock.ts';

const run = (done: number, more: Partial<RunProgress> = {}): RunProgress => ({
  resource: 'products',
  done,
  expected: 1200,
  perSecond: 310.4,
  etaSeconds: 2.1,
  ...more,
});

test.each([
  [run(540), 'products: 540 of 1,200 (45 %), 310/s, 3 s left'],
  [run(0, { perSecond: null, etaSeconds: null }), 'products: 0 of 1,200 (0 %)'],
  [run(1199, { etaSeconds: null }), 'products: 1,199 of 1,200 (99 %), 310/s'],
  [run(1300, { etaSeconds: 600 }), 'products: 1,300 of 1,200 (100 %), 310/s, 10 min left'],
  [run(0, { expected: 0, perSecond: null, etaSeconds: null }), 'products: 0 of 0 (100 %)'],
  [run(42, { expected: null, etaSeconds: null }), 'products: 42, 310/s'],
])('%j reads as %s', (progress, line) => {
  expect(progressLine(progress)).toBe(line);
});

/** A stream that keeps what is written to it. */
function screenOf(properties: { readonly isTTY?: boolean; readonly columns?: number }) {
  const screen = Object.assign(new PassThrough(), properties);
  let text = '';
  screen.on('data', (part: Buffer) => (text += part.toString()));
  return { screen, text: () => text };
}

test.each([{}, { isTTY: true, columns: 0 }])(
  'on %j, no terminal to draw on, a run has one line each 5 s, and its last state once at the end',
  async (properties) => {
    const clock = createInstantClock();
    const { screen, text } = screenOf(properties);
    const progress = createProgress(screen, clock);
    const plain = { perSecond: null, etaSeconds: null };
    for (let second = 0; second <= 12; second += 1) {
      progress.update(run(second, plain));
      progress.update(run(second * 2, { ...plain, resource: 'categories', expected: null }));
      await clock.sleep(1000);
    }
    progress.say('A line between.');
    progress.stop();
    expect(text().trimEnd().split('\n')).toEqual([
      'products: 0 of 1,200 (0 %)',
      'categories: 0',
      'products: 5 of 1,200 (0 %)',
      'categories: 10',
      'products: 10 of 1,200 (0 %)',
      'categories: 20',
      'A line between.',
      'products: 12 of 1,200 (1 %)',
      'categories: 24',
    ]);
  },
);

test('on a terminal each run has a bar, and the last state stays', () => {
  const { screen, text } = screenOf({ isTTY: true, columns: 100 });
  const progress = createProgress(screen, createInstantClock());
  progress.update(run(600));
  progress.update(run(70, { resource: 'categories', expected: 70, etaSeconds: null }));
  progress.say('Catalogue ready.');
  progress.stop();
  const plain = stripVTControlCharacters(text());
  expect(plain).toContain(
    `products    ${'█'.repeat(12)}${'░'.repeat(12)}  600 of 1,200 (50 %), 310/s, 3 s left`,
  );
  expect(plain.trimEnd().endsWith(`categories  ${'█'.repeat(24)}  70 of 70 (100 %), 310/s`)).toBe(
    true,
  );
  expect(plain).toContain('Catalogue ready.\n');
});

test.each([{}, { isTTY: true, columns: 100 }])(
  'on %j, a run that ended is printed once, before what is said next, and not again',
  (properties) => {
    const { screen, text } = screenOf(properties);
    const progress = createProgress(screen, createInstantClock());
    progress.update(run(90));
    progress.update(run(1200, { etaSeconds: null }));
    progress.finish('products');
    progress.say('Synced.');
    progress.finish('products');
    progress.stop();
    const plain = stripVTControlCharacters(text());
    expect(plain.split('1,200 of 1,200')).toHaveLength(2);
    expect(plain.indexOf('1,200 of 1,200')).toBeLessThan(plain.indexOf('Synced.'));
    expect(plain.trimEnd().endsWith('Synced.')).toBe(true);
  },
);
