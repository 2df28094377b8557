import { writeSync } from 'node:fs';
import * as z from 'zod';
import { createClient } from '../../shared/adapters/dynamodb/client.ts';
import { labWorker } from './lab-worker.ts';
import { faultyClient } from './store-faults.ts';

/** What a child is told: where everything is, and at which call it gets which signal. */
const order = z.object({
  endpoint: z.string(),
  tableName: z.string(),
  supplier: z.object({ url: z.string(), key: z.string() }),
  at: z.object({
    command: z.string(),
    call: z.number(),
    when: z.enum(['before', 'after']),
    signal: z.enum(['SIGKILL', 'SIGSTOP']),
  }),
});
export type ChildOrder = z.input<typeof order>;

// A program: one worker that syncs the products once, and stops or dies at the call it was told.
const { endpoint, tableName, supplier, at } = order.parse(JSON.parse(process.argv[2] ?? ''));
const strike = (): void => {
  writeSync(1, 'struck\n');
  process.kill(process.pid, at.signal);
};
const client = createClient({ endpoint });
faultyClient(client, ({ command, call }) => {
  const isHere = command === at.command && call === at.call;
  return isHere && at.when === 'before' ? { first: strike } : null;
});
client.middlewareStack.add(
  (next, context) => {
    return async (given) => {
      const answer = await next(given);
      if (context.commandName === at.command && at.when === 'after') seen += 1;
      if (seen === at.call) strike();
      return answer;
    };
  },
  { step: 'initialize', name: 'strikeAfter' },
);
let seen = 0;
const worker = labWorker(
  { supplier, tableName, client: () => client, logged: [], answered: [] },
  { holder: 'child', concurrency: 4 },
);
writeSync(1, `${JSON.stringify(await worker.sync())}\n`);
