import { inArena } from './arena.ts';
import type { Figure } from './goals.ts';
import type { Extent } from './speed.ts';

const MB = 1_000_000;

/** The most memory that a process holds which reads a catalogue of this size, and nothing else. */
function peakBytes(products: number): Promise<number> {
  return inArena({ products, latencyMs: 1 }, async (arena) => {
    const round = await arena.round('ours', { products, concurrency: 32 });
    return round.peakBytes;
  });
}

/** Memory must not grow with the catalogue. */
export async function memory({ isShort }: Extent): Promise<Figure[]> {
  const small = await peakBytes(5000);
  const large = await peakBytes(isShort ? 20_000 : 60_000);
  const ratio: Figure = {
    name: `peak memory, ${isShort ? '20,000' : '60,000'} ÷ 5,000`,
    value: large / small,
    atMost: 1.35,
    kind: 'counted',
    detail: `${(large / MB).toFixed(0)} MB against ${(small / MB).toFixed(0)}`,
  };
  if (isShort) return [ratio];
  const huge = await peakBytes(100_000);
  return [
    ratio,
    { name: 'peak memory, 100,000 records, MB', value: huge / MB, atMost: 256, kind: 'counted' },
  ];
}
