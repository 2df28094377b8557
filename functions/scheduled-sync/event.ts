import * as z from 'zod';
import { MAIN_SOURCE } from '../../shared/core/source-names.ts';
import { resources } from '../../shared/resources/index.ts';

const ALL = 'all';
const NAMES = [ALL, ...resources.map(({ name }) => name)];

const runId = z
  .string()
  .regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, { error: 'must be the id of a run' });

/** What the worker may be told. Anything else in it is refused, not ignored: a misspelt `force` would
 *  be a sync that nobody asked for. */
const workerEvent = z
  .strictObject({
    /** An event is of one source, so that none ever waits for another. */
    source: z.string({ error: 'must be a text' }).default(MAIN_SOURCE),
    resource: z.enum(NAMES, { error: `must be one of ${NAMES.join(', ')}` }),
    force: z.boolean({ error: 'must be true or false' }).default(false),
    /** Tells what a sync would change, and writes nothing. */
    dry_run: z.boolean({ error: 'must be true or false' }).default(false),
    /** Only goes on with what was left unfinished. */
    resume_only: z.boolean({ error: 'must be true or false' }).default(false),
    trigger: z
      .enum(['schedule', 'read', 'admin', 'invoke'], {
        error: 'must be schedule, read, admin or invoke',
      })
      .default('invoke'),
    action: z
      .enum(['sync', 'retry_rejects', 'approve_held', 'discard_held'], {
        error: 'must be sync, retry_rejects, approve_held or discard_held',
      })
      .default('sync'),
    held_run_id: runId.optional(),
    run_id: runId.optional(),
    by: z
      .string({ error: 'must be a text' })
      .max(200, { error: 'may have 200 characters' })
      .optional(),
  })
  .refine(({ dry_run, action }) => !dry_run || action === 'sync', {
    error: 'dry_run goes with the action sync only',
  })
  .refine(({ action, held_run_id: id }) => id === undefined || action.endsWith('_held'), {
    error: 'held_run_id goes with the actions approve_held and discard_held only',
  })
  .refine(({ dry_run, resume_only }) => !(dry_run && resume_only), {
    error: 'dry_run goes with no resume_only: there is nothing to resume',
  });

export type WorkerEvent = z.output<typeof workerEvent>;

/** The event, or in words why it is refused.
 *  @param sources names of those that there are */
export function parseWorkerEvent(
  event: unknown,
  sources: readonly string[],
): { readonly event: WorkerEvent } | { readonly refusal: string } {
  const parsed = workerEvent.safeParse(event);
  if (parsed.success) {
    if (sources.includes(parsed.data.source)) return { event: parsed.data };
    return { refusal: `The event was refused: source must be one of ${sources.join(', ')}.` };
  }
  const faults = parsed.error.issues.map(({ path, message }) =>
    `${path.join('.')} ${message}`.trim(),
  );
  return { refusal: `The event was refused: ${faults.join('; ')}.` };
}

/** The resources that an event names. */
export function resourcesOf({ resource }: WorkerEvent) {
  return resources.filter(({ name }) => resource === ALL || resource === name);
}

/** True when the event asks for all of them, and so for an answer about each. */
export const isForAll = ({ resource }: WorkerEvent): boolean => resource === ALL;
