/** What a run is answered with, over every door: the API's answers are made of it, and the command line
 *  reads the worker's by it. */

import * as z from 'zod';
import { NO_STATS, type RunStats } from '../core/control.ts';
import type { DryRunResult } from '../core/dry-run.ts';
import type { SyncResult } from '../core/run-sync.ts';

const count = z.int().min(0);

export const decision = z.enum([
  'started',
  'running',
  'fresh',
  'cooling',
  'forbidden',
  'no_credential',
  'held',
]);

export const trigger = z.enum(['schedule', 'read', 'admin', 'cli', 'invoke']);

/** A run's figures. Closed: a figure that is not in `NO_STATS` is a fault. */
export const stats = z.strictObject(
  Object.fromEntries(Object.keys(NO_STATS).map((name) => [name, count])),
);

/** The figures of a worker that may be of another version: what it does not count is 0. */
const statsOfWorker = z
  .record(z.string(), z.number())
  .transform((given): RunStats => ({ ...NO_STATS, ...given }));

const syncResult = z.object({
  success: z.boolean(),
  decision,
  message: z.string(),
  run_id: z.string().nullable(),
  stats: statsOfWorker.nullable(),
});

const titled = z.object({ id: z.string(), title: z.string() });

const dryRunResult = syncResult.extend({
  planned: z.object({
    created: z.array(titled),
    updated: z.array(
      titled.extend({
        changes: z.record(z.string(), z.object({ from: z.json(), to: z.json() })),
      }),
    ),
    removed: z.array(titled),
    held: z.array(z.string()),
    in_error: z.array(z.object({ id: z.string(), reason: z.string() })),
  }),
});

/** What the worker answers about one resource. */
export const workerAnswer: z.ZodType<SyncResult | DryRunResult> = z.union([
  dryRunResult,
  syncResult,
]);
