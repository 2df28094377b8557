import { inspect } from 'node:util';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { WorkerAnswer } from '../../functions/scheduled-sync/answer.ts';
import { createHandler } from '../../functions/scheduled-sync/index.ts';
import type { SyncServices } from '../../functions/scheduled-sync/services.ts';
import { fixedCredentials, type Credentials } from '../../shared/adapters/credentials.ts';
import { digest } from '../../shared/adapters/digest.ts';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb/reader.ts';
import { createDynamoDBStore } from '../../shared/adapters/dynamodb/store.ts';
import { createHttpSource } from '../../shared/adapters/http/source.ts';
import { createJsonLog } from '../../shared/adapters/json-log.ts';
import { createRedactor } from '../../shared/adapters/redaction.ts';
import type { CatalogSource, Clock } from '../../shared/core/ports.ts';
import { hours } from '../../shared/core/resource.ts';
import { runSync, type SyncResult } from '../../shared/core/run-sync.ts';
import type { SyncRequest } from '../../shared/core/sync-request.ts';
import { resources } from '../../shared/resources/index.ts';
import { lambdaContext } from '../support/gateway-event.ts';
import type { Supplier } from '../support/supplier.ts';
import { impatient, labClock, type LabClock } from './lab-clock.ts';

export interface WorkerOptions {
  readonly holder?: string;
  /** How far its wall clock is ahead, milliseconds. */
  readonly skewMs?: number;
  /** Told each key before it is used, for redaction, as the real ones do. */
  readonly credentials?: (remember: (key: string) => void) => Credentials;
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
  /** Sends an event to the real worker function. */
  send(event: unknown): Promise<WorkerAnswer>;
  /** Of the last sync. */
  readonly counters: CatalogSource['counters'];
  /** What the last sync's waits for upstream would have taken, milliseconds. */
  readonly waitedMs: number;
}

interface Place {
  readonly supplier: Pick<Supplier, 'url' | 'key'>;
  readonly tableName: string;
  readonly client: () => DynamoDBClient;
  readonly logged: string[];
  readonly answered: string[];
}

const FORCED: SyncRequest = { trigger: 'admin', force: true, resumeOnly: false, scope: 'full' };
let workersMade = 0;

export function labWorker(place: Place, options: WorkerOptions): LabWorker {
  const clock = labClock(options.skewMs);
  const holder = options.holder ?? `worker-${(workersMade += 1)}`;
  const last = { counters: { requests: 0, retries: 0 }, waitedMs: () => 0 };
  const made = partsOf(place, options, clock);
  const services: SyncServices = {
    log: made.log,
    sources: ['main', 'drinks'],
    portsOf: (resource, named) => {
      const sourceClock = impatient(clock);
      const source = made.source(sourceClock);
      Object.assign(last, { counters: source.counters, waitedMs: sourceClock.monotonicMs });
      const ref = { source: named, resource: resource.name };
      const reader = createDynamoDBReader(place.client(), place.tableName);
      return { ref, resource, source, store: made.store, reader, clock, log: made.log, digest };
    },
    settingsOf: () => ({ intervalMs: hours(2), configuration: options.configuration ?? 'v1' }),
    hostOf: () => ({
      holder,
      shouldStop: options.shouldStop ?? (() => false),
      isGone: () => false,
      observe: () => {},
    }),
  };
  const handler = createHandler(() => services);
  return {
    clock,
    get counters() {
      return last.counters;
    },
    get waitedMs() {
      return last.waitedMs();
    },
    send: (event) => noted(handler(event, lambdaContext()), place.answered),
    sync: (request = {}, name = 'products') => {
      const resource = resources.find((one) => one.name === name);
      if (resource === undefined) throw new Error(`no resource ${name}`);
      const host = services.hostOf(lambdaContext(), { source: 'main', resource: name });
      const settings = services.settingsOf(resource, 'main');
      const ports = services.portsOf(resource, 'main', 1);
      return noted(runSync({ ...FORCED, ...request }, ports, host, settings), place.answered);
    },
  };
}

/** Notes what comes of an invocation, as Lambda passes it on. */
async function noted<T>(invocation: Promise<T>, answered: string[]): Promise<T> {
  try {
    const answer = await invocation;
    answered.push(JSON.stringify(answer));
    return answer;
  } catch (error) {
    answered.push(inspect(error));
    throw error;
  }
}

/** The worker's log, store and sources, with the lab's settings. */
function partsOf(place: Place, options: WorkerOptions, clock: LabClock) {
  const { supplier, tableName, logged } = place;
  const { redact, remember } = createRedactor([supplier.key]);
  const log = createJsonLog({ write: (line) => logged.push(line), nowMs: clock.nowMs, redact });
  const store = createDynamoDBStore(options.client ?? place.client(), tableName, { clock, log });
  const credentials = options.credentials?.(remember) ?? fixedCredentials(supplier.key);
  const settings = {
    baseUrl: options.baseUrl ?? supplier.url,
    pageSize: options.pageSize ?? 100,
    concurrency: options.concurrency ?? 8,
    timeoutMs: options.timeoutMs ?? 1_000,
  };
  const source = (sourceClock: Clock) =>
    createHttpSource(settings, { credentials, clock: sourceClock, log, redact });
  return { log, store, source };
}
