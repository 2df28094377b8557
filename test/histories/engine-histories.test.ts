import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { useDynamoDB } from '../support/dynamodb-under-test.ts';
import { engineStores } from './engine-stores.ts';
import { violationsOf } from './invariants/index.ts';
import { plans } from './plan.ts';
import { play } from './play.ts';

const HISTORIES = 120;
const seed = process.env['FC_SEED'];
const { client } = useDynamoDB();

test('120 histories on the real engine: every invariant holds there, too', async () => {
  const newStore = engineStores(client());
  const property = fc.asyncProperty(plans, fc.scheduler(), async (plan, scheduler) => {
    expect(violationsOf(await play(plan, scheduler, await newStore()))).toEqual([]);
  });
  await fc.assert(property, {
    numRuns: HISTORIES,
    ...(seed !== undefined && { seed: Number(seed) }),
  });
}, 180_000);
