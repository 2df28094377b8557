import { describe, expect, it } from 'vitest';
import { createAdaptiveLimit } from '../../../../shared/adapters/http/adaptive-limit.ts';

interface Result {
  readonly is: 'good' | 'overload';
}
const good = (): Result => ({ is: 'good' });
const overload = (): Result => ({ is: 'overload' });
const aLimit = (ceiling: number) =>
  createAdaptiveLimit<Result>(ceiling, ({ is }) => is === 'overload');

async function rounds(limit: ReturnType<typeof aLimit>, count: number): Promise<void> {
  for (let round = 0; round < count; round += 1) {
    const tasks = Array.from({ length: limit.inFlight() }, () => limit.run(async () => good()));
    await Promise.all(tasks);
  }
}

describe('the bound on requests in flight', () => {
  it('starts at 16 and doubles with each round, never above its ceiling', async () => {
    const limit = aLimit(40);
    expect(limit.inFlight()).toBe(16);
    await rounds(limit, 1);
    expect(limit.inFlight()).toBe(32);
    await rounds(limit, 9);
    expect(limit.inFlight()).toBe(40);
    expect(aLimit(3).inFlight()).toBe(3);
  });

  it('halves once for a burst of refusals, and again for the next burst, down to one', async () => {
    const limit = aLimit(32);
    const seen: number[] = [];
    for (let burst = 0; burst < 5; burst += 1) {
      const tasks = Array.from({ length: limit.inFlight() }, () =>
        limit.run(async () => overload()),
      );
      await Promise.all(tasks);
      seen.push(limit.inFlight());
    }
    expect(seen).toEqual([8, 4, 2, 1, 1]);
  });

  it('after a burst grows back to one less than what was refused, and tries more ever more rarely', async () => {
    const limit = aLimit(32);
    const bears = 12;
    let inFlight = 0;
    const refusals: number[] = [];
    let sent = 0;
    const task = async (): Promise<Result> => {
      sent += 1;
      if (inFlight >= bears) {
        refusals.push(sent);
        return overload();
      }
      inFlight += 1;
      await new Promise((resolve) => setTimeout(resolve, 1));
      inFlight -= 1;
      return good();
    };
    await Promise.all(Array.from({ length: 3000 }, () => limit.run(task)));
    expect(limit.inFlight()).toBeGreaterThanOrEqual(bears - 1);
    expect(limit.inFlight()).toBeLessThanOrEqual(bears + 1);
    expect(refusals.length).toBeLessThan(30);
    const inHalves = [refusals.filter((at) => at < 1500), refusals.filter((at) => at >= 1500)];
    expect(inHalves[1]?.length).toBeLessThan(inHalves[0]?.length ?? 0);
  });

  it('when one more than was borne is refused, falls back to what was, and says so', async () => {
    const limit = aLimit(32);
    await rounds(limit, 3);
    const hold = Promise.withResolvers<Result>();
    const held = Array.from({ length: 31 }, () => limit.run(() => hold.promise));
    const refused = await limit.run(async () => overload());
    expect(limit.wasTooMany(refused)).toBe(false); // 32 were borne before
    hold.resolve(good());
    await Promise.all(held);

    const fresh = aLimit(32);
    await rounds(fresh, 1); // 16 were borne
    const more = Array.from({ length: 16 }, () => fresh.run(async () => good()));
    const one = await fresh.run(async () => overload());
    await Promise.all(more);
    expect(await fresh.wasTooMany(one)).toBe(true);
    expect(fresh.inFlight()).toBe(16);
  });

  it('knows of what was refused before anything was served once something is', async () => {
    const limit = aLimit(32);
    const hold = Promise.withResolvers<Result>();
    const held = limit.run(() => hold.promise);
    const refused = await limit.run(async () => overload());
    const known: boolean[] = [];
    const knowing = Promise.resolve(limit.wasTooMany(refused)).then((is) => known.push(is));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(known).toEqual([]);
    hold.resolve(good());
    await Promise.all([held, knowing]);
    expect(known).toEqual([true]);
    // One that was alone in flight was not too many.
    const alone = aLimit(32);
    expect(alone.wasTooMany(await alone.run(async () => overload()))).toBe(false);
  });

  it('one too many that was served after another was refused proves nothing for the next try', async () => {
    const limit = aLimit(32);
    const [first, others] = [Promise.withResolvers<Result>(), Promise.withResolvers<Result>()];
    const held = [first, ...Array.from({ length: 12 }, () => others)].map(({ promise }) =>
      limit.run(() => promise),
    );
    first.resolve(good()); // in upstream's count the 13th is the 12th from now on
    await held[0];
    await limit.run(async () => overload());
    others.resolve(good());
    await Promise.all(held);
    while (limit.inFlight() < 13) await rounds(limit, 1);
    const twelve = Array.from({ length: 12 }, () => limit.run(async () => good()));
    const refused = await limit.run(async () => overload());
    await Promise.all(twelve);
    expect(await limit.wasTooMany(refused)).toBe(true);
  });

  it('never falls below what was borne, and tries one more only after many rounds', async () => {
    const limit = aLimit(32);
    const burst = async (count: number, refused: number): Promise<void> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const sent = Array.from({ length: count }, (_, place) =>
        limit.run(async () => {
          await promise;
          return place >= count - refused ? overload() : good();
        }),
      );
      resolve();
      await Promise.all(sent);
    };
    await burst(16, 0);
    await burst(24, 0);
    await burst(32, 1);
    expect(limit.inFlight()).toBeGreaterThanOrEqual(24);
    for (let sent = 0; sent < 200; sent += 1) await limit.run(async () => good());
    expect(limit.inFlight()).toBe(31);
  });

  it('is kept to while it shrinks and grows', async () => {
    const limit = aLimit(10);
    let inFlight = 0;
    let most = 0;
    const task = (result: () => Result) => async (): Promise<Result> => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await new Promise((resolve) => setTimeout(resolve, 1));
      inFlight -= 1;
      return result();
    };
    await Promise.all(
      Array.from({ length: 200 }, (_, n) => limit.run(task(n % 50 === 0 ? overload : good))),
    );
    expect(most).toBeLessThanOrEqual(10);
  });
});
