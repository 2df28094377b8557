import { createServer, type Server } from 'node:http';
import type { Clock } from '../../shared/core/ports.ts';
import { closeServer, listenOnLoopback, LOOPBACK } from '../listen.ts';
import { API_PATH } from './api.ts';
import { demoCatalog, type ChangedProducts, type ChangeRequest } from './catalog.ts';
import type { FaultMode } from './faults.ts';
import type { Paging } from './pages.ts';
import { answer, switchMode, type Supplier } from './requests.ts';
import { statsCounter, type SupplierStats } from './stats.ts';

export interface DemoSupplierOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  readonly clock: Pick<Clock, 'nowMs' | 'sleep'>;
  /** The key it accepts. */
  readonly key?: string;
  readonly products?: number;
  /** The same seed gives the same catalogue; only promotions move, with the day. */
  readonly seed?: number;
  /** How long each answer takes at least, milliseconds. */
  readonly latencyMs?: number;
  readonly faults?: FaultMode;
  readonly pageSize?: Paging['pageSize'];
  /** Whether the categories come in pages; else all at once, as a bare list. */
  readonly paginateCategories?: boolean;
}

export interface DemoSupplier {
  /** The base URL to configure: origin and `/api/v1`. */
  readonly url: string;
  readonly port: number;
  readonly key: string;
  /** From the next request on; requests that hang are cut off. */
  setFaults(mode: FaultMode): void;
  change(request: ChangeRequest): ChangedProducts;
  stats(): SupplierStats;
  /** Resolves once no socket is left. */
  stop(): Promise<void>;
}

export const DEMO_KEY = 'demo-key';
const DEFAULTS = {
  key: DEMO_KEY,
  products: 1200,
  seed: 1,
  latencyMs: 0,
  faults: 'none',
  pageSize: 'honoured',
  paginateCategories: false,
} as const;

/** Starts a made-up supplier on 127.0.0.1 that answers as a real one does.
 *  @throws ConfigurationError when its port is taken. */
export async function startDemoSupplier(given: DemoSupplierOptions): Promise<DemoSupplier> {
  const options = { ...DEFAULTS, ...given };
  const supplier: Supplier = {
    clock: options.clock,
    key: options.key,
    seed: options.seed,
    latencyMs: options.latencyMs,
    paging: options,
    catalog: demoCatalog(options.products, options.seed, options.clock.nowMs()),
    counter: statsCounter(),
    port: options.port,
    mode: options.faults,
    interruption: new AbortController(),
  };
  // Longer than any client keeps a connection, so that none is closed under a request.
  const server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
    answer(supplier, request, response).catch((error: unknown) => response.destroy(asError(error)));
  });
  const choice = { port: options.port, setting: 'SUPPLIER_PORT', what: 'the demo supplier' };
  supplier.port = await listenOnLoopback(server, choice);
  return runningSupplier(supplier, server);
}

function runningSupplier(supplier: Supplier, server: Server): DemoSupplier {
  const { port, key, catalog, counter, clock } = supplier;
  return {
    url: `http://${LOOPBACK}:${port}${API_PATH}`,
    port,
    key,
    setFaults: (mode) => switchMode(supplier, mode),
    change: (request) => catalog.change(request, clock.nowMs()),
    stats: () => counter.read(),
    async stop() {
      supplier.interruption.abort();
      await closeServer(server, 0);
    },
  };
}

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error));
