import { writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { createClient } from '../../shared/adapters/dynamodb/client.ts';
import { labWorker } from './lab-worker.ts';

const order = z.object({
  endpoint: z.string(),
  tableName: z.string(),
  supplier: z.object({ url: z.string(), key: z.string() }),
});
export type MemoryOrder = z.input<typeof order>;

// A program: one sync of a healthy supplier, then one of a hostile one, and by how many megabytes the
// process grew at its peak. The supplier turns hostile when it sees "healthy" printed.
const { endpoint, tableName, supplier } = order.parse(JSON.parse(process.argv[2] ?? ''));
const worker = labWorker(
  { supplier, tableName, client: () => createClient({ endpoint }), logged: [], answered: [] },
  { concurrency: 32, timeoutMs: 10_000 },
);
const peakMegabytes = (): number => process.resourceUsage().maxRSS / 1024;

for (let sync = 0; sync < 3; sync += 1) await worker.sync();
const healthy = peakMegabytes();
writeSync(1, 'healthy\n');
await delay(300);
const { stats } = await worker.sync();
writeSync(1, `${JSON.stringify({ grownMegabytes: peakMegabytes() - healthy, stats })}\n`);
