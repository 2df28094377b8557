import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inArena } from './arena.ts';
import { bundleFunction, sizesOf } from './cold/bundles.ts';
import { FUNCTIONS } from './cold/index.ts';
import type { Figure } from './goals.ts';
import { memory } from './memory.ts';
import { speedAt25Ms } from './speed.ts';

const AT_ONCE = 32;
const PRODUCTS = 3000;

/** What CI looks at, in about a minute: everything that is counted, on however busy a machine, and the
 *  speed beside the floor and the script, which says little there. Capacity units are counted by
 *  `test/acceptance/capacity.test.ts`. */
export async function inCi(): Promise<Figure[]> {
  return [
    ...(await bundleSizes()),
    ...(await speedAt25Ms({ isShort: true, rounds: 1 })),
    ...(await refusals()),
    ...(await memory({ isShort: true })),
  ];
}

async function bundleSizes(): Promise<Figure[]> {
  const directory = await mkdtemp(join(tmpdir(), 'b2b-bench-'));
  try {
    const figures = FUNCTIONS.map(async ({ folder }) =>
      sizesOf(folder, await bundleFunction(folder, directory)),
    );
    return (await Promise.all(figures)).flat();
  } finally {
    await rm(directory, { recursive: true });
  }
}

function refusals(): Promise<Figure[]> {
  return inArena({ products: PRODUCTS, latencyMs: 5, mostAtOnce: 12 }, async (arena) => {
    const options = { products: PRODUCTS, concurrency: AT_ONCE };
    const { served, refused } = (await arena.round('ours', options)).supplier;
    const value = refused / (served + refused);
    return [{ name: 'refused requests, 12 at once', value, atMost: 0.01, kind: 'counted' }];
  });
}
