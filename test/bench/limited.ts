import { inArena } from './arena.ts';
import type { Figure } from './goals.ts';
import { interleaved } from './rounds.ts';
import type { Extent } from './speed.ts';
import { PAGE_SIZE } from './supplier/answers.ts';

const LATENCY_MS = 25;
const AT_ONCE = 32;
/** The second of the round before is over, and what it used of its allowance. */
const REST_MS = 1_100;

/** Suppliers that refuse: speed beside what they bear, and how much of it is refused. */
export async function againstLimits({ isShort }: Extent): Promise<Figure[]> {
  const rounds = isShort ? 1 : 5;
  const figures = [
    ...(await against('12 at once', { mostAtOnce: 12 }, (12 / LATENCY_MS) * 1000, rounds)),
    ...(await against('400 a second', { mostInASecond: 400 }, 400, rounds)),
  ];
  if (isShort) return figures;
  return [...figures, ...(await against('100 a second', { mostInASecond: 100 }, 100, 1))];
}

function against(
  name: string,
  limits: { readonly mostAtOnce?: number; readonly mostInASecond?: number },
  requestsPerSecond: number,
  rounds: number,
): Promise<Figure[]> {
  const products = 3000;
  return inArena({ products, latencyMs: LATENCY_MS, ...limits }, async (arena) => {
    const options = { products, concurrency: AT_ONCE, rounds, restMs: REST_MS };
    const ours = (await interleaved(arena, ['ours'], options))('ours');
    const counts = ours.rounds.map(({ supplier }) => supplier);
    const served = sum(counts.map((count) => count.served));
    const refused = sum(counts.map((count) => count.refused));
    const mostInFlight = Math.max(...counts.map((count) => count.mostInFlight));
    const times = ours.rounds.map(({ ms }) => ms.toFixed(0)).join(', ');
    const boundMs = ((products + products / PAGE_SIZE) / requestsPerSecond) * 1000;
    return [
      {
        name: `bound ÷ time, ${name}`,
        value: boundMs / ours.ms,
        atLeast: 0.92,
        kind: 'timed',
        detail: `${times} ms against ${boundMs.toFixed(0)}, ${refused} refused, ${mostInFlight} in flight at most`,
      },
      {
        name: `refused requests, ${name}`,
        value: refused / (served + refused),
        atMost: 0.01,
        kind: 'counted',
      },
    ];
  });
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
