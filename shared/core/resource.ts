import type * as z from 'zod';
import type { JsonObject } from './json.ts';
import { publicId, recordId, type RecordId } from './record-id.ts';

/** What upstream's list says of one record, not yet validated. */
export type WireEntry = JsonObject;

/** A record as it is stored: canonical, in a fixed order of fields, without fetch times. */
export interface StoredRecord<Body extends object = JsonObject> {
  readonly id: RecordId;
  readonly source: string;
  readonly body: Body;
  /** When this version was stored, ISO 8601 UTC. */
  readonly syncedAt: string;
}

/** A record as lists have it: `body` is what the view's `listed` keeps of the stored one. */
export interface ListedRecord<Body extends object = JsonObject> extends StoredRecord<Body> {
  /** JSON text of its `parts.fixed`, with its id and source; null where its view has no parts. */
  readonly fixed?: string | null;
  /** What `search` looks through, folded. */
  readonly search?: string;
}

/** One published version of a whole resource; `records` are live ones, newest id first. */
export interface Snapshot<Body extends object = JsonObject> {
  /** Grows whenever a record of the resource was created, updated or removed. */
  readonly version: number;
  readonly records: readonly ListedRecord<Body>[];
}

/** What a record's public form may look at besides the record itself. */
export interface ViewContext {
  readonly nowMs: number;
  /** The snapshots of the resources named in `joins`. */
  readonly related: (resource: string) => Snapshot;
}

/** A record's public forms; both leave out what is the shop's secret. */
export interface View<Body extends object> {
  /** As one of a list. */
  inList(record: StoredRecord<Body>, context: ViewContext): JsonObject;
  /** As a single record, with every public field kept. */
  single(record: StoredRecord<Body>, context: ViewContext): JsonObject;
  /** What of a body is published for lists: all that the methods below and joins look at; never the
   *  shop's secret. */
  listed(body: Body): JsonObject;
  /** For a resource of many records: `inList` in two parts, so that most of it is rendered only once. */
  readonly parts?: {
    /** Its public fields that neither time nor another resource changes; not id and source. */
    fixed(body: Body): JsonObject;
    /** The others: of nothing but the `listed` body and `syncedAt`, so that records which share both
     *  share the text. */
    live(record: Pick<StoredRecord<Body>, 'body' | 'syncedAt'>, context: ViewContext): JsonObject;
  };
  /** The texts that `search` looks through. */
  searched(body: Body): readonly (string | null | undefined)[];
  /** Whether it is listed by default (`availability=available`). */
  isAvailable(body: Body): boolean;
  /** The next moment after `nowMs` at which this record's public form changes by itself, or null. */
  changesAtMs(body: Body, nowMs: number): number | null;
  /** The id of the category it belongs to, for the `category` filter; null when none. */
  categoryOf(record: Pick<StoredRecord<Body>, 'id' | 'body'>): RecordId | null;
}

/** A validated record, or why it is none. */
export type Validation<Body> =
  | { readonly ok: true; readonly id: RecordId; readonly body: Body }
  | { readonly ok: false; readonly reason: string };

/** One type of record that is synced: everything the core, the routes and the schedules need of it. */
export interface Resource<Body extends object = JsonObject> {
  /** Plural, lower case: names its routes, schedule, control record and command-line argument. */
  readonly name: string;
  /** Relative to the base URL, for example `b2c/products/`. */
  readonly listPath: string;
  readonly detailPath: (id: RecordId) => string;
  /** Whether the list entry lacks fields that only the detail has. */
  readonly needsDetail: (entry: WireEntry) => boolean;
  /** Least time between the starts of two unforced runs, milliseconds; a deployment may set another. */
  readonly intervalMs: number;
  /** The list entry overlaid by its detail, validated and mapped; never throws. */
  readonly validate: (wire: JsonObject) => Validation<Body>;
  /** A short human name of a record for status and logs. */
  readonly titleOf: (body: JsonObject) => string;
  /** What a glance at a stored body shows besides its title. */
  readonly previewOf: (body: JsonObject) => Preview;
  /** Other resources whose snapshots its public form needs. */
  readonly joins: readonly string[];
  readonly view: View<Body>;
}

