import { createClient } from '../../shared/adapters/dynamodb/client.ts';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb/reader.ts';
import { createDynamoDBStore } from '../../shared/adapters/dynamodb/store.ts';
import { createJsonLog } from '../../shared/adapters/json-log.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import { createEmfMetrics } from '../../shared/adapters/emf-metrics.ts';
import { watchedRun } from '../../shared/core/watched.ts';
import { MAIN_SOURCE } from '../../shared/core/source-names.ts';
import { variableOf } from '../../shared/source-settings.ts';
import { list } from '../../shared/reads/list.ts';
import { NOTHING_KNOWN, type ReadRequest } from '../../shared/reads/catalog.ts';
import { products } from '../../shared/resources/products.ts';
import { resources } from '../../shared/resources/index.ts';
import { runSync } from '../../shared/core/run-sync.ts';
import type { SyncRequest } from '../../shared/core/sync-request.ts';
import { listQuery } from '../../shared/reads/query.ts';
import { createTable } from '../create-table.ts';
import { startDemoSupplier, type DemoSupplier } from '../demo-supplier/server.ts';
import { startEngine } from '../engine.ts';
import { eachOf, localPorts, localSettings } from '../local-sync.ts';
import { localHost } from '../run-host.ts';
import { openSuppliers, redactedBy } from '../supplier.ts';
import { countUsage, type StoreUsage } from './counting-client.ts';

/** What one thing that the service does really took, here. */
export interface Usage extends StoreUsage {
  readonly supplierRequests: number;
  readonly logBytes: number;
}

/** Counted requests of real runs over the embedded DynamoDB and demo suppliers: of all sources together. */
export interface Measured {
  readonly sources: number;
  /** In all sources. */
  readonly products: number;
  readonly first: Usage;
  /** A run in which `changedPerRun` products of each source changed. */
  readonly usual: Usage;
  /** A tick of the resuming rule that finds nothing to do. */
  readonly tick: Usage;
  /** A list that loads a version, and one that has it. */
  readonly coldRead: Usage;
  readonly warmRead: Usage;
}

const TABLE = 'cost';
const FULL: SyncRequest = { trigger: 'schedule', force: true, resumeOnly: false, scope: 'full' };

/** Syncs made-up catalogues of this size for real, twice, and reads them; takes some seconds for each
 *  thousand products. Nothing is kept. */
export async function measure(size: {
  /** Of each source. */
  readonly products: number;
  readonly changedPerRun: number;
  /** How many suppliers there are; default one. */
  readonly sources?: number;
}): Promise<Measured> {
  const names = sourcesCounted(size.sources ?? 1);
  await using started = new AsyncDisposableStack();
  const clock = createSystemClock();
  const engine = await startEngine({ databasePath: null, port: 0, environment: process.env });
  started.defer(() => engine.stop());
  const demos = new Map<string, DemoSupplier>();
  for (const name of names) {
    const demo = await startDemoSupplier({ port: 0, clock, products: size.products });
    started.defer(() => demo.stop());
    demos.set(name, demo);
  }
  const client = createClient({ endpoint: engine.endpoint });
  started.defer(() => client.destroy());
  await createTable(client, TABLE);
  const stored = countUsage(client);
  const ports = { PORT: 1, SUPPLIER_PORT: 2, DYNAMODB_PORT: 3, LOCAL_DIR: '.' };
  const suppliers = await openSuppliers(settingsOf(demos), ports, clock, { join: false });
  let logBytes = 0;
  const write = (line: string): void => void (logBytes += Buffer.byteLength(line) + 1);
  const log = createJsonLog({ write, nowMs: () => clock.nowMs(), redact: redactedBy(suppliers) });
  const metrics = createEmfMetrics({ write, nowMs: () => clock.nowMs(), deployment: TABLE });
  const store = createDynamoDBStore(client, TABLE, { clock, log });
  const reader = createDynamoDBReader(client, TABLE);
  const usageOf = async (act: () => Promise<unknown>): Promise<Usage> => {
    const asked = requestsOf(demos);
    logBytes = 0;
    stored();
    await act();
    return { ...stored(), supplierRequests: requestsOf(demos) - asked, logBytes };
  };
  const sync = (request: SyncRequest) =>
    Promise.all(
      eachOf(names, resources).map((catalog) => {
        const watched = watchedRun(store, { metrics, clock });
        const parts = { store: watched.store, reader, suppliers, clock, log };
        const runPorts = localPorts(catalog, parts, resources.length);
        return runSync(
          request,
          runPorts,
          localHost(() => {}),
          localSettings(catalog, suppliers),
        );
      }),
    );
  const readPorts = { reader, clock, sources: names, intervalMsOf: () => 1 };
  const read: ReadRequest = {
    ifNoneMatch: null,
    sync: NOTHING_KNOWN,
    force: false,
    source: null,
  };
  const request = { ...read, query: listQuery.parse({}), link: () => '' };
  const first = await usageOf(() => sync(FULL));
  for (const demo of demos.values()) {
    demo.change({ changed: size.changedPerRun, added: 0, removed: 0 });
  }
  return {
    sources: names.length,
    products: size.products * names.length,
    first,
    usual: await usageOf(() => sync(FULL)),
    tick: await usageOf(() => sync({ ...FULL, force: false, resumeOnly: true })),
    coldRead: await usageOf(() => list(products, request, readPorts)),
    warmRead: await usageOf(() => list(products, request, readPorts)),
  };
}

/** `main`, `source-2`, `source-3`, … */
const sourcesCounted = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => (at === 0 ? MAIN_SOURCE : `source-${at + 1}`));

function settingsOf(demos: ReadonlyMap<string, DemoSupplier>): Record<string, string> {
  const [, ...others] = demos.keys();
  const own = [...demos].flatMap(([name, { url, key }]) => [
    [variableOf('B2B_API_URL', name), url],
    [variableOf('B2B_API_KEY', name), key],
  ]);
  return { B2B_SOURCES: others.join(','), ...Object.fromEntries(own) };
}

const requestsOf = (demos: ReadonlyMap<string, DemoSupplier>): number =>
  [...demos.values()].reduce((sum, demo) => sum + demo.stats().requests, 0);
