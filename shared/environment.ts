/**
 * The environment contract of every function. CDK fills it from these types, so a forgotten variable
 * does not compile; the functions parse it, so a malformed one stops before anything starts.
 */

import * as z from 'zod';
import { isScope, type Scope } from './core/access.ts';
import { ConfigurationError } from './core/errors.ts';
import { isSourceName, MAIN_SOURCE, MOST_SOURCES } from './core/source-names.ts';

const positiveInteger = (most: number) => z.coerce.number().int().min(1).max(most);

const supplierUrl = z
  .url({ protocol: /^https?$/, abort: true })
  .refine((url) => isPlain(new URL(url)), {
    message: 'must have no user, password, query or fragment',
  });

const isPlain = ({ username, password, search, hash }: URL): boolean =>
  [username, password, search, hash].every((part) => part === '');

/** `products=120,categories=60`: minutes for each resource named; the others keep their default. */
const intervals = z
  .string()
  .regex(/^(?:[a-z-]+=[1-9]\d{0,4})?(?:,[a-z-]+=[1-9]\d{0,4})*$/)
  .transform((text) => new Map(text.split(',').filter(Boolean).map(intervalOf)));

function intervalOf(pair: string): [resource: string, intervalMs: number] {
  const [name = '', count = ''] = pair.split('=');
  return [name, Number(count) * 60_000];
}

/** `drinks,cellar`: the sources beside the main one, which comes first. */
const sources = z
  .string()
  .transform((text) => [MAIN_SOURCE, ...text.split(',').filter(Boolean)])
  .refine((names) => names.length <= MOST_SOURCES && names.every(isSourceName))
  .refine((names) => new Set(names).size === names.length);

/** Between two runs, by resource: each source has its own. */
export const sourceIntervals = z.object({ SYNC_INTERVALS: intervals.default(new Map()) });

/** Which sources there are. */
export const sourceNames = z.object({ B2B_SOURCES: sources.default([MAIN_SOURCE]) });

/** `owners=admin,staff=sync+read`: the scopes of each group of the issuer. */
const groupScopes = z
  .string()
  .transform((text) => text.split(',').filter(Boolean).map(groupOf))
  .refine((groups) => groups.every(([name, scopes]) => name !== '' && scopes !== null))
  .transform((groups) => new Map(groups.map(([name, scopes]) => [name, scopes ?? []])));

function groupOf(pair: string): [group: string, scopes: readonly Scope[] | null] {
  const [, group = '', list = ''] = /^(.*)=([^=]*)$/.exec(pair) ?? [];
  const named = list.split('+');
  const scopes = named.filter(isScope);
  return [group.trim(), scopes.length === named.length ? scopes : null];
}

/** Hosts that pages may load images from: `https://…`, or `http://…` on this machine. */
const imageHosts = z
  .string()
  .transform((text) => text.split(',').filter(Boolean))
  .refine((hosts) => hosts.every((host) => URL.parse(host)?.origin === host));

/** Who people and programs are: without an issuer, access tokens alone. */
const issuerEnvironment = z.object({
  OIDC_ISSUER: z
    .url({ protocol: /^https?$/, abort: true })
    .refine((url) => url.startsWith('https:') || /^http:\/\/(localhost|127\.0\.0\.1)[:/]/.test(url))
    .optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_GROUPS_CLAIM: z.string().min(1).default('groups'),
  OIDC_GROUP_SCOPES: groupScopes.default(new Map()),
});

/** What every function that reads the store needs. */
const storeEnvironment = z.object({
  TABLE_NAME: z.string().min(1),
  /** Another endpoint than AWS's, for the local run. */
  DYNAMODB_ENDPOINT: z.url().optional(),
  ...sourceNames.shape,
  ...sourceIntervals.shape,
  /** Names this deployment in its metrics; without it none are written. */
  DEPLOYMENT: z.string().min(1).optional(),
});

/** What every function needs that answers with the pages' policy. */
export const pageEnvironment = z.object({
  /** Origins of images; without it, pages show none. */
  IMAGE_HOSTS: imageHosts.default([]),
});

/** Readers: lists, status, home. */
export const readerEnvironment = storeEnvironment.extend({
  /** The worker's function name, to start it. */
  WORKER_FUNCTION_NAME: z.string().min(1),
  PUBLIC_READS: z.enum(['true', 'false']).transform((text) => text === 'true'),
  /** How long a warm function goes by what it knows of a catalogue before it looks again. */
  // Less than a reader's claim of a start lasts, or it would claim again what was done.
  POINTER_CHECK_SECONDS: z.coerce.number().int().min(0).max(25).default(10),
  /** The resource that a function without a handler of its own serves. */
  RESOURCE: z.string().min(1).optional(),
  ...pageEnvironment.shape,
});

/** Whose sessions and JWTs are taken. */
const sessionEnvironment = issuerEnvironment.extend({
  /** The secret that sessions are signed with. */
  SESSION_SECRET_ARN: z.string().min(1),
});

/** Finding out who asks, by access tokens too. */
export const identityEnvironment = storeEnvironment.extend(sessionEnvironment.shape);

/** Signing people in. */
export const loginEnvironment = sessionEnvironment.extend({
  ...pageEnvironment.shape,
  /** The issuer's secret for us; without it we are a public client. */
  OIDC_CLIENT_SECRET_ARN: z.string().min(1).optional(),
});