/** A picture and a price, for a list of what was stored last. */
export interface Preview {
  readonly imageUrl: string | null;
  /** Decimal text. */
  readonly price: string | null;
}

/** The stored body's type of a resource. */
export type RecordOf<R> = R extends Resource<infer Body> ? Body : never;

export interface ResourceDefinition<Wire extends z.ZodType<object>, Body extends object> {
  readonly name: string;
  readonly listPath: string;
  readonly detailPath: (id: string) => string;
  /** What upstream sends, with its tolerances. */
  readonly wire: Wire;
  /** Pure. Emits fields in one fixed order: the hash is taken over it as it is. */
  readonly toRecord: (wire: z.output<Wire>, id: RecordId) => Body;
  readonly interval: number;
  /** Default: always. */
  readonly needsDetail?: (entry: WireEntry) => boolean;
  /** Default: its `title`, else its `name`, else nothing. */
  readonly titleOf?: (body: JsonObject) => string;
  readonly joins?: readonly string[];
  /** Default: the stored body with `id`, `source`, `synced_at`, without `private`. */
  readonly view?: Partial<View<Body>>;
}

export const minutes = (count: number): number => count * 60_000;
export const hours = (count: number): number => minutes(count * 60);

/** Declares a resource; its only other mention is one line in `resources/index.ts`. */
export function defineResource<Wire extends z.ZodType<object>, Body extends object>(
  definition: ResourceDefinition<Wire, Body>,
): Resource<Body> {
  return {
    name: definition.name,
    listPath: definition.listPath,
    detailPath: (id) => definition.detailPath(encodeURIComponent(id)),
    needsDetail: definition.needsDetail ?? (() => true),
    intervalMs: definition.interval,
    validate: (wire) => validate(definition, wire),
    titleOf: definition.titleOf ?? defaultTitle,
    previewOf,
    joins: definition.joins ?? [],
    view: { ...defaultView, ...definition.view },
  };
}

function validate<Wire extends z.ZodType<object>, Body extends object>(
  { wire: schema, toRecord }: ResourceDefinition<Wire, Body>,
  wire: JsonObject,
): Validation<Body> {
  const id = recordId(wire['id']);
  if (id === null) return { ok: false, reason: 'id: missing, or not a usable id' };
  const parsed = schema.safeParse(wire);
  if (!parsed.success) return { ok: false, reason: reasonOf(parsed.error) };
  try {
    return { ok: true, id, body: toRecord(parsed.data, id) };
  } catch (error) {
    // A record deep or odd enough to break its own mapping is that record's problem alone.
    return { ok: false, reason: error instanceof Error ? error.message : 'could not be mapped' };
  }
}

/** The first three faults, as `path: message`. */
function reasonOf(error: z.ZodError): string {
  const faults = error.issues.map(
    ({ path, message }) => `${path.join('.') || '(record)'}: ${message}`,
  );
  return faults.slice(0, 3).join('; ');
}

function defaultTitle(body: JsonObject): string {
  const title = body['title'] ?? body['name'];
  return typeof title === 'string' ? title.slice(0, 120) : '';
}

/** A longer address is none: upstream may send the picture itself. The last records share one row. */
const MOST_ADDRESS_CHARACTERS = 2_048;

function previewOf({ images, image_url: image, price }: JsonObject): Preview {
  const first = Array.isArray(images) ? (images[0] ?? null) : (image ?? null);
  return {
    imageUrl: isAddress(first) ? first : null,
    price: typeof price === 'string' ? price : null,
  };
}

const isAddress = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= MOST_ADDRESS_CHARACTERS;

const withoutSecret = (body: object): JsonObject => {
  const { private: _secret, ...fields } = { private: null, ...body };
  return fields;
};

const publicForm = ({ id, source, body, syncedAt }: StoredRecord<object>): JsonObject => {
  return { id: publicId(id), source, ...withoutSecret(body), synced_at: syncedAt };
};

const defaultView: View<object> = {
  inList: publicForm,
  single: publicForm,
  listed: withoutSecret,
  searched: (body) => [defaultTitle({ ...body })],
  isAvailable: () => true,
  changesAtMs: () => null,
  categoryOf: () => null,
};
