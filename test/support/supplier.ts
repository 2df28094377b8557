import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Json, JsonObject } from '../../shared/core/json.ts';
import { recordId } from '../../shared/core/record-id.ts';
import { listening } from './listening.ts';
import { json, status, type Answer } from './supplier-answers.ts';
import { inDetail, inList } from './supplier-records.ts';

export * as answers from './supplier-answers.ts';
export type { Answer } from './supplier-answers.ts';
export { aCategory, aProduct, products } from './supplier-records.ts';

interface SeenRequest {
  readonly method: string;
  /** Below the base URL, for example `b2c/products/12/`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
}

export interface SupplierSettings {
  readonly products?: readonly JsonObject[];
  readonly categories?: readonly JsonObject[];
  /** Records a page whatever is asked, as some suppliers do; without it `page_size` is kept to. */
  readonly pageSize?: number;
  readonly latencyMs?: number;
  readonly key?: string;
}

/** A supplier on a loopback port, as upstream-api.md has seen one; all of it may change while it runs. */
export interface Supplier {
  /** The base URL, without the trailing slash. */
  readonly url: string;
  /** What it serves, in the order of its lists: change it in place or replace it. */
  products: JsonObject[];
  categories: JsonObject[];
  pageSize: number | undefined;
  latencyMs: number;
  /** The one key it accepts. */
  key: string;
  /** Requests above this in flight are refused at once with 503, and no word of when to come again. */
  mostAtOnce: number;
  /** What product lists say as `count`; null is the truth. */
  claimedCount: number | null;
  readonly requests: SeenRequest[];
  readonly maxInFlight: number;
  /** Connections accepted so far. */
  readonly connections: number;
  /** Requests seen so far, all of them or those of one route. */
  count(route?: string | RegExp): number;
  /**
   * Answers a route's requests in another way, before the key is looked at. The last one set for a
   * route counts; null takes it back.
   * @param route a path below the base URL, or a pattern for it
   * @param calls which of the requests from now on (1 is the next); default all
   */
  set(route: string | RegExp, answer: Answer | null, calls?: readonly number[]): void;
  stop(): Promise<void>;
}

interface Fault {
  readonly route: string | RegExp;
  readonly answer: Answer;
  readonly calls: readonly number[] | undefined;
  seen: number;
}

export const SUPPLIER_KEY = 'sk-test-5f2c9e7d4b1a8036';

export async function startSupplier(settings: SupplierSettings = {}): Promise<Supplier> {
  const requests: SeenRequest[] = [];
  const faults: Fault[] = [];
  let inFlight = 0;
  let maxInFlight = 0;
  let connections = 0;

  const server = createServer((request, response) => {
    const seen = seenRequest(request);
    requests.push(seen);
    if (inFlight >= supplier.mostAtOnce) {
      status(503)(response);
      return;
    }
    inFlight += 1;
    maxInFlight = Math.max(maxInFlight, inFlight);
    response.once('close', () => (inFlight -= 1));
    const answer = faultFor(faults, seen.path) ?? answerTo(seen, supplier);
    void delay(supplier.latencyMs).then(() => answer(response));
  });
  server.on('connection', () => (connections += 1));
  const port = await listening(server);

  const supplier: Supplier = {
    url: `http://127.0.0.1:${port}/api/v1`,
    products: [...(settings.products ?? [])],
    categories: [...(settings.categories ?? [])],
    pageSize: settings.pageSize,
    latencyMs: settings.latencyMs ?? 0,
    key: settings.key ?? SUPPLIER_KEY,
    mostAtOnce: Infinity,
    claimedCount: null,
    requests,
    get maxInFlight() {
      return maxInFlight;
    },
    get connections() {
      return connections;
    },
    count: (route = /^/) => requests.filter(({ path }) => matches(route, path)).length,
    set: (route, answer, calls) => {
      if (answer) faults.unshift({ route, answer, calls, seen: 0 });
      else removeFaults(faults, route);
    },
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
  return supplier;
}

function answerTo({ method, path, query, headers }: SeenRequest, supplier: Supplier): Answer {
  if (headers['x-api-key'] !== supplier.key) return json({ detail: 'Clé API invalide.' }, 403);
  if (method !== 'GET') return json({ detail: 'Méthode non autorisée.' }, 405);
  if (path === 'b2c/products/') return productPage(query, supplier);
  if (path === 'b2c/categories/') return json(supplier.categories);
  const [, kind, id = ''] = /^b2c\/(products|categories)\/([^/]+)\/$/.exec(path) ?? [];
  const records = kind === 'products' ? supplier.products : supplier.categories;
  const wanted = recordId(decodeURIComponent(id));
  const record = records.find((candidate) => recordId(candidate['id']) === wanted);
  if (kind === undefined || !record) return json({ detail: 'Pas trouvé.' }, 404);
  return json(kind === 'products' ? inDetail(record) : record);
}

function productPage(query: SeenRequest['query'], supplier: Supplier): Answer {
  const { products, claimedCount, url } = supplier;
  const page = Number(query['page'] ?? 1);
  const size = supplier.pageSize ?? Number(query['page_size'] ?? 20);
  const results: Json[] = products.slice((page - 1) * size, page * size).map(inList);
  if (results.length === 0 && page > 1) return json({ detail: 'Page non valide.' }, 404);
  const link = (to: number): string =>
    `${url}/b2c/products/?${new URLSearchParams({ ...query, page: String(to) }).toString()}`;
  return json({
    count: claimedCount ?? products.length,
    next: page * size < products.length ? link(page + 1) : null,
    previous: page > 1 ? link(page - 1) : null,
    results,
  });
}

function seenRequest({ method = '', url = '', headers }: IncomingMessage): SeenRequest {
  const { pathname, searchParams } = new URL(url, 'http://supplier');
  const path = pathname.replace(/^\/api\/v1\//, '');
  return { method, path, query: Object.fromEntries(searchParams), headers };
}

function faultFor(faults: readonly Fault[], path: string): Answer | undefined {
  const matching = faults.filter(({ route }) => matches(route, path));
  for (const fault of matching) fault.seen += 1;
  return matching.find(({ calls, seen }) => calls?.includes(seen) ?? true)?.answer;
}

function removeFaults(faults: Fault[], route: string | RegExp): void {
  const others = faults.filter((fault) => String(fault.route) !== String(route));
  faults.splice(0, faults.length, ...others);
}

function matches(route: string | RegExp, path: string): boolean {
  return typeof route === 'string' ? route === path : route.test(path);
}