/** Identity in the local run, where secrets come from the environment. */
export const localIdentityEnvironment = issuerEnvironment.extend({
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
});

/** What reading the supplier needs besides the key. */
export const supplierEnvironment = z.object({
  B2B_API_URL: supplierUrl,
  /** Optional `site_id` sent with every list request. */
  B2B_SITE_ID: z.string().min(1).optional(),
  B2B_PAGE_SIZE: positiveInteger(1000).default(100),
  /** Requests in flight at once, at most. */
  B2B_CONCURRENCY: positiveInteger(256).default(32),
  /** One deadline for each attempt, headers and body together. */
  B2B_TIMEOUT_SECONDS: positiveInteger(120).default(30),
});

/** One source of the worker's. */
export const sourceEnvironment = supplierEnvironment.extend({
  ...sourceIntervals.shape,
  /** The secret that holds the supplier's key, as it is or as `{"apiKey": "…"}`. */
  B2B_SECRET_ARN: z.string().min(1),
});

/** The worker: the main source under plain names, the others under theirs (source-settings.ts). */
export const workerEnvironment = storeEnvironment.extend({
  ...sourceEnvironment.shape,
  /** Whether only the details that may have changed are read, and all within a day: of every source. */
  B2B_INCREMENTAL: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
});

/** What publishes change events. */
export const changeEventsEnvironment = z.object({ EVENT_BUS_NAME: z.string().min(1) });

/** The command line and the local run: the key comes from the environment, not from a secret. */
export const localEnvironment = supplierEnvironment.extend({
  B2B_API_KEY: z.string().min(1),
  ...sourceIntervals.shape,
});

/** For each setting: its form and an example, as error messages show them. */
export const SETTING_HELP: Readonly<Record<string, string>> = {
  TABLE_NAME: 'the DynamoDB table, for example b2b-catalog',
  DYNAMODB_ENDPOINT: 'an http(s) URL, for example http://127.0.0.1:8000',
  SYNC_INTERVALS: 'minutes for each resource, for example products=120,categories=60',
  DEPLOYMENT: 'the name under which metrics are kept, for example b2b-catalog',
  WORKER_FUNCTION_NAME: "the worker's function name, for example b2b-catalog-scheduled-sync",
  PUBLIC_READS: 'true or false',
  POINTER_CHECK_SECONDS: 'seconds between looks for a new version, 0 to 25, for example 10',
  RESOURCE: 'the name of a resource, for example products',
  EVENT_BUS_NAME: 'the EventBridge bus for change events, for example b2b-catalog',
  B2B_SOURCES: `names of the sources beside main, at most ${MOST_SOURCES - 1}, for example drinks,cellar; each has settings of its own (B2B_API_URL_DRINKS and so on)`,
  B2B_API_URL: "the supplier's base URL, for example https://supplier.example/api/v1",
  B2B_API_KEY: "the supplier's API key, as the supplier gave it",
  B2B_SITE_ID: "one of the supplier's site ids, for example 3",
  B2B_PAGE_SIZE: 'records a list page, 1 to 1000, for example 100',
  B2B_CONCURRENCY: 'requests in flight at once, 1 to 256, for example 32',
  B2B_TIMEOUT_SECONDS: 'seconds for each attempt, 1 to 120, for example 30',
  B2B_SECRET_ARN: 'the ARN of the secret with the supplier’s key',
  B2B_INCREMENTAL:
    'true (a detail behind an unchanged list entry is read once a day, of every source) or false (in each run)',
  IMAGE_HOSTS: 'origins of images, for example https://img.supplier.example,https://cdn.example',
  OIDC_ISSUER: "the OpenID Connect issuer's URL (https), for example https://login.shop.example",
  OIDC_CLIENT_ID: 'the name under which the issuer knows this service, for example b2b-catalog',
  OIDC_CLIENT_SECRET: "the issuer's secret for this service, as the issuer gave it",
  OIDC_CLIENT_SECRET_ARN: "the ARN of the secret with the issuer's secret for this service",
  OIDC_GROUPS_CLAIM: 'the claim that holds a person’s groups, for example groups',
  OIDC_GROUP_SCOPES:
    'the scopes (read, sync, sync:force, admin) of each group, for example owners=admin,staff=sync',
  SESSION_SECRET_ARN: 'the ARN of the secret that sessions are signed with',
};

/** Parses an environment against its contract.
 *  @param spelled what people call a setting, where it is not the contract's own name
 *  @throws ConfigurationError naming each wrong setting, its form and an example; never its value. */
export function parseEnvironment<Contract extends z.ZodType>(
  contract: Contract,
  environment: Readonly<Record<string, string | undefined>>,
  help: Readonly<Record<string, string>> = SETTING_HELP,
  spelled: (name: string) => string = (name) => name,
): z.output<Contract> {
  const set = Object.entries(environment).filter(
    ([, value]) => value !== undefined && value !== '',
  );
  const parsed = contract.safeParse(Object.fromEntries(set));
  if (parsed.success) return parsed.data;
  const names = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))];
  const lines = names.map((name) => {
    const fault = environment[name] ? 'is malformed' : 'is missing';
    return `${spelled(name)} ${fault}: it is ${help[name] ?? 'required'}.`;
  });
  throw new ConfigurationError(lines.join('\n'));
}
