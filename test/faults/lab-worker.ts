import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { fixedCredentials, type Credentials } from '../../shared/adapters/credentials.ts';
import { digest } from '../../shared/adapters/digest.ts';
import { createDynamoDBStore } from '../../shared/adapters/dynamodb-store.ts';
import { createHttpSource } from '../../shared/adapters/http-source.ts';
import { createJsonLog } from '../../shared/adapters/json-log.ts';
import { createRedactor } from '../../shared/adapters/redaction.ts';
import type { CatalogSource } from '../../shared/core/ports.ts';
import { hours } from '../../shared/core/resource.ts';
import { runSync, type SyncResult } from '../../shared/core/run-sync.ts';
import type { SyncRequest } from '../../shared/core/sync-request.ts';
import { resources } from '../../shared/resources/index.ts';
import type { Supplier } from '../support/supplier.ts';
import { impatient, labClock, type LabClock } from './lab-clock.ts';

export interface WorkerOptions {
  readonly holder?: string;
  /** How far its wall clock is ahead, milliseconds. */
  readonly skewMs?: number;
  readonly credentials?: Credentials;
  /** Has its way with the worker's own client: the place for store faults. */
  readonly client?: DynamoDBClient;
  readonly baseUrl?: string;
  readonly configuration?: string;
  readonly concurrency?: number;
  readonly pageSize?: number;
  /** Of one request, milliseconds. */
  readonly timeoutMs?: number;
  readonly shouldStop?: () => boolean;
}

/** One host of runs, with a clock, a client and a source of its own. */
export interface LabWorker {
  readonly clock: LabClock;
  /** Runs the real use case: forced, unless told otherwise. */
  sync(request?: Partial<SyncRequest>, resource?: string): Promise<SyncResult>;
  /** Of the last sync. */
  readonly counters: CatalogSource['counters'];
  /** What the last sync's waits for upstream would have taken, milliseconds. */
  readonly waitedMs: number;
}

interface Place {
  readonly supplier: Supplier;
  readonly tableName: string;
  readonly client: () => DynamoDBClient;
  readonly logged: string[];
}

const FORCED: SyncRequest = { trigger: 'admin', force: true, resumeOnly: false, scope: 'full' };
let workersMade = 0;

export function labWorker(place: Place, options: WorkerOptions): LabWorker {
  const clock = labClock(options.skewMs);
  const holder = options.holder ?? `worker-${(workersMade += 1)}`;
  const { supplier, tableName, logged } = place;
  const credentials = options.credentials ?? fixedCredentials(supplier.key);
  const { redact, remember } = createRedactor([supplier.key]);
  const log = createJsonLog({ write: (line) => logged.push(line), nowMs: clock.nowMs, redact });
  const store = createDynamoDBStore(options.client ?? place.client(), tableName, { clock, log });
  const remembered: Credentials = {
    key: () => credentials.key().then((key) => (remember(key), key)),
    refresh: () => credentials.refresh().then((key) => (remember(key), key)),
  };
  let counters: CatalogSource['counters'] = { requests: 0, retries: 0 };
  let waited = () => 0;
  return {
    clock,
    get counters() {
      return counters;
    },
    get waitedMs() {
      return waited();
    },
    sync: (request = {}, name = 'products') => {
      const resource = resources.find((one) => one.name === name);
      if (resource === undefined) throw new Error(`no resource ${name}`);
      const sourceClock = impatient(clock);
      const source = createHttpSource(
        {
          baseUrl: options.baseUrl ?? supplier.url,
          pageSize: options.pageSize ?? 100,
          concurrency: options.concurrency ?? 8,
          timeoutMs: options.timeoutMs ?? 1_000,
        },
        { credentials: remembered, clock: sourceClock, log, redact },
      );
      ({ counters } = source);
      waited = sourceClock.monotonicMs;
      return runSync(
        { ...FORCED, ...request },
        { ref: { source: 'main', resource: name }, resource, source, store, clock, log, digest },
        {
          holder,
          shouldStop: options.shouldStop ?? (() => false),
          isGone: () => false,
          observe: () => {},
        },
        { intervalMs: hours(2), configuration: options.configuration ?? 'v1' },
      );
    },
  };
}
