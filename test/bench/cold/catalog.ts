import { createClient } from '../../../shared/adapters/dynamodb-client.ts';
import { createDynamoDBStore } from '../../../shared/adapters/dynamodb-store.ts';
import { digest } from '../../../shared/adapters/digest.ts';
import { createSystemClock } from '../../../shared/adapters/system-clock.ts';
import type { Json } from '../../../shared/core/json.ts';
import type { Page } from '../../../shared/core/ports.ts';
import { runSync } from '../../../shared/core/run-sync.ts';
import { resources } from '../../../shared/resources/index.ts';
import { createTable } from '../../../local/create-table.ts';
import { aCategory, aProduct } from '../../support/supplier-records.ts';

const RECORDS = 20;

/** Fills a new table with a small fresh catalogue of every resource, so that no read starts a sync. */
export async function fillCatalog(endpoint: string, tableName: string): Promise<void> {
  const client = createClient({ endpoint });
  await createTable(client, tableName);
  const clock = createSystemClock();
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const store = createDynamoDBStore(client, tableName, { clock, log });
  for (const resource of resources) {
    const record = (id: number): Json =>
      resource.name === 'categories' ? aCategory(id) : aProduct(id);
    const entries = Array.from({ length: RECORDS }, (_, place) => record(RECORDS - place));
    const source = {
      page: (): Promise<Page> => Promise.resolve({ entries, next: null, count: RECORDS }),
      cursorAfter: () => null,
      detail: (_resource: object, id: string) => Promise.resolve(record(Number(id))),
      counters: { requests: 0, retries: 0 },
      concurrency: 8,
    };
    const result = await runSync(
      { trigger: 'invoke', force: true, resumeOnly: false, scope: 'full' },
      {
        ref: { source: 'main', resource: resource.name },
        resource,
        source,
        store,
        clock,
        log,
        digest,
      },
      { holder: 'bench', shouldStop: () => false, isGone: () => false, observe: () => {} },
      { intervalMs: resource.intervalMs, configuration: 'bench' },
    );
    if (!result.success) throw new Error(result.message);
  }
  client.destroy();
}
