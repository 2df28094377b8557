import { parseArgs } from 'node:util';
import { createClient } from '../../shared/adapters/dynamodb/client.ts';
import { createDynamoDBStore } from '../../shared/adapters/dynamodb/store.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import { forcedSync, silent as log } from '../support/forced-sync.ts';
import { editionSource, TABLE_NAME, things } from './child-catalog.ts';

/**
 * One sync in a process of its own, to be killed or paused. Its clock is the machine's, ahead by
 * `--ahead` milliseconds: that is how the lease of one before it is over without waiting for it.
 */
const { values } = parseArgs({
  options: {
    endpoint: { type: 'string' },
    records: { type: 'string', default: '150' },
    edition: { type: 'string', default: '1' },
    ahead: { type: 'string', default: '0' },
    latency: { type: 'string', default: '2' },
  },
});

const machine = createSystemClock();
const clock = { ...machine, nowMs: () => machine.nowMs() + Number(values.ahead) };
const store = createDynamoDBStore(createClient({ endpoint: values.endpoint }), TABLE_NAME, {
  clock,
  log,
});
const edition = { records: Number(values.records), edition: Number(values.edition) };
const source = editionSource(edition, Number(values.latency));

async function main(): Promise<void> {
  process.stdout.write('ready\n');
  const { decision, success, stats } = await forcedSync({
    resource: things,
    source,
    store,
    clock,
    holder: `process-${process.pid}`,
    configuration: `edition-${values.edition}`,
  });
  const maxRssMb = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(`${JSON.stringify({ decision, success, stats, maxRssMb })}\n`);
}

void main();
