import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { violationsOf } from './invariants/index.ts';
import { plans } from './plan.ts';
import { play } from './play.ts';

/** `HISTORIES` plays another number of them, as do the planted bugs, which need fewer. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 20_000);
const TIME_MS = 60_000;

/** fast-check prints the seed and the path of a failure; `FC_SEED` repeats it. */
const seed = process.env['FC_SEED'];

test('20,000 histories, or a minute of them: workers crash, pause, hear no answer and meet each other over a supplier that changes and fails, and every invariant holds', async () => {
  let played = 0;
  const property = fc.asyncProperty(plans, fc.scheduler(), async (plan, scheduler) => {
    const history = await play(plan, scheduler);
    played += 1;
    expect(violationsOf(history)).toEqual([]);
  });
  await fc.assert(property, {
    numRuns: HISTORIES,
    interruptAfterTimeLimit: TIME_MS,
    ...(seed !== undefined && { seed: Number(seed) }),
  });
  expect(played).toBeGreaterThanOrEqual(Math.min(HISTORIES, 1_000));
}, 180_000);
