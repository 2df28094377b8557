import type { CatalogRef, ControlRecord, RecentRecord, RunSummary } from '../core/control.ts';
import { sinceMsOf, troubleSinceMs } from '../core/lasting.ts';
import type { Reject } from '../core/ports.ts';
import { publicId, type RecordId } from '../core/record-id.ts';
import type { Resource } from '../core/resource.ts';
import type { ReadPorts } from './catalog.ts';
import { stateOf, type SyncState } from './status.ts';

/** A resource of a source for those who steer it: all that its part of the status page says. */
export interface Overview {
  readonly resource: Resource;
  readonly ref: CatalogRef;
  /** Whether there are other sources, so that people must be told which. */
  readonly isOneOfSeveral: boolean;
  readonly state: SyncState | 'overdue';
  readonly control: ControlRecord;
  /** Newest first. */
  readonly runs: readonly RunSummary[];
  readonly recent: readonly RecentRecord[];
  /** The first ones, when there are many. */
  readonly rejects: readonly Reject[];
  /** Some of what would go, when deletions are held. */
  readonly heldSample: readonly HeldRecord[];
  /** Since when it is as `state` says, where that is not as it should be, milliseconds since 1970. */
  readonly troubleSinceMs: number | null;
}

export interface HeldRecord {
  readonly id: string | number;
  readonly title: string;
}

export const RUNS_SHOWN = 20;
const REJECTS_SHOWN = 20;
const HELD_SHOWN = 10;

/** The overview of each resource of each source. @throws StoreUnavailableError */
export async function overviews(
  resources: readonly Resource[],
  ports: ReadPorts,
): Promise<readonly Overview[]> {
  const each = ports.sources.flatMap((source) =>
    resources.map((resource) => ({ source, resource })),
  );
  return Promise.all(each.map(({ source, resource }) => overviewOf(resource, source, ports)));
}

/** @throws StoreUnavailableError */
export async function overviewOf(
  resource: Resource,
  source: string,
  ports: ReadPorts,
): Promise<Overview> {
  const ref = { source, resource: resource.name };
  const [control, runs, recent] = await Promise.all([
    ports.reader.control(ref),
    ports.reader.runs(ref, RUNS_SHOWN),
    ports.reader.recent(ref),
  ]);
  const nowMs = ports.clock.nowMs();
  const state = stateOf(control, nowMs);
  return {
    resource,
    ref,
    isOneOfSeveral: ports.sources.length > 1,
    control,
    runs,
    recent,
    // Most of the time there are none to read.
    rejects: control.rejectCount === 0 ? [] : await ports.reader.rejects(ref, REJECTS_SHOWN),
    state: isOverdue(control, nowMs, ports.intervalMsOf(resource, source)) ? 'overdue' : state,
    heldSample: await heldSample(resource, ref, control, ports),
    troubleSinceMs:
      state === 'held' && control.held !== null ? sinceMsOf(control.held) : troubleSinceMs(control),
  };
}

async function heldSample(
  resource: Resource,
  ref: CatalogRef,
  { held }: ControlRecord,
  ports: ReadPorts,
): Promise<readonly HeldRecord[]> {
  if (held === null) return [];
  const ids = await ports.reader.heldSample(ref, held.runId, HELD_SHOWN);
  return Promise.all(
    ids.map(async (id: RecordId) => {
      const record = await ports.reader.record(ref, id);
      return { id: publicId(id), title: record === null ? '' : resource.titleOf(record.body) };
    }),
  );
}

/**
 * A healthy schedule tries at least once an interval after it may, and so do reads: one more interval
 * without any attempt, and at least an hour and a half, and nobody is trying any more.
 */
function isOverdue(control: ControlRecord, nowMs: number, intervalMs: number): boolean {
  const { lastAttemptAtMs, nextDueAtMs } = control;
  if (lastAttemptAtMs === null || stateOf(control, nowMs) !== 'due') return false;
  return nowMs > Math.max(lastAttemptAtMs, nextDueAtMs) + Math.max(intervalMs, LEAST_SILENCE_MS);
}

const LEAST_SILENCE_MS = 90 * 60_000;
