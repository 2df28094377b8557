import * as z from 'zod';
import { NO_STATS } from './control.ts';

const catalog = {
  source: z.string().describe('The source whose catalogue changed'),
  resource: z.string().describe('For example products'),
  fence: z
    .int()
    .min(1)
    .describe('Grows with each lease: of two events about one record, the higher fence is later'),
  event_id: z.string().describe('The same whenever this event is delivered again'),
};

const ofRecord = {
  ...catalog,
  id: z.string(),
  at: z.iso.datetime().describe('When it was stored'),
};

const stats = z.object(Object.fromEntries(Object.keys(NO_STATS).map((name) => [name, z.int()])));

const ofRun = {
  ...catalog,
  run_id: z.string(),
  trigger: z.enum(['schedule', 'read', 'admin', 'cli', 'invoke']),
  started_at: z.iso.datetime(),
};

const ended = z.object({
  ...ofRun,
  outcome: z.enum(['completed', 'incomplete', 'held', 'failed']),
  finished_at: z.iso.datetime(),
  stats,
});

/** Every kind of event that is published, by its `detail-type`, and what its `detail` holds. */
export const CHANGE_EVENTS = {
  'Record Created': z.object(ofRecord),
  'Record Updated': z.object({
    ...ofRecord,
    changed: z.array(z.string()).min(1).describe('Names of the stored fields that differ'),
  }),
  'Record Removed': z.object(ofRecord),
  'Run Started': z.object(ofRun),
  'Run Finished': ended,
  'Run Failed': ended,
  'Run Held': ended,
} as const;

export type ChangeEventType = keyof typeof CHANGE_EVENTS;

/** One event, as it goes to the bus. */
export type ChangeEvent = {
  [Type in ChangeEventType]: {
    readonly type: Type;
    readonly detail: z.output<(typeof CHANGE_EVENTS)[Type]>;
  };
}[ChangeEventType];

/** Where events are published. */
export interface ChangeEventBus {
  /** Publishes all of them, in batches; those that the bus refuses for now are tried again.
   *  @throws Error when some could not be published: publish all of them again. */
  publish(events: readonly ChangeEvent[]): Promise<void>;
}
