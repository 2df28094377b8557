import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { SCOPES } from '../shared/core/access.ts';
import { ConfigurationError } from '../shared/core/errors.ts';
import { isSourceName, MAIN_SOURCE, MOST_SOURCES } from '../shared/core/source-names.ts';
import { RULES } from '../shared/deployment.ts';
import { SETTING_HELP, supplierEnvironment } from '../shared/environment.ts';
import { resources } from '../shared/resources/index.ts';
import { tableFault } from './existing-table.ts';
import { isSchedulable } from './schedule-expression.ts';
import { withStageDefaults } from './stage-defaults.ts';

const supplier = supplierEnvironment.shape;
const resourceNames = resources.map(({ name }) => name);

/** Limits and defaults are those of the function's own contract; only the type is checked here. */
const numberAs = (setting: z.ZodDefault<z.ZodCoercedNumber>) =>
  z
    .unknown()
    .optional()
    .refine((value): boolean => value === undefined || typeof value === 'number')
    .pipe(setting);

const secretArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+-\w{6}$/);

/** As `URL.origin` spells it: no path, no slash at its end. */
const httpsOrigin = z
  .url({ protocol: /^https$/, abort: true })
  .refine((url) => new URL(url).origin === url);

const rhythm = z.strictObject({
  everyMinutes: z.number().refine(isSchedulable).exactOptional(),
  atMinute: z.int().min(0).max(1439).exactOptional(),
});

/** Who signs people in: a user pool that the stack makes, or an issuer that the shop has. */
const issuer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('cognito'),
    domainPrefix: z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/)
      // Cognito keeps these words to itself, and would say so only in the middle of a deployment.
      .refine((prefix) => !/aws|amazon|cognito/.test(prefix)),
  }),
  z.strictObject({
    kind: z.literal('oidc'),
    url: z.url({ protocol: /^https$/ }),
    clientId: z.string().min(1),
    clientSecretArn: secretArn.exactOptional(),
    groupsClaim: z.string().min(1).default('groups'),
    groups: z.record(z.string().regex(/^[^,=+]+$/), z.array(z.enum(SCOPES)).min(1)),
  }),
]);

/** What each source has of its own. */
const sourceConfig = z.strictObject({
  supplierUrl: supplier.B2B_API_URL.refine((url) => url.startsWith('https:')),
  siteId: supplier.B2B_SITE_ID,
  supplierKeySecretArn: secretArn.optional(),
  intervals: z.partialRecord(z.enum(resourceNames), z.int().min(1).max(43_200)).default({}),
  schedules: z.partialRecord(z.enum(RULES), rhythm).default({}),
  concurrency: numberAs(supplier.B2B_CONCURRENCY),
  pageSize: numberAs(supplier.B2B_PAGE_SIZE),
  timeoutSeconds: numberAs(supplier.B2B_TIMEOUT_SECONDS),
});

export type SourceConfig = z.output<typeof sourceConfig>;

const isOtherName = (name: string): boolean => isSourceName(name) && name !== MAIN_SOURCE;

/** What every service of AWS takes in a tag. */
const tagText = (most: number) =>
  z
    .string()
    .regex(/^[\p{L}\p{N}\p{Zs}_.:/=+@-]*$/u)
    .max(most);

/** By name; names that differ in hyphens alone would be one in the names of outputs. */
const sources = z
  .record(z.string().refine(isOtherName), sourceConfig)
  .refine((all) => Object.keys(all).length < MOST_SOURCES)
  .refine((all) => {
    const names = Object.keys(all).map((name) => name.replaceAll('-', ''));
    return new Set(names).size === names.length;
  });

/** What a deployment may set, in cdk.json under `context.catalog`. */
const catalogConfig = z.strictObject({
  ...sourceConfig.shape,
  sources: sources.default({}),
  stage: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/)
    .default('prod'),
  publicReads: z.boolean().default(true),
  closedReads: z.enum(['token', 'iam']).default('token'),
  imageHosts: z.array(httpsOrigin).exactOptional(),
  domains: z.array(httpsOrigin).default([]),
  issuer: issuer.exactOptional(),
  incremental: z.boolean().default(false),
  reserveWorkerConcurrency: z.boolean().default(true),
  logRetentionDays: z.enum(RetentionDays).default(RetentionDays.ONE_MONTH),
  tableName: z
    .string()
    .regex(/^[\w.-]{3,255}$/)
    .optional(),
  tableStreamArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/[\w.-]{3,255}\/stream\/[\dT:.-]+$/)
    .optional(),
  retainData: z.boolean().default(true),
  watch: z.boolean().default(true),
  alarmEmail: z.email().optional(),
  tracing: z.boolean().default(false),
  changeEvents: z.boolean().default(false),
  throttle: z
    .strictObject({
      requestsPerSecond: z.int().min(1).max(10_000).default(200),
      burst: z.int().min(1).max(5_000).default(500),
    })
    .prefault({}),
  tags: z.record(tagText(128).regex(/^(?!aws:)./i), tagText(256)).default({}),
});

export type CatalogConfig = z.output<typeof catalogConfig>;

/** Every setting that there is. */
export const SETTING_NAMES = Object.keys(catalogConfig.shape);

const SOURCE_SETTINGS = Object.keys(sourceConfig.shape).join(', ');

