import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { createTable } from '../../../local/create-table.ts';
import { startEngine } from '../../../local/engine.ts';
import { createClient } from '../../../shared/adapters/dynamodb/client.ts';
import { gatewayRequest } from '../../support/gateway-event.ts';
import { fillCatalog } from '../fill.ts';
import { median, type Figure } from '../goals.ts';
import type { Extent } from '../speed.ts';
import { bundleBare, bundleFunction, sizesOf, type Bundle } from './bundles.ts';

const run = promisify(execFile);
const TABLE = 'cold';

/** A request to each reading function, and how its start may compare with the bare handler's. */
export const FUNCTIONS = [
  { folder: 'products-synced', path: '/api/inventory/products/synced/?page_size=20', most: 0.95 },
  { folder: 'categories-synced', path: '/api/inventory/categories/synced/', most: 0.95 },
  { folder: 'status', path: '/inventory/api/status/', most: 1.1 },
  { folder: 'home', path: '/', most: 1.1 },
] as const;

const start = z.object({
  initMs: z.number(),
  answerMs: z.number(),
  fromStartMs: z.number(),
  status: z.number(),
});
type Start = z.output<typeof start>;

/** From a process's start to its first answer, each function beside a bare GetItem, taking turns. */
export async function coldStart({ isShort }: Extent): Promise<Figure[]> {
  const directory = await mkdtemp(join(tmpdir(), 'b2b-bench-'));
  const engine = await startEngine({ databasePath: null, port: 0, environment: process.env });
  try {
    const client = createClient({ endpoint: engine.endpoint });
    await createTable(client, TABLE);
    await fillCatalog(client, TABLE, { products: 20, categories: 20 });
    client.destroy();
    const bare = await bundleBare(directory);
    const bundles = await Promise.all(
      FUNCTIONS.map(({ folder }) => bundleFunction(folder, directory)),
    );
    const starts = await interleavedStarts([bare, ...bundles], engine.endpoint, isShort ? 5 : 15);
    const [reference = [], ...others] = starts;
    return FUNCTIONS.flatMap((one, place) => {
      const bundle = bundles[place];
      return bundle === undefined ? [] : figures(one, bundle, others[place] ?? [], reference);
    });
  } finally {
    await engine.stop();
    await rm(directory, { recursive: true });
  }
}

async function interleavedStarts(
  bundles: readonly Bundle[],
  endpoint: string,
  rounds: number,
): Promise<readonly Start[][]> {
  const starts = bundles.map((): Start[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [place, { file }] of bundles.entries()) {
      const { path } = FUNCTIONS[place - 1] ?? { path: '/' };
      const one = await startOnce(file, path, endpoint);
      // The first round only fills the machine's caches.
      if (round > 0) starts[place]?.push(one);
    }
  }
  return starts;
}

async function startOnce(file: string, path: string, endpoint: string): Promise<Start> {
  const { event } = gatewayRequest(path);
  const script = join(import.meta.dirname, 'start.mjs');
  const { stdout } = await run(process.execPath, [script, file, JSON.stringify(event)], {
    env: {
      AWS_REGION: 'local',
      DYNAMODB_ENDPOINT: endpoint,
      TABLE_NAME: TABLE,
      WORKER_FUNCTION_NAME: 'worker',
      PUBLIC_READS: 'true',
    },
  });
  const found = start.parse(JSON.parse(stdout.slice(stdout.lastIndexOf('{"initMs"'))));
  if (found.status !== 200) throw new Error(`${path} answered ${found.status} on its first call`);
  return found;
}

function figures(
  { folder, most }: (typeof FUNCTIONS)[number],
  bundle: Bundle,
  starts: readonly Start[],
  bare: readonly Start[],
): Figure[] {
  const ratio = (of: (one: Start) => number): number =>
    median(starts.map(of)) / median(bare.map(of));
  const ms = (of: (one: Start) => number): string =>
    `${median(starts.map(of)).toFixed(1)} ms against ${median(bare.map(of)).toFixed(1)}`;
  const init = (one: Start): number => one.initMs;
  const both = (one: Start): number => one.initMs + one.answerMs;
  return [
    {
      name: `${folder}: init ÷ bare`,
      value: ratio(init),
      atMost: most,
      kind: 'timed',
      detail: ms(init),
    },
    {
      name: `${folder}: init and first answer ÷ bare`,
      value: ratio(both),
      atMost: most,
      kind: 'timed',
      detail: ms(both),
    },
    ...sizesOf(folder, bundle),
  ];
}
