import * as z from 'zod';
import type { RunOutcome } from '../../core/control.ts';
import type { ChangeEvent } from '../../core/change-event.ts';
import { changedNames } from '../../core/changed-fields.ts';
import { idOfOrderedKey } from '../../core/record-id.ts';
import { jsonText, storedBody, storedRun, storedSummary } from '../stored-json.ts';

const text = z.object({ S: z.string() }).transform(({ S }) => S);
const number = z.object({ N: z.coerce.number() }).transform(({ N }) => N);

const key = z.object({ pk: text, sk: text });
const recordImage = z.object({
  body: text,
  fence: number,
  synced_at: text,
  removed_at: text.optional(),
});
const runImage = z.object({ fence: number, summary: text.pipe(jsonText(storedSummary)) });
const controlImage = z.object({
  // A reader's claim may be all there is of it yet.
  fence: number.default(0),
  run: text.pipe(jsonText(storedRun)).nullable().default(null).catch(null),
});

/** One change of a row, as the table's stream tells it, with its images before and after. */
export const streamChange = z.object({
  eventID: z.string(),
  dynamodb: z.object({
    Keys: key,
    OldImage: z.unknown().optional(),
    NewImage: z.unknown().optional(),
  }),
});

export type StreamChange = z.output<typeof streamChange>;

/** What a change of a row means to the outside: at most one event; null when nothing. */
export function eventOf({ eventID, dynamodb }: StreamChange): ChangeEvent | null {
  const { Keys, OldImage: before, NewImage: after } = dynamodb;
  if (after === undefined) return null; // rows that were deleted told it when they were marked
  const parts = Keys.pk.split('#');
  const [source = '', resource = ''] = parts.slice(-2);
  const catalog = { source, resource, event_id: eventID };
  if (parts.length === 2) return recordEvent(before, after, { ...catalog, sk: Keys.sk });
  if (parts[0] === 'runs') return before === undefined ? endedEvent(after, catalog) : null;
  if (parts[0] === 'control') return startedEvent(before, after, catalog);
  return null;
}

interface CatalogOf {
  readonly source: string;
  readonly resource: string;
  readonly event_id: string;
}

function recordEvent(
  before: unknown,
  after: unknown,
  { sk, ...catalog }: CatalogOf & { readonly sk: string },
): ChangeEvent | null {
  const now = recordImage.parse(after);
  const old = recordImage.optional().parse(before);
  const wasLive = old !== undefined && old.removed_at === undefined;
  const common = { ...catalog, id: idOfOrderedKey(sk), fence: now.fence };
  if (now.removed_at !== undefined) {
    const detail = { ...common, at: now.removed_at };
    return wasLive ? { type: 'Record Removed', detail } : null;
  }
  const detail = { ...common, at: now.synced_at };
  if (!wasLive) return { type: 'Record Created', detail };
  const changed = [...changedNames(storedBody(old.body), storedBody(now.body))];
  return changed.length === 0 ? null : { type: 'Record Updated', detail: { ...detail, changed } };
}

const TYPE_OF_OUTCOME: Readonly<Record<RunOutcome, 'Run Finished' | 'Run Failed' | 'Run Held'>> = {
  completed: 'Run Finished',
  incomplete: 'Run Failed',
  failed: 'Run Failed',
  held: 'Run Held',
};

/** Without the run's note, which may quote the supplier. */
function endedEvent(after: unknown, catalog: CatalogOf): ChangeEvent {
  const { fence, summary } = runImage.parse(after);
  const { runId, trigger, outcome, startedAtMs, finishedAtMs, stats } = summary;
  const detail = {
    ...catalog,
    fence,
    run_id: runId,
    trigger,
    outcome,
    started_at: isoOf(startedAtMs),
    finished_at: isoOf(finishedAtMs),
    stats: { ...stats },
  };
  return { type: TYPE_OF_OUTCOME[outcome], detail };
}

/** A new run is in the control record; a resumed one is not new. */
function startedEvent(before: unknown, after: unknown, catalog: CatalogOf): ChangeEvent | null {
  const { fence, run } = controlImage.parse(after);
  const old = controlImage.optional().parse(before);
  if (run === null || run.runId === old?.run?.runId) return null;
  const { runId, trigger, startedAtMs } = run;
  const detail = { ...catalog, fence, run_id: runId, trigger, started_at: isoOf(startedAtMs) };
  return { type: 'Run Started', detail };
}

const isoOf = (atMs: number): string => new Date(atMs).toISOString();
