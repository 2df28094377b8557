import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { createHandler as assetsHandler } from '../../functions/assets/index.ts';
import { createHandler as categoriesHandler } from '../../functions/categories-synced/index.ts';
import { createHandler as homeHandler } from '../../functions/home/index.ts';
import { createHandler as productsHandler } from '../../functions/products-synced/index.ts';
import type { ReadServices } from '../../functions/services.ts';
import { createHandler as statusHandler } from '../../functions/status/index.ts';
import { digest } from '../../shared/adapters/digest.ts';
import { createMemoryStore } from '../../shared/adapters/memory/store.ts';
import type { Json, JsonObject } from '../../shared/core/json.ts';
import type { Log, WorkerStarter } from '../../shared/core/ports.ts';
import { hours, minutes } from '../../shared/core/resource.ts';
import { runSync, type SyncResult } from '../../shared/core/run-sync.ts';
import { catalogName } from '../../shared/core/source-names.ts';
import { resources } from '../../shared/resources/index.ts';
import { fakeSource, type FakeSource } from './fake-source.ts';
import { gatewayRequest, lambdaContext } from './gateway-event.ts';
import { manualClock, type ManualClock } from './manual-clock.ts';
import type { Store } from './sync-bench.ts';

const INTERVAL_MS = hours(2);

/** A shop with its real reading functions over a store in memory, and the real sync that fills it. */
export interface Shop {
  readonly clock: ManualClock;
  readonly store: Store;
  readonly services: ReadServices;
  /** Starts that the worker was asked for. */
  readonly starts: string[];
  readonly events: { readonly level: string; readonly event: string; readonly fields: object }[];
  /** Of the main source. */
  readonly upstream: Readonly<Record<string, FakeSource>>;
  /** Of the others, by source. */
  readonly others: Readonly<Record<string, Readonly<Record<string, FakeSource>>>>;
  starter: WorkerStarter['start'];
  /** Syncs a resource of every source for real, or all of them. */
  sync(...names: string[]): Promise<SyncResult[]>;
  untilDue(): void;
  get(address: string, headers?: Record<string, string>, signed?: boolean): Promise<Reply>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly json: JsonObject;
  readonly results: readonly JsonObject[];
  /** The list's next address; empty when there is none. */
  readonly next: string;
  /** Bytes of the whole answer as Lambda carries it. */
  readonly bytes: number;
}

interface Wire {
  readonly products?: Json[];
  readonly categories?: Json[];
}

const upstreamOf = ({ products = [], categories = [] }: Wire) => ({
  products: fakeSource(products),
  categories: fakeSource(categories),
});

export function shop(
  wire: Wire = {},
  { publicReads = true, store = createMemoryStore(), change = {}, others = {} }: ShopOptions = {},
): Shop {
  const clock = { ...manualClock(), sleep: realSleep };
  const events: Shop['events'] = [];
  const starts: string[] = [];
  const log = recordingLog(events);
  const suppliers = Object.entries(others).map(([source, more]) => [source, upstreamOf(more)]);
  const services: ReadServices = {
    reader: store,
    live: store,
    gate: store,
    starter: { start: (request) => open.starter(request) },
    clock,
    log,
    sources: ['main', ...Object.keys(others)],
    intervalMsOf: () => INTERVAL_MS,
    publicReads,
    imageHosts: ['https://img.example'],
    ...change,
  };
  const handlers = handlersOf(services);
  const open: Shop = {
    clock,
    store,
    services,
    starts,
    events,
    upstream: upstreamOf(wire),
    others: Object.fromEntries(suppliers),
    starter: async ({ source = 'main', resource }) => {
      starts.push(catalogName({ source, resource }));
    },
    sync: (...names) => syncAll(open, log, names),
    untilDue: () => clock.advance(INTERVAL_MS + minutes(1)),
    get: async (address, headers = {}, signed = false) => {
      const { functionName, event } = gatewayRequest(address, headers, { signed });
      return replyOf(await handlers(functionName)(event, lambdaContext()));
    },
  };
  return open;
}

interface ShopOptions {
  readonly publicReads?: boolean;
  readonly store?: Store;
  readonly change?: Partial<ReadServices>;
  /** What sources beside the main one list. */
  readonly others?: Readonly<Record<string, Wire>>;
}

const NO_ASSETS = { stylesheet: '', staffScript: '', shopScript: '' };

function handlersOf(services: ReadServices) {
  const lazy = () => services;
  const made = new Map([
    ['products-synced', productsHandler(lazy)],
    ['categories-synced', categoriesHandler(lazy)],
    ['status', statusHandler(lazy)],
    ['home', homeHandler(lazy)],
    ['assets', assetsHandler(() => ({ ...services, assets: () => NO_ASSETS }))],
  ]);
  return (name: string) => {
    const handler = made.get(name);
    if (handler === undefined) throw new Error(`no handler of ${name}`);
    return handler;
  };
}

/** Has the main source's held deletions carried out, as a person does who approves them. */
export async function approveHeld(open: Shop, name = 'products'): Promise<void> {
  const { clock, store, services, upstream } = open;
  const resource = resources.find((one) => one.name === name);
  const source = upstream[name];
  const ref = { source: 'main', resource: name };
  const { held } = await store.control(ref);
  if (resource === undefined || source === undefined || held === null)
    throw new Error(`nothing of ${name} is held`);
  const order = { trigger: 'admin', force: true, resumeOnly: false, scope: 'removal' } as const;
  await runSync(
    { ...order, heldRunId: held.runId },
    { ref, clock, log: services.log, digest, resource, source, store },
    HOST,
    { intervalMs: INTERVAL_MS, configuration: 'v1' },
  );
}

const HOST = { holder: 'test', shouldStop: () => false, isGone: () => false, observe: () => {} };

function syncAll(
  { clock, store, upstream, others }: Shop,
  log: Log,
  names: readonly string[],
): Promise<SyncResult[]> {
  const asked = resources.filter(({ name }) => names.length === 0 || names.includes(name));
  const runs = Object.entries({ main: upstream, ...others }).flatMap(([name, lists]) =>
    asked.map((resource) => {
      // A resource that these tests say nothing of lists nothing.
      const source = lists[resource.name] ?? fakeSource([]);
      const ref = { source: name, resource: resource.name };
      return runSync(
        { trigger: 'schedule', force: false, resumeOnly: false, scope: 'full' },
        { ref, clock, log, digest, resource, source, store },
        HOST,
        { intervalMs: INTERVAL_MS, configuration: 'v1' },
      );
    }),
  );
  return Promise.all(runs);
}

function recordingLog(events: Shop['events']): Log {
  const at =
    (level: string) =>
    (event: string, fields: object = {}) => {
      events.push({ level, event, fields });
    };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

async function realSleep(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, signal ? { signal } : {}).catch(() => {});
}

const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());

function replyOf(result: {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}): Reply {
  const { statusCode: status, headers, body, isBase64Encoded } = result;
  const sent = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  const text = (headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent).toString();
  const isJson = headers['content-type']?.includes('json') === true;
  const json = isJson && text !== '' ? jsonObject.parse(JSON.parse(text)) : {};
  const results = z.array(jsonObject).catch([]).parse(json['results']);
  const next = z.string().catch('').parse(json['next']);
  return {
    status,
    headers,
    text,
    json,
    results,
    next,
    bytes: Buffer.byteLength(JSON.stringify(result)),
  };
}
