import * as z from 'zod';
import type { Held, LastError, RecentRecord, RunState, RunSummary } from '../core/control.ts';
import { UPSTREAM_FAILURES } from '../core/errors.ts';
import type { UpstreamHealth } from '../core/health.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { Published } from '../core/published.ts';
import { REMARKS, type Remark, type RemarkCode } from '../core/remarks.ts';

/** A text attribute that holds JSON of one shape. */
export function jsonText<Shape extends z.ZodType>(shape: Shape) {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'not JSON' });
        return z.NEVER;
      }
    })
    .pipe(shape);
}

const scope = z.enum(['full', 'rejects', 'removal']);
const trigger = z.enum(['schedule', 'read', 'admin', 'cli', 'invoke']);

const stats = z.object({
  total: z.number(),
  created: z.number(),
  updated: z.number(),
  unchanged: z.number(),
  removed: z.number(),
  errors: z.number(),
  duplicates: z.number(),
  upstream_requests: z.number(),
  retries: z.number(),
});

/** One that this version does not know (a newer one wrote it) leaves the note's own words. */
const remark: z.ZodType<Remark> = z.object({
  code: z.custom<RemarkCode>((code) => typeof code === 'string' && code in REMARKS),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
});
const remarks = z.array(remark).optional().catch(undefined);

const health: z.ZodType<UpstreamHealth> = z.object({
  requests: z.number(),
  refused: z.number(),
  overloaded: z.number(),
  failed: z.number(),
  latency: z.record(z.string(), z.number()),
});

export const storedRun: z.ZodType<RunState> = z.object({
  runId: z.string(),
  trigger,
  scope,
  startedAtMs: z.number(),
  phase: z.enum(['listing', 'closing']),
  cursor: z.string().nullable(),
  chunks: z.number(),
  pagesRead: z.number(),
  pagesFailed: z.number(),
  rowsRead: z.number(),
  expected: z.number().nullable(),
  hasMoved: z.boolean().optional(),
  isUnseen: z.boolean().optional(),
  hasJudged: z.boolean().optional(),
  doneBefore: z.number(),
  stats,
  configuration: z.string(),
  checkpointAtMs: z.number(),
  waitsUntilMs: z.number().optional(),
  allDetails: z.boolean().optional(),
  skippedDetails: z.boolean().optional(),
  note: z.string().nullable(),
  remarks,
  health: health.optional(),
});

export const storedPublished: z.ZodType<Published> = z.object({
  base: z.number(),
  pages: z.number(),
  version: z.number(),
  commits: z.number(),
  changes: z.number(),
  form: z.number(),
});

export const storedHeld: z.ZodType<Held> = z.object({
  runId: z.string(),
  reason: z.string(),
  why: remark.optional().catch(undefined),
  count: z.number(),
  atMs: z.number(),
  givenUpSince: z.array(z.string()).optional(),
  sinceMs: z.number().optional(),
});

export const storedLastError: z.ZodType<LastError> = z.object({
  code: z.enum([...UPSTREAM_FAILURES, 'pages_lost', 'held', 'mostly_rejected', 'worker_failed']),
  message: z.string(),
  atMs: z.number(),
  sinceMs: z.number().optional(),
});

export const storedSummary: z.ZodType<RunSummary> = z.object({
  runId: z.string(),
  trigger,
  scope,
  outcome: z.enum(['completed', 'incomplete', 'held', 'failed']),
  startedAtMs: z.number(),
  finishedAtMs: z.number(),
  stats,
  note: z.string().nullable(),
  remarks,
  health: health.optional(),
});

const plain = z.union([z.string(), z.number(), z.boolean(), z.null()]).optional();

export const storedRecent: z.ZodType<RecentRecord[]> = z.array(
  z.object({
    id: z.string(),
    title: z.string(),
    syncedAt: z.string(),
    change: z.enum(['created', 'updated']).optional(),
    imageUrl: z.string().nullable().optional(),
    price: z.string().nullable().optional(),
    changes: z.array(z.object({ field: z.string(), from: plain, to: plain })).optional(),
  }),
);

/** A record's body, stored by us as the JSON text that was hashed.
 *  @throws Error when it is no JSON object: the row was written by something else. */
export function storedBody(json: string): JsonObject {
  const body: unknown = JSON.parse(json);
  if (!isJsonObject(body)) throw new Error('a stored record is not a JSON object');
  return body;
}
