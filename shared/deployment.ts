/**
 * What is deployed: functions, routes and schedules, declared once. CDK turns it into infrastructure,
 * the local run into an HTTP server and timers; a test compares the two.
 */

import { catalogSlug, MAIN_SOURCE } from './core/source-names.ts';
import { resources } from './resources/index.ts';

/** A route of a function. */
export interface RouteDeclaration {
  readonly method: 'GET' | 'POST';
  /** Without the trailing slash; both forms are served. `{id}` is a path parameter. */
  readonly path: string;
  /** Which use case of the function answers. */
  readonly operation: string;
  readonly access: Access;
  /** A route open to everybody that shows more to who says who they are. */
  readonly identifies?: boolean;
}

/**
 * Who may take a route. `public`: everybody. `read`: everybody, or with closed reads whoever has the
 * scope `read`. `staff`: whoever has the scope `sync`. `admin`: whoever has the scope `admin`. `session`:
 * whoever signed in, whatever they may do.
 */
export type Access = 'public' | 'read' | 'staff' | 'admin' | 'session';

export interface FunctionDeclaration {
  readonly name: string;
  /** Its folder under `functions/`. */
  readonly folder: string;
  readonly role: 'reader' | 'assets' | 'staff' | 'login' | 'authorizer' | 'worker';
  /** A reader that looks at syncs and starts none. */
  readonly startsNothing?: boolean;
  /** The resource it serves, when it serves one. */
  readonly resource?: string;
  readonly routes: readonly RouteDeclaration[];
  /** It also answers whatever no route takes, by saying so. */
  readonly takesTheRest?: boolean;
}

/** One EventBridge rule. It fires at `atMinute` past, every `everyMinutes`. */
export interface ScheduleDeclaration {
  /** Of all rules: `products`, `resume`; of another source than the main one `drinks-products`. */
  readonly name: string;
  readonly everyMinutes: number;
  readonly atMinute: number;
  /** The worker's event. */
  readonly payload: Readonly<Record<string, string | boolean>>;
}

/** API Gateway's key for what no route takes. */
export const REST_KEY = '$default';

const staff = (
  method: RouteDeclaration['method'],
  path: string,
  operation: string,
): RouteDeclaration => ({ method, path, operation, access: 'staff' });

/** The pages' own files: what the bundler makes of each source, and where it is served. */
export const STYLESHEET_PATH = '/style.css';
export const STAFF_SCRIPT_PATH = '/staff.js';
export const SHOP_SCRIPT_PATH = '/shop.js';
export const BROWSER_SOURCES = [
  'functions/pages/browser/style.css',
  'functions/pages/browser/staff.ts',
  'functions/pages/browser/shop.ts',
] as const;

/** Where people sign in. */
export const LOGIN_PATH = '/inventory/login';
export const CALLBACK_PATH = '/inventory/login/callback';
export const LOGOUT_PATH = '/inventory/logout';
export const STATUS_PAGE_PATH = '/inventory/status';

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

/** Deployed only where change events are asked for: it has no route, and starts from the table's stream. */
export const CHANGE_EVENTS_FUNCTION = { name: 'change-events', folder: 'change-events' } as const;

export const WORKER_NAME = 'scheduled-sync';
export const AUTHORIZER_NAME = 'authorizer';

