import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inArena } from './arena.ts';
import { bundleFunction, sizesOf } from './cold/bundles.ts';
import { FUNCTIONS } from './cold/index.ts';
import type { Figure } from './goals.ts';
import { memory } from './memory.ts';
import { PAGE_SIZE } from './supplier/answers.ts';

const AT_ONCE = 32;
const PRODUCTS = 1500;

/** Everything that is counted, on however busy a machine, in about a minute. Capacity units are counted
 *  by `test/acceptance/capacity.test.ts`. */
export async function counted(): Promise<Figure[]> {
  return [
    ...(await bundleSizes()),
    ...(await requests()),
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

function requests(): Promise<Figure[]> {
  return inArena({ products: PRODUCTS, latencyMs: 5 }, async (arena) => {
    const options = { products: PRODUCTS, concurrency: AT_ONCE };
    const { supplier } = await arena.round('ours', options);
    const least = PRODUCTS + PRODUCTS / PAGE_SIZE;
    return [
      {
        name: 'requests ÷ (pages + records)',
        value: supplier.served / least,
        atMost: 1,
        kind: 'counted',
      },
      {
        name: 'most requests in flight of 32',
        value: supplier.mostInFlight,
        atMost: AT_ONCE,
        kind: 'counted',
      },
    ];
  });
}

function refusals(): Promise<Figure[]> {
  return inArena({ products: PRODUCTS, latencyMs: 5, mostAtOnce: 12 }, async (arena) => {
    const options = { products: PRODUCTS, concurrency: AT_ONCE };
    const { served, refused } = (await arena.round('ours', options)).supplier;
    const value = refused / (served + refused);
    return [{ name: 'refused requests, 12 at once', value, atMost: 0.01, kind: 'counted' }];
  });
}
