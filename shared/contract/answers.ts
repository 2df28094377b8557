/** The schemas of what the API answers; the OpenAPI document is generated from them, and a test holds
 *  real answers of every route against it. Objects are closed: a field that is not here is a fault. */

import * as z from 'zod';
import { resources } from '../resources/index.ts';
import { decision, stats, trigger } from './run-answer.ts';

/** The answers that have a name in the document. */
export const namedAnswers = z.registry<{ id: string }>();

function named<Schema extends z.ZodType>(name: string, schema: Schema): Schema {
  namedAnswers.add(schema, { id: name });
  return schema;
}

const instant = z.iso.datetime();
const nullable = <Schema extends z.ZodType>(schema: Schema) => schema.nullable();
const text = nullable(z.string());
const count = z.int().min(0);
const id = z
  .union([z.int(), z.string()])
  .meta({ description: 'A number where the supplier’s id is one', examples: [300] });
const money = nullable(
  z
    .string()
    .regex(/^-?\d+(?:\.\d+)?$/)
    .meta({ description: 'Decimal text', examples: ['1250.50'] }),
);

/** How old the answer is, and what is being done about it. */
const sync = named(
  'Sync',
  z.strictObject({
    decision,
    last_sync: nullable(instant),
    age_seconds: nullable(count),
    stale: z.boolean(),
    next_allowed: nullable(instant),

    get sources() {
      return z
        .record(z.string(), sync)
        .optional()
        .meta({ description: 'Each source, where the answer is about several' });
    },
  }),
);

const product = named(
  'Product',
  z.strictObject({
    id,
    source: z.string(),
    title: z.string(),
    slug: z.string(),
    sku: text,
    description: text,
    price: money,
    discount_price: money,
    promo_price: money,
    has_promotion: z.boolean(),
    discount_percent: nullable(z.number()),
    promotion_start_date: text,
    promotion_end_date: text,
    category: nullable(z.strictObject({ id, name: text, slug: text, parent: nullable(id) })),
    image_url: text,
    brand: text,
    images: z.array(z.string()),
    barcodes: z.array(
      z.strictObject({ id: nullable(id), ean: z.string(), is_primary: z.boolean(), notes: text }),
    ),
    is_available: z.boolean(),
    is_salam: z.boolean().meta({ description: 'Made to order' }),
    stock: nullable(z.number()),
    weight: nullable(z.number()),
    dimensions: z.unknown(),
    specifications: z
      .looseObject({
        sold_by_weight: z.boolean(),
        unit_type: z.string(),
        price_per_kg: money.optional(),
        price_per_g: money.optional(),
        available_weight_kg: nullable(z.number()).optional(),
      })
      .meta({ description: 'Also the supplier’s own specifications, under their names' }),
    delivery_methods: z.array(z.looseObject({ id: nullable(id), name: z.string() })),
    tags: z.array(z.string()),
    created_at: text,
    updated_at: text,
    synced_at: instant,
  }),
);

/** Also what only some suppliers send. */
const singleProduct = named(
  'SingleProduct',
  product.extend({
    generated_ean: z.string().optional(),
    primary_barcode: z.string().optional(),
    category_name: z.string().optional(),
    is_active: z.boolean().optional(),
    stock_status: z.string().optional(),
    formatted_quantity: z.string().optional(),
    alert_threshold: z.number().optional(),
    has_backorder: z.boolean().optional(),
    backorder_quantity: z.number().optional(),
    stock_updated_at: z.string().optional(),
    notes: z.array(z.string()).optional(),
  }),
);

const category = named(
  'Category',
  z.strictObject({
    id,
    source: z.string(),
    name: z.string(),
    slug: z.string(),
    description: text,
    parent: nullable(id),
    parent_missing: z.boolean(),
    in_cycle: z.boolean(),

    get children() {
      return z.array(category);
    },
    image_url: text,
    image: text,
    is_main: z.boolean(),
    is_rayon: z.boolean(),
    rayon_type: text,
    is_active: z.boolean(),
    level: nullable(z.number()),
    order: nullable(z.number()),
    product_count: count,
    created_at: text,
    updated_at: text,
    synced_at: instant,
    nested_apart: z.boolean().optional(),
  }),
);

const singleCategory = named(
  'SingleCategory',
  category.extend({
    is_global: z.boolean().optional(),
    site_configuration: z.unknown().optional(),
    parent_name: z.string().optional(),
    parent_rayon_type: z.string().optional(),
    can_edit: z.boolean().optional(),
    can_delete: z.boolean().optional(),
  }),
);

export const tree = named(
  'CategoryTree',
  z.strictObject({
    main_categories: z.array(category),
    total_main: count,
    total_sub: count,
    sync,
  }),
);

/** A resource that has no schema of its own here shows its stored fields. */
const anyRecord = named('Record', z.looseObject({ id, source: z.string(), synced_at: instant }));

const RECORDS: Readonly<
  Record<string, { readonly listed: z.ZodType; readonly single: z.ZodType }>
