import { createClient } from '../../shared/adapters/dynamodb-client.ts';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb-reader.ts';
import { createDynamoDBStore } from '../../shared/adapters/dynamodb-store.ts';
import { createJsonLog } from '../../shared/adapters/json-log.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import { createEmfMetrics } from '../../shared/adapters/emf-metrics.ts';
import { watchedRun } from '../../shared/core/watched.ts';
import { SOURCE } from '../../shared/deployment.ts';
import { list } from '../../shared/reads/list.ts';
import { NOTHING_KNOWN, type ReadRequest } from '../../shared/reads/catalog.ts';
import { products } from '../../shared/resources/products.ts';
import { resources } from '../../shared/resources/index.ts';
import { runSync } from '../../shared/core/run-sync.ts';
import type { SyncRequest } from '../../shared/core/sync-request.ts';
import { listQuery } from '../../shared/reads/query.ts';
import { createTable } from '../create-table.ts';
import { startDemoSupplier } from '../demo-supplier/server.ts';
import { startEngine } from '../engine.ts';
import { localPorts, localSettings } from '../local-sync.ts';
import { localHost } from '../run-host.ts';
import { openSupplier } from '../supplier.ts';
import { countUsage, type StoreUsage } from './counting-client.ts';

/** What one thing that the service does really took, here. */
export interface Usage extends StoreUsage {
  readonly supplierRequests: number;
  readonly logBytes: number;
}

/** Counted requests of real runs over the embedded DynamoDB and the demo supplier. */
export interface Measured {
  readonly products: number;
  readonly first: Usage;
  /** A run in which `changedPerRun` products changed. */
  readonly usual: Usage;
  /** A tick of the resuming rule that finds nothing to do. */
  readonly tick: Usage;
  /** A list that loads a version, and one that has it. */
  readonly coldRead: Usage;
  readonly warmRead: Usage;
}

const TABLE = 'cost';
const FULL: SyncRequest = { trigger: 'schedule', force: true, resumeOnly: false, scope: 'full' };

/** Syncs a made-up catalogue of this size for real, twice, and reads it; takes some seconds for each
 *  thousand products. Nothing is kept. */
export async function measure(size: {
  readonly products: number;
  readonly changedPerRun: number;
}): Promise<Measured> {
  await using started = new AsyncDisposableStack();
  const clock = createSystemClock();
  const engine = await startEngine({ databasePath: null, port: 0, environment: process.env });
  started.defer(() => engine.stop());
  const demo = await startDemoSupplier({ port: 0, clock, products: size.products });
  started.defer(() => demo.stop());
  const client = createClient({ endpoint: engine.endpoint });
  started.defer(() => client.destroy());
  await createTable(client, TABLE);
  const stored = countUsage(client);
  const given = { B2B_API_URL: demo.url, B2B_API_KEY: demo.key };
  const ports = { PORT: 1, SUPPLIER_PORT: 2, DYNAMODB_PORT: 3, LOCAL_DIR: '.' };
  const supplier = await openSupplier(given, ports, clock, { join: false });
  let logBytes = 0;
  const write = (line: string): void => void (logBytes += Buffer.byteLength(line) + 1);
  const log = createJsonLog({ write, nowMs: () => clock.nowMs(), redact: supplier.redact });
  const metrics = createEmfMetrics({ write, nowMs: () => clock.nowMs(), deployment: TABLE });
  const store = createDynamoDBStore(client, TABLE, { clock, log });
  const reader = createDynamoDBReader(client, TABLE);
  const usageOf = async (act: () => Promise<unknown>): Promise<Usage> => {
    const asked = demo.stats().requests;
    logBytes = 0;
    stored();
    await act();
    return { ...stored(), supplierRequests: demo.stats().requests - asked, logBytes };
  };
  const sync = (request: SyncRequest) =>
    Promise.all(
      resources.map((resource) => {
        const watched = watchedRun(store, { metrics, clock });
        const parts = { store: watched.store, reader, supplier, clock, log };
        const runPorts = localPorts(resource, parts, resources.length);
        return runSync(
          request,
          runPorts,
          localHost(() => {}),
          localSettings(resource, supplier),
        );
      }),
    );
  const readPorts = { reader, clock, source: SOURCE, intervalMsOf: () => 1 };
  const read: ReadRequest = { ifNoneMatch: null, sync: NOTHING_KNOWN, force: false };
  const request = { ...read, query: listQuery.parse({}), link: () => '' };
  const first = await usageOf(() => sync(FULL));
  demo.change({ changed: size.changedPerRun, added: 0, removed: 0 });
  return {
    products: size.products,
    first,
    usual: await usageOf(() => sync(FULL)),
    tick: await usageOf(() => sync({ ...FULL, force: false, resumeOnly: true })),
    coldRead: await usageOf(() => list(products, request, readPorts)),
    warmRead: await usageOf(() => list(products, request, readPorts)),
  };
}
