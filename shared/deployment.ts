import { resources } from './resources/index.ts';

/**
 * What is deployed: functions, routes and schedules, declared once. CDK turns it into infrastructure,
 * the local run into an HTTP server and timers; a test compares the two.
 */
export interface RouteDeclaration {
  readonly method: 'GET' | 'POST';
  /** Without the trailing slash; both forms are served. `{id}` is a path parameter. */
  readonly path: string;
  /** Which use case of the function answers. */
  readonly operation: string;
  /** `read` routes follow `publicReads`; `public` ones are always open. */
  readonly access: 'public' | 'read';
}

export interface FunctionDeclaration {
  readonly name: string;
  /** Its folder under `functions/`. */
  readonly folder: string;
  readonly role: 'reader' | 'worker';
  /** The resource it serves, when it serves one. */
  readonly resource?: string;
  readonly routes: readonly RouteDeclaration[];
}

/** One EventBridge rule. It fires at `atMinute` past, every `everyMinutes`. */
export interface ScheduleDeclaration {
  readonly name: string;
  readonly everyMinutes: number;
  readonly atMinute: number;
  /** The worker's event. */
  readonly payload: Readonly<Record<string, string | boolean>>;
}

const read = (path: string, operation: string): RouteDeclaration => ({
  method: 'GET',
  path,
  operation,
  access: 'read',
});

/** Routes that only one resource has, and the folder of its own handler. */
const extraRoutes: Readonly<Record<string, readonly RouteDeclaration[]>> = {
  products: [],
  categories: [
    read('/api/inventory/categories/synced/{id}/products', 'products'),
    read('/api/inventory/categories/tree', 'tree'),
  ],
};

const syncedFunctions = resources.map(({ name }): FunctionDeclaration => ({
  name: `${name}-synced`,
  folder: name in extraRoutes ? `${name}-synced` : 'resource-synced',
  role: 'reader',
  resource: name,
  routes: [
    read(`/api/inventory/${name}/synced`, 'list'),
    read(`/api/inventory/${name}/synced/{id}`, 'single'),
    ...(extraRoutes[name] ?? []),
  ],
}));

/** The one source there is until there are several; it is in every key of the store from the start. */
export const SOURCE = 'main';

/** Deployed only where change events are asked for: it has no route, and starts from the table's stream. */
export const CHANGE_EVENTS_FUNCTION = { name: 'change-events', folder: 'change-events' } as const;

export const WORKER_NAME = 'scheduled-sync';

export const functionDeclarations: readonly FunctionDeclaration[] = [
  ...syncedFunctions,
  {
    name: 'status',
    folder: 'status',
    role: 'reader',
    routes: [read('/inventory/api/status', 'status'), read('/api/inventory/sync/status', 'status')],
  },
  {
    name: 'home',
    folder: 'home',
    role: 'reader',
    routes: [
      { method: 'GET', path: '/', operation: 'home', access: 'public' },
      { method: 'GET', path: '/home.css', operation: 'stylesheet', access: 'public' },
    ],
  },
  {
    name: 'openapi',
    folder: 'openapi',
    role: 'reader',
    routes: [{ method: 'GET', path: '/openapi.json', operation: 'openapi', access: 'public' }],
  },
  { name: WORKER_NAME, folder: WORKER_NAME, role: 'worker', routes: [] },
];

/** Rules start each resource hourly, 10 minutes apart; one more only resumes what was left unfinished. */
export const scheduleDeclarations: readonly ScheduleDeclaration[] = [
  ...resources.map(({ name }, position) => ({
    name,
    everyMinutes: 60,
    atMinute: (position * 10) % 60,
    payload: { resource: name, trigger: 'schedule' },
  })),
  {
    name: 'resume',
    everyMinutes: 5,
    atMinute: 0,
    payload: { resource: 'all', resume_only: true, trigger: 'schedule' },
  },
];

/** Both spellings of a route's path: without and with the trailing slash. */
export function spellings(path: string): readonly string[] {
  return path === '/' ? ['/'] : [path, `${path}/`];
}

/**
 * The paths of a route's keys at API Gateway, which refuses a key that ends in a slash. `/{proxy+}`
 * is what matches the trailing slash there, with an empty `proxy`; and also any deeper path, which its
 * function has to answer with 404.
 */
export function gatewayPaths(path: string): readonly string[] {
  return path === '/' ? ['/'] : [path, `${path}/{proxy+}`];
}
