import type { ControlRecord, RecentRecord, RunSummary } from '../core/control.ts';
import { isLeased } from '../core/decide.ts';
import { mergedHealth, type UpstreamHealth } from '../core/health.ts';
import type { JsonObject } from '../core/json.ts';
import { publicId } from '../core/record-id.ts';
import type { Resource } from '../core/resource.ts';
import type { ReadPorts } from './catalog.ts';
import { isoOf } from './freshness.ts';
import { problemOf } from './problem.ts';
import { heldOf, lastRunOf, runningOf, upstreamOf } from './status-run.ts';

export type SyncState =
  'never_synced' | 'fresh' | 'due' | 'running' | 'paused' | 'failing' | 'held' | 'no_credential';

/** What a status is made of besides the control record. */
export interface StatusParts {
  readonly nowMs: number;
  readonly intervalMs: number;
  /** Finished runs, newest first. */
  readonly runs: readonly RunSummary[];
  readonly recent: readonly RecentRecord[];
  /** Run ids, reasons and the last error's own text are for staff alone. */
  readonly isStaff: boolean;
}

/** Enough finished runs to find the last one over the whole list. */
const RUNS_READ = 10;

/** The status of every resource of the main source, and where there are several, of each source;
 *  `min_interval_seconds` at the top is what old clients read.
 *  @throws StoreUnavailableError */
export async function status(
  resources: readonly Resource[],
  ports: ReadPorts,
  { isStaff }: { readonly isStaff: boolean },
): Promise<JsonObject> {
  const nowMs = ports.clock.nowMs();
  const [main = [], ...others] = await Promise.all(
    ports.sources.map((source) => statusesOf(source, resources, ports, { nowMs, isStaff })),
  );
  const [mainSource = ''] = ports.sources;
  const intervals = resources.map((resource) => ports.intervalMsOf(resource, mainSource));
  const each = [main, ...others].map((statuses, at): [string, JsonObject] => [
    ports.sources[at] ?? '',
    Object.fromEntries(statuses),
  ]);
  return {
    server_time: isoOf(nowMs),
    min_interval_seconds: Math.min(...intervals) / 1000,
    ...Object.fromEntries(main),
    ...(each.length > 1 && { sources: Object.fromEntries(each) }),
  };
}

/** The status of each resource of one source. */
function statusesOf(
  source: string,
  resources: readonly Resource[],
  { reader, intervalMsOf }: ReadPorts,
  { nowMs, isStaff }: Pick<StatusParts, 'nowMs' | 'isStaff'>,
): Promise<[string, JsonObject][]> {
  return Promise.all(
    resources.map(async (resource): Promise<[string, JsonObject]> => {
      const ref = { source, resource: resource.name };
      const [control, runs, recent] = await Promise.all([
        reader.control(ref),
        reader.runs(ref, RUNS_READ),
        reader.recent(ref),
      ]);
      const intervalMs = intervalMsOf(resource, source);
      return [resource.name, statusOf(control, { nowMs, intervalMs, runs, recent, isStaff })];
    }),
  );
}

/** One resource's status. Pure. */
export function statusOf(control: ControlRecord, parts: StatusParts): JsonObject {
  const { nowMs, intervalMs, runs, recent } = parts;
  return {
    state: stateOf(control, nowMs),
    last_sync: isoOf(control.lastSuccessAtMs),
    last_attempt: isoOf(control.lastAttemptAtMs),
    next_allowed: control.nextDueAtMs === 0 ? null : isoOf(control.nextDueAtMs),
    min_interval_seconds: intervalMs / 1000,
    lock_active: isLeased(control, nowMs),
    ...countsOf(control),
    running: runningOf(control, nowMs, parts),
    held: heldOf(control, parts),
    problem: problemOf(control),
    last_error: parts.isStaff ? (control.lastError?.message ?? null) : null,
    last_run: lastRunOf(lastWholeOf(runs), parts),
    upstream: parts.isStaff ? upstreamOf(healthOver(runs)) : null,
    recent: recent.map((record) => recentOf(record, parts)),
  };
}

/** What changed in it, and how, is for staff. */
function recentOf(
  { id, title, syncedAt, change, changes }: RecentRecord,
  { isStaff }: Pick<StatusParts, 'isStaff'>,
): JsonObject {
  const shown = { id: publicId(id), title, synced_at: syncedAt };
  if (!isStaff) return shown;
  const fields = changes?.map(({ field, from, to }): JsonObject =>
    from === undefined || to === undefined ? { field } : { field, from, to },
  );
  return { ...shown, change: change ?? null, changes: fields ?? [] };
}

/** All of the last runs together; undefined when none was measured. */
function healthOver(runs: readonly RunSummary[]): UpstreamHealth | undefined {
  const measured = runs.flatMap(({ health }) => health ?? []);
  return measured.length === 0 ? undefined : measured.reduce(mergedHealth);
}

/** The newest run over the whole list: what was done to a few records says nothing of the catalogue. */
export const lastWholeOf = (runs: readonly RunSummary[]): RunSummary | undefined =>
  runs.find(({ scope }) => scope === 'full') ?? runs[0];

/** The one word for it; what needs a person comes before what passes by itself. */
export function stateOf(control: ControlRecord, nowMs: number): SyncState {
  if (isLeased(control, nowMs)) return 'running';
  if (isKeyTrouble(control)) return 'no_credential';
  if (control.held !== null) return 'held';
  if (control.run !== null) return 'paused';
  if (control.consecutiveFailures > 0) return 'failing';
  if (control.lastSuccessAtMs === null) return 'never_synced';
  return nowMs >= control.nextDueAtMs ? 'due' : 'fresh';
}

/** What failed since the key was refused tells more of now than the refusal does. */
function isKeyTrouble({ keyRefusedAtMs, lastError }: ControlRecord): boolean {
  if (lastError?.code === 'no_credential') return true;
  if (keyRefusedAtMs === null) return false;
  return lastError === null || lastError.code === 'key_refused' || lastError.atMs <= keyRefusedAtMs;
}

/**
 * `synced` + `errors` = `total`: all that is stored or in error. A record in error is none of `synced`, and
 * may still be served in its last good version.
 */
function countsOf(control: ControlRecord): JsonObject {
  const { liveCount, liveRejectCount, rejectCount: errors, removedCount: removed } = control;
  const synced = Math.max(0, liveCount - liveRejectCount);
  return { total: synced + errors, synced, errors, removed };
}
