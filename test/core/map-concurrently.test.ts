import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mapConcurrently } from '../../shared/core/map-concurrently.ts';

async function* upTo(count: number, failAt = Number.NaN): AsyncGenerator<number> {
  for (let value = 0; value < count; value += 1) {
    if (value === failAt) throw new Error(`input ${value}`);
    yield value;
  }
}

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

test('keeps the order and its bounds, whatever takes how long', async () => {
  const delays = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 40 });
  const bounds = fc.record({
    inFlight: fc.integer({ min: 1, max: 5 }),
    slack: fc.integer({ min: 0, max: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(delays, bounds, async (delaysMs, { inFlight, slack }) => {
      let active = 0;
      let most = 0;
      let mapped = 0;
      let furthest = 0;
      const outputs: number[] = [];
      const map = async (value: number) => {
        active += 1;
        mapped += 1;
        most = Math.max(most, active);
        furthest = Math.max(furthest, mapped - outputs.length);
        await after(delaysMs[value] ?? 0);
        active -= 1;
        return value;
      };
      const window = inFlight + slack;
      for await (const value of mapConcurrently(upTo(delaysMs.length), map, { inFlight, window })) {
        outputs.push(value);
      }
      expect(outputs).toEqual(delaysMs.map((_, index) => index));
      expect(most).toBeLessThanOrEqual(inFlight);
      expect(furthest).toBeLessThanOrEqual(window + 1); // one is in the consumer's hands
    }),
    { numRuns: 60 },
  );
});

test('goes on while its consumer is busy, up to its window', async () => {
  let mapped = 0;
  const map = async (value: number) => {
    mapped += 1;
    await after(1);
    return value;
  };
  for await (const _ of mapConcurrently(upTo(100), map, { inFlight: 4, window: 10 })) {
    await after(60);
    break;
  }
  expect(mapped).toBeGreaterThanOrEqual(10);
  expect(mapped).toBeLessThanOrEqual(12);
});

test.each([
  [
    'a mapping',
    100,
    async (value: number) => (value === 5 ? Promise.reject(new Error('mapping 5')) : value),
    'mapping 5',
  ],
  ['the input', 5, async (value: number) => value, 'input 5'],
])(
  'a failure of %s is thrown in its turn, after all before it',
  async (_title, failAt, map, message) => {
    const outputs: number[] = [];
    const consume = async () => {
      const inputs = upTo(20, failAt === 5 ? 5 : Number.NaN);
      for await (const value of mapConcurrently(inputs, map, { inFlight: 3, window: 8 }))
        outputs.push(value);
    };
    await expect(consume()).rejects.toThrow(message);
    expect(outputs).toEqual([0, 1, 2, 3, 4]);
  },
);
