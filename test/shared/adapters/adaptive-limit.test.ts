import { describe, expect, it } from 'vitest';
import { createAdaptiveLimit } from '../../../shared/adapters/adaptive-limit.ts';

type Result = 'good' | 'overload';
const aLimit = (ceiling: number) =>
  createAdaptiveLimit<Result>(ceiling, (result) => result === 'overload');

async function rounds(limit: ReturnType<typeof aLimit>, count: number): Promise<void> {
  for (let round = 0; round < count; round += 1) {
    const tasks = Array.from({ length: limit.inFlight() }, () => limit.run(async () => 'good'));
    await Promise.all(tasks);
  }
}

describe('the bound on requests in flight', () => {
  it('starts at 8 and grows by one a round, never above its ceiling', async () => {
    const limit = aLimit(12);
    expect(limit.inFlight()).toBe(8);
    await rounds(limit, 3);
    expect(limit.inFlight()).toBe(11);
    await rounds(limit, 9);
    expect(limit.inFlight()).toBe(12);
    expect(aLimit(3).inFlight()).toBe(3);
  });

  it('halves once for a burst of refusals, and again for the next burst, down to one', async () => {
    const limit = aLimit(32);
    const seen: number[] = [];
    for (let burst = 0; burst < 5; burst += 1) {
      const tasks = Array.from({ length: limit.inFlight() }, () =>
        limit.run(async () => 'overload'),
      );
      await Promise.all(tasks);
      seen.push(limit.inFlight());
    }
    expect(seen).toEqual([4, 2, 1, 1, 1]);
  });

  it('recovers after a burst', async () => {
    const limit = aLimit(32);
    await limit.run(async () => 'overload');
    await rounds(limit, 6);
    expect(limit.inFlight()).toBe(10);
  });

  it('is kept to while it shrinks and grows', async () => {
    const limit = aLimit(10);
    let inFlight = 0;
    let most = 0;
    const task = (result: Result) => async (): Promise<Result> => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await new Promise((resolve) => setTimeout(resolve, 1));
      inFlight -= 1;
      return result;
    };
    await Promise.all(
      Array.from({ length: 200 }, (_, n) => limit.run(task(n % 50 === 0 ? 'overload' : 'good'))),
    );
    expect(most).toBeLessThanOrEqual(10);
  });
});
