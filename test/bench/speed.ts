import { inArena } from './arena.ts';
import type { Figure } from './goals.ts';
import { interleaved } from './rounds.ts';
import { PAGE_SIZE } from './supplier/answers.ts';

const AT_ONCE = 32;

/** Which form of the bench. */
export interface Extent {
  readonly isShort: boolean;
}

const requestsOf = (products: number): number => products + Math.ceil(products / PAGE_SIZE);

/** 25 ms a request, 32 at once: beside the floor, the script and one request after another. */
export function speedAt25Ms({
  isShort,
  rounds = isShort ? 3 : 7,
}: Extent & { readonly rounds?: number }): Promise<Figure[]> {
  const products = 3000;
  return inArena({ products, latencyMs: 25 }, async (arena) => {
    const options = { products, concurrency: AT_ONCE, rounds };
    const standing = await interleaved(arena, ['floor', 'script', 'ours'], options);
    const [floor, script, ours] = [standing('floor'), standing('script'), standing('ours')];
    const sequential = await sequentialRate(isShort ? 100 : 300);
    const detail = `${rate(ours.recordsPerSecond)}; floor ${rate(floor.recordsPerSecond)}, script ${rate(script.recordsPerSecond)}, sequential ${rate(sequential)}`;
    const most = Math.max(...ours.rounds.map(({ supplier }) => supplier.mostInFlight));
    return [
      {
        name: 'speed ÷ floor, 25 ms',
        value: ours.recordsPerSecond / floor.recordsPerSecond,
        atLeast: 0.95,
        kind: 'timed',
        detail,
      },
      {
        name: 'speed ÷ script, 25 ms',
        value: ours.recordsPerSecond / script.recordsPerSecond,
        atLeast: 1.7,
        kind: 'timed',
      },
      {
        name: 'speed ÷ sequential, 25 ms',
        value: ours.recordsPerSecond / sequential,
        atLeast: 25,
        kind: 'timed',
      },
      {
        name: 'CPU a record ÷ script, 25 ms',
        value: ours.cpuMsPerRecord / script.cpuMsPerRecord,
        atMost: 0.7,
        kind: 'timed',
        detail: `${ours.cpuMsPerRecord.toFixed(3)} ms against ${script.cpuMsPerRecord.toFixed(3)}`,
      },
      { name: 'most requests in flight of 32', value: most, atMost: AT_ONCE, kind: 'counted' },
      {
        name: 'requests ÷ (pages + records)',
        value:
          Math.max(...ours.rounds.map(({ supplier }) => supplier.served)) / requestsOf(products),
        atMost: 1,
        kind: 'counted',
      },
    ];
  });
}

const rate = (recordsPerSecond: number): string => `${recordsPerSecond.toFixed(0)} records/s`;

/** A part of the catalogue is enough: its speed does not depend on how long it takes. */
function sequentialRate(products: number): Promise<number> {
  return inArena({ products, latencyMs: 25 }, async (arena) => {
    const { records, ms } = await arena.round('sequential', { products, concurrency: 1 });
    return (records / ms) * 1000;
  });
}

/** 100 ms a request, 32 at once: beside what nothing can beat, requests × latency / 32. */
export function speedAt100Ms({ isShort }: Extent): Promise<Figure[]> {
  const products = 3000;
  return inArena({ products, latencyMs: 100 }, async (arena) => {
    const options = { products, concurrency: AT_ONCE, rounds: isShort ? 1 : 3 };
    const ours = (await interleaved(arena, ['ours'], options))('ours');
    const boundMs = (requestsOf(products) * 100) / AT_ONCE;
    const detail = `${ours.ms.toFixed(0)} ms against ${boundMs.toFixed(0)}`;
    return [
      {
        name: 'bound ÷ time, 100 ms',
        value: boundMs / ours.ms,
        atLeast: 0.97,
        kind: 'timed',
        detail,
      },
    ];
  });
}

/** At 1 ms a request the supplier hardly waits: what is left is work. */
export function cpuAt1Ms({ isShort }: Extent): Promise<Figure[]> {
  const products = isShort ? 6000 : 20_000;
  return inArena({ products, latencyMs: 1 }, async (arena) => {
    const options = { products, concurrency: AT_ONCE, rounds: isShort ? 1 : 3 };
    const standing = await interleaved(arena, ['floor', 'ours'], options);
    const [floor, ours] = [standing('floor'), standing('ours')];
    const detail = `${ours.cpuMsPerRecord.toFixed(3)} ms against ${floor.cpuMsPerRecord.toFixed(3)}`;
    return [
      {
        name: 'CPU a record ÷ floor, 1 ms',
        value: ours.cpuMsPerRecord / floor.cpuMsPerRecord,
        atMost: 3.2,
        kind: 'timed',
        detail,
      },
    ];
  });
}
