import { fixedCredentials } from '../../../shared/adapters/credentials.ts';
import { createClient } from '../../../shared/adapters/dynamodb/client.ts';
import { createDynamoDBStore } from '../../../shared/adapters/dynamodb/store.ts';
import { createHttpSource } from '../../../shared/adapters/http/source.ts';
import { createRedactor } from '../../../shared/adapters/redaction.ts';
import { createSystemClock } from '../../../shared/adapters/system-clock.ts';
import { products } from '../../../shared/resources/products.ts';
import { forcedSync, silent as log } from '../../support/forced-sync.ts';
import type { Work } from './work.ts';

const KEY = 'bench-key-of-32-characters-000000';

/** The product itself, nothing bypassed: the use case, the HTTP source, the DynamoDB store. */
export async function ours(task: Work): Promise<number> {
  const clock = createSystemClock();
  const client = createClient({ endpoint: task.endpoint });
  const redactor = createRedactor();
  redactor.remember(KEY);
  const source = createHttpSource(
    { baseUrl: task.baseUrl, pageSize: 100, concurrency: task.concurrency, timeoutMs: 30_000 },
    { credentials: fixedCredentials(KEY), clock, log, redact: (text) => redactor.redact(text) },
  );
  const store = createDynamoDBStore(client, task.tableName, { clock, log });
  const result = await forcedSync({ resource: products, source, store, clock });
  client.destroy();
  if (!result.success || result.stats === null) throw new Error(result.message);
  return result.stats.created + result.stats.updated + result.stats.unchanged;
}