export const functionDeclarations: readonly FunctionDeclaration[] = [
  ...syncedFunctions,
  {
    name: 'status',
    folder: 'status',
    role: 'reader',
    startsNothing: true,
    routes: [
      { ...read('/inventory/api/status', 'status'), identifies: true },
      { ...read('/api/inventory/sync/status', 'status'), identifies: true },
    ],
  },
  {
    name: 'home',
    folder: 'home',
    role: 'reader',
    routes: [{ method: 'GET', path: '/', operation: 'home', access: 'public' }],
  },
  {
    name: 'assets',
    folder: 'assets',
    role: 'assets',
    takesTheRest: true,
    routes: [
      { method: 'GET', path: STYLESHEET_PATH, operation: 'stylesheet', access: 'public' },
      { method: 'GET', path: STAFF_SCRIPT_PATH, operation: 'staffScript', access: 'public' },
      { method: 'GET', path: SHOP_SCRIPT_PATH, operation: 'shopScript', access: 'public' },
      { method: 'GET', path: '/openapi.json', operation: 'contract', access: 'public' },
    ],
  },
  {
    name: 'staff',
    folder: 'staff',
    role: 'staff',
    routes: [
      staff('GET', STATUS_PAGE_PATH, 'status_page'),
      ...resources.flatMap(({ name }) => [
        staff('GET', `/inventory/sync/${name}`, 'sync_page'),
        staff('POST', `/inventory/sync/${name}`, 'sync'),
      ]),
      staff('GET', '/inventory/api/runs', 'runs'),
      staff('GET', '/inventory/api/rejects', 'rejects'),
      staff('POST', '/inventory/api/rejects', 'retry'),
      staff('POST', '/inventory/api/held/{run_id}', 'decide_held'),
      ...resources.map(({ name }): RouteDeclaration => {
        const path = `/inventory/api/${name}/{id}`;
        return { method: 'GET', path, operation: 'record', access: 'admin' };
      }),
    ],
  },
  {
    name: 'login',
    folder: 'login',
    role: 'login',
    routes: [
      { method: 'GET', path: LOGIN_PATH, operation: 'login', access: 'public' },
      { method: 'GET', path: CALLBACK_PATH, operation: 'callback', access: 'public' },
      { method: 'POST', path: LOGOUT_PATH, operation: 'logout', access: 'session' },
    ],
  },
  { name: 'authorizer', folder: 'authorizer', role: 'authorizer', routes: [] },
  { name: WORKER_NAME, folder: WORKER_NAME, role: 'worker', routes: [] },
];

/** The one that only goes on with what was left unfinished. */
export const RESUME = 'resume';
const RESUME_EVERY_MINUTES = 5;

/** The rules of each source: of one they are `RULES`. */
export const RULES = [...resources.map(({ name }) => name), RESUME];

/** Rules start each resource of each source hourly, 10 minutes apart; one more for each source only
 *  resumes what was left unfinished. None is of two sources: see docs/decisions/0014. */
export function schedulesOf(sources: readonly string[]): readonly ScheduleDeclaration[] {
  return sources.flatMap((source, place) => {
    const named = source !== MAIN_SOURCE && { source };
    const rule = (
      name: string,
      rhythm: Pick<ScheduleDeclaration, 'everyMinutes' | 'atMinute'>,
      payload: ScheduleDeclaration['payload'],
    ): ScheduleDeclaration => ({
      name: catalogSlug({ source, resource: name }),
      ...rhythm,
      payload: { ...payload, ...named, trigger: 'schedule' },
    });
    return [
      ...resources.map(({ name }, position) => {
        const atMinute = startMinute(place * resources.length + position);
        return rule(name, { everyMinutes: 60, atMinute }, { resource: name });
      }),
      rule(
        RESUME,
        { everyMinutes: RESUME_EVERY_MINUTES, atMinute: place % RESUME_EVERY_MINUTES },
        { resource: 'all', resume_only: true },
      ),
    ];
  });
}

/** Every 10 minutes; the seventh, and each sixth after it, between those before. */
const startMinute = (position: number): number =>
  (position * 10 + Math.floor(position / 6) * 5) % 60;

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

/** Whether the authorizer stands before a route. */
export function isIdentified(
  { access, identifies = false }: Pick<RouteDeclaration, 'access' | 'identifies'>,
  { publicReads }: { readonly publicReads: boolean },
): boolean {
  return (
    identifies ||
    access === 'staff' ||
    access === 'admin' ||
    access === 'session' ||
    (access === 'read' && !publicReads)
  );
}
