import { inArena } from './arena.ts';
import type { Figure } from './goals.ts';
import type { Extent } from './speed.ts';
import { PAGE_SIZE } from './supplier/answers.ts';

const LATENCY_MS = 25;
const AT_ONCE = 32;

/** Suppliers that refuse: speed beside what they bear, and how much of it is refused. */
export async function againstLimits({ isShort }: Extent): Promise<Figure[]> {
  const figures = [
    ...(await against('12 at once', { mostAtOnce: 12 }, (12 / LATENCY_MS) * 1000, 3000)),
    ...(await against('400 a second', { mostInASecond: 400 }, 400, 3000)),
  ];
  if (isShort) return figures;
  return [...figures, ...(await against('100 a second', { mostInASecond: 100 }, 100, 3000))];
}

function against(
  name: string,
  limits: { readonly mostAtOnce?: number; readonly mostInASecond?: number },
  requestsPerSecond: number,
  products: number,
): Promise<Figure[]> {
  return inArena({ products, latencyMs: LATENCY_MS, ...limits }, async (arena) => {
    const options = { products, concurrency: AT_ONCE };
    await arena.round('ours', options); // warms the process up
    const { ms, supplier } = await arena.round('ours', options);
    const { served, refused, mostInFlight } = supplier;
    const boundMs = ((products + products / PAGE_SIZE) / requestsPerSecond) * 1000;
    return [
      {
        name: `bound ÷ time, ${name}`,
        value: boundMs / ms,
        atLeast: 0.92,
        kind: 'timed',
        detail: `${ms.toFixed(0)} ms against ${boundMs.toFixed(0)}, ${refused} refused, ${mostInFlight} in flight at most`,
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