> = {
  products: { listed: product, single: singleProduct },
  categories: { listed: category, single: singleCategory },
};

/** The public forms of a resource's records. */
const formsOf = (resource: string) => RECORDS[resource] ?? { listed: anyRecord, single: anyRecord };

/** One record of each resource. */
export const singles = new Map(resources.map(({ name }) => [name, formsOf(name).single]));

/** The list of each resource. */
export const lists = new Map(resources.map(({ name }) => [name, listOf(name)]));

function listOf(resource: string): z.ZodType {
  const list = z.strictObject({
    count,
    next: nullable(z.url()).meta({ description: 'The next page; follow it as it is' }),
    previous: nullable(z.url()),
    results: z.array(formsOf(resource).listed),
    sync,
  });
  return named(`${resource.charAt(0).toUpperCase()}${resource.slice(1)}List`, list);
}

const upstream = nullable(
  z.strictObject({
    requests: count,
    median_ms: nullable(z.number()).meta({ description: 'Right to an eighth' }),
    p95_ms: nullable(z.number()),
    errors: count.meta({ description: '5xx, resets, time-outs, answers of no use' }),
    key_refused: count.meta({ description: '401 and 403' }),
    overloaded: count.meta({ description: '429 and 503' }),
  }),
).meta({ description: 'How the supplier answered; for staff alone' });

const plainValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A run that has ended. */
const finishedRun = {
  run_id: text,
  trigger,
  outcome: z.enum(['completed', 'incomplete', 'held', 'failed']),
  finished_at: instant,
  duration_ms: count,
  stats,
  note: text,
  upstream,
};

const resourceStatus = named(
  'ResourceStatus',
  z.strictObject({
    state: z.enum([
      'never_synced',
      'fresh',
      'due',
      'running',
      'paused',
      'failing',
      'held',
      'no_credential',
    ]),
    last_sync: nullable(instant),
    last_attempt: nullable(instant),
    next_allowed: nullable(instant),
    min_interval_seconds: count,
    lock_active: z.boolean(),
    total: count,
    synced: count,
    errors: count,
    removed: count,
    running: nullable(
      z.strictObject({
        run_id: text,
        started_at: instant,
        trigger,
        phase: z.enum(['listing', 'closing']),
        done: count,
        expected: nullable(count),
        rate_per_second: z.number(),
        eta_seconds: nullable(count),
      }),
    ),
    held: nullable(z.strictObject({ run_id: text, count, since: instant, reason: text })),
    problem: nullable(z.strictObject({ code: z.string(), message: z.string(), since: instant })),
    last_error: text,
    last_run: nullable(z.strictObject(finishedRun)),
    upstream,
    recent: z.array(
      z.strictObject({
        id,
        title: z.string(),
        synced_at: instant,
        change: nullable(z.enum(['created', 'updated'])).optional(),
        changes: z
          .array(
            z.strictObject({
              field: z.string(),
              from: plainValue.optional(),
              to: plainValue.optional(),
            }),
          )
          .optional(),
      }),
    ),
  }),
);

const statuses = Object.fromEntries(resources.map(({ name }) => [name, resourceStatus]));

/** `server_time`, `min_interval_seconds`, and one status for each resource of the main source. */
export const status = named(
  'Status',
  z.strictObject({
    server_time: instant,
    min_interval_seconds: count,
    ...statuses,
    sources: z
      .record(z.string(), z.strictObject(statuses))
      .optional()
      .meta({ description: 'Each source by name, where there are several' }),
  }),
);

/** What the rows of staff's listings name besides, where there are several sources. */
const ofSource = { source: z.string().optional() };

/** By resource, newest first. */
export const runs = named(
  'Runs',
  z.record(
    z.string(),
    z.array(
      z.strictObject({
        ...ofSource,
        ...finishedRun,
        scope: z.enum(['full', 'rejects', 'removal']),
        started_at: instant,
      }),
    ),
  ),
);

/** By resource. */
export const rejects = named(
  'Rejects',
  z.record(
    z.string(),
    z.array(
      z.strictObject({
        ...ofSource,
        id: z.string(),
        reason: z.string(),
        first_seen: instant,
        last_seen: instant,
        attempts: count,
        payload: z.unknown().optional().meta({ description: 'What the supplier sent; for admins' }),
      }),
    ),
  ),
);

/** What became of what staff ask for. */
export const orderAnswer = named(
  'OrderAnswer',
  z.strictObject({
    decision,
    run_id: text.optional().meta({ description: 'The run that serves it; null when none does' }),
    next_allowed: nullable(instant).optional(),
    message: z.string().optional(),
  }),
);

/** RFC 9457; `error`, `count` and `results` are what old clients read. */
named(
  'Problem',
  z.strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What went wrong and what to do' }),
    code: z.string(),
    error: z.string(),
    count: z.literal(0),
    results: z.array(z.never()).max(0),
  }),
);