/** For each setting: its form and an example, as error messages show them. */
const HELP: Readonly<Record<string, string>> = {
  supplierUrl: `${SETTING_HELP['B2B_API_URL']} (https only)`,
  siteId: `${SETTING_HELP['B2B_SITE_ID']}, as a text: "3"`,
  supplierKeySecretArn:
    "the whole ARN of a secret that already holds the supplier's key, for example arn:aws:secretsmanager:eu-west-3:111122223333:secret:supplier-key-a1B2c3; without it the stack makes an empty secret",
  sources: `suppliers or sites beside the first, at most ${MOST_SOURCES - 1}, by name (a short lower-case word, not main), for example {"drinks": {"supplierUrl": "https://drinks.example/api/v1"}}; each takes ${SOURCE_SETTINGS}`,
  stage:
    'a short lower-case name: prod (the default), dev (goes with its data), or another one beside them, for example staging',
  publicReads: 'true (anyone may read the catalogue) or false (reads need the scope read)',
  closedReads:
    'who may read where publicReads is false: token (a token with the scope read) or iam (AWS signatures)',
  imageHosts:
    'origins that pages load images from, for example ["https://img.supplier.example"]; without it the supplier\'s own',
  domains:
    'origins of your own that the API is mapped to, without a path, for example ["https://api.shop.example"]; the stack\'s own people sign in there too',
  issuer:
    'who signs staff in, for example {"kind": "cognito", "domainPrefix": "my-shop"} (the prefix without the words aws, amazon and cognito) or {"kind": "oidc", "url": "https://login.shop.example", "clientId": "b2b-catalog", "groups": {"owners": ["admin"]}}; without it there are access tokens alone',
  intervals: `minutes between runs, 1 to 43200, by resource (${resourceNames.join(', ')}), for example {"products": 120}`,
  schedules: `minutes by rule (${RULES.join(', ')}), for example {"products": {"everyMinutes": 30, "atMinute": 5}}; everyMinutes divides 60, or is whole hours that divide a day; atMinute is 0 to 1439`,
  concurrency: SETTING_HELP['B2B_CONCURRENCY'] ?? '',
  pageSize: SETTING_HELP['B2B_PAGE_SIZE'] ?? '',
  timeoutSeconds: SETTING_HELP['B2B_TIMEOUT_SECONDS'] ?? '',
  incremental:
    'true (a detail behind an unchanged list entry is read once a day), or false (in each run)',
  reserveWorkerConcurrency:
    'true, or false for an account whose Lambda quota is too small to reserve any (new ones have 10)',
  tableName:
    'the name of a table that exists already, for example one restored from a backup; without it the stack makes one',
  tableStreamArn:
    'the ARN of the stream of the table that tableName names, for change events, for example arn:aws:dynamodb:eu-west-3:111122223333:table/b2b-catalog-restored/stream/2026-11-22T10:00:00.000',
  retainData:
    'true (table and key outlive the stack, deletion is refused), or false for one that is thrown away',
  watch: 'true (metrics, alarms and a dashboard), or false',
  alarmEmail: 'an e-mail address that alarms are sent to, for example shop@example.com',
  tracing: 'true (every request and run is traced by X-Ray), or false',
  changeEvents: 'true (each change of a record and each run is an event on a bus), or false',
  throttle:
    'what the API takes: {"requestsPerSecond": 1 to 10000, "burst": 1 to 5000}, for example {"requestsPerSecond": 200}',
  tags: 'tags of everything that is deployed (letters, digits, spaces and _ . : / = + - @; a name does not begin with aws:), for example {"cost-center": "shop"}',
  logRetentionDays: 'days that CloudWatch offers (1, 3, 5, 7, 14, 30, 60, 90, …), for example 30',
};

/** Checks the deployment's configuration before anything is made of it.
 *  @throws ConfigurationError with one line for each wrong setting: its name, form and an example. */
export function parseConfig(given: unknown): CatalogConfig {
  const context = withStageDefaults(given ?? {});
  const parsed = catalogConfig.safeParse(context);
  if (parsed.success) return consistent(parsed.data);
  const lines = parsed.error.issues.flatMap((issue) => faultsOf(issue, context));
  throw new ConfigurationError([...new Set(lines)].join('\n'));
}

/** @throws ConfigurationError when settings that are right by themselves are not so together */
function consistent(config: CatalogConfig): CatalogConfig {
  const fault = tableFault(config);
  if (fault === null) return config;
  throw new ConfigurationError(`cdk.json: catalog.${fault}: it is ${HELP['tableStreamArn']}.`);
}

function faultsOf(issue: z.core.$ZodIssue, context: unknown): readonly string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => explain([...issue.path, key], 'unknown'));
  }
  const isMissing = issue.path.length > 0 && valueAt(context, issue.path) === undefined;
  return [explain(issue.path, isMissing ? 'missing' : 'malformed')];
}

function explain(path: readonly PropertyKey[], fault: 'unknown' | 'missing' | 'malformed'): string {
  // Of a source, its own setting.
  const [setting, , own] = path;
  const help = HELP[String((setting === 'sources' && own) || setting)] ?? HELP[String(setting)];
  const form =
    help === undefined ? `the settings are ${Object.keys(HELP).join(', ')}` : `it is ${help}`;
  return `cdk.json: ${['catalog', ...path].join('.')} is ${fault}: ${form}.`;
}

function valueAt(context: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined,
    context,
  );
}
