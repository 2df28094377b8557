import { fixedCredentials } from '../../../shared/adapters/credentials.ts';
import { digest } from '../../../shared/adapters/digest.ts';
import { createClient } from '../../../shared/adapters/dynamodb-client.ts';
import { createDynamoDBStore } from '../../../shared/adapters/dynamodb-store.ts';
import { createHttpSource } from '../../../shared/adapters/http-source.ts';
import { createRedactor } from '../../../shared/adapters/redaction.ts';
import { createSystemClock } from '../../../shared/adapters/system-clock.ts';
import { runSync } from '../../../shared/core/run-sync.ts';
import { products } from '../../../shared/resources/products.ts';
import type { Work } from './work.ts';

const KEY = 'bench-key-of-32-characters-000000';
const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** The product itself, nothing bypassed: the use case, the HTTP source, the DynamoDB store. */
export async function ours(task: Work): Promise<number> {
  const clock = createSystemClock();
  const log = silent;
  const client = createClient({ endpoint: task.endpoint });
  const redactor = createRedactor();
  redactor.remember(KEY);
  const source = createHttpSource(
    { baseUrl: task.baseUrl, pageSize: 100, concurrency: task.concurrency, timeoutMs: 30_000 },
    { credentials: fixedCredentials(KEY), clock, log, redact: (text) => redactor.redact(text) },
  );
  const store = createDynamoDBStore(client, task.tableName, { clock, log });
  const result = await runSync(
    { trigger: 'invoke', force: true, resumeOnly: false, scope: 'full' },
    {
      ref: { source: 'main', resource: products.name },
      resource: products,
      source,
      store,
      clock,
      log,
      digest,
    },
    { holder: 'bench', shouldStop: () => false, isGone: () => false, observe: () => {} },
    { intervalMs: products.intervalMs, configuration: 'bench' },
  );
  client.destroy();
  if (!result.success || result.stats === null) throw new Error(result.message);
  return result.stats.created + result.stats.updated + result.stats.unchanged;
}
