import type { ControlRecord, RunState, RunSummary } from '../core/control.ts';
import { isLeased } from '../core/decide.ts';
import { latencyMsAt, type UpstreamHealth } from '../core/health.ts';
import type { JsonObject } from '../core/json.ts';
import { sinceMsOf } from '../core/lasting.ts';
import { isoOf } from './freshness.ts';

/**
 * How far the unfinished run is, running or paused, or null. The rate is of the whole run so far, up
 * to its last commit; `eta_seconds` is null while paused, or when nobody knows how many there are.
 */
export function runningOf(
  control: ControlRecord,
  nowMs: number,
  { isStaff }: { readonly isStaff: boolean },
): JsonObject | null {
  const { run } = control;
  if (run === null) return null;
  const rate = rateOf(run);
  const left = run.expected === null ? null : Math.max(0, run.expected - run.stats.total);
  const moving = isLeased(control, nowMs) && rate > 0;
  return {
    run_id: isStaff ? run.runId : null,
    started_at: isoOf(run.startedAtMs),
    trigger: run.trigger,
    phase: run.phase,
    done: run.stats.total,
    expected: run.expected,
    rate_per_second: Math.round(rate * 10) / 10,
    eta_seconds: moving && left !== null ? Math.ceil(left / rate) : null,
  };
}

/** Records a second, from the start to the last commit; 0 before the first one. */
function rateOf({ stats, startedAtMs, checkpointAtMs }: RunState): number {
  const tookMs = checkpointAtMs - startedAtMs;
  return tookMs > 0 ? (stats.total * 1000) / tookMs : 0;
}

/** Deletions that wait for a person, or null. */
export function heldOf(
  { held }: ControlRecord,
  { isStaff }: { readonly isStaff: boolean },
): JsonObject | null {
  if (held === null) return null;
  const { count, runId, reason } = held;
  const since = isoOf(sinceMsOf(held));
  return { run_id: isStaff ? runId : null, count, since, reason: isStaff ? reason : null };
}

/** The last finished run, or null when there was none. */
export function lastRunOf(
  run: RunSummary | undefined,
  { isStaff }: { readonly isStaff: boolean },
): JsonObject | null {
  if (run === undefined) return null;
  return {
    run_id: isStaff ? run.runId : null,
    trigger: run.trigger,
    outcome: run.outcome,
    finished_at: isoOf(run.finishedAtMs),
    duration_ms: Math.max(0, run.finishedAtMs - run.startedAtMs),
    stats: { ...run.stats },
    note: isStaff ? run.note : null,
    upstream: isStaff ? upstreamOf(run.health) : null,
  };
}

/** How the supplier answered, in figures; null where it was not measured. */
export function upstreamOf(health: UpstreamHealth | undefined): JsonObject | null {
  if (health === undefined) return null;
  const { requests, refused, overloaded, failed } = health;
  return {
    requests,
    median_ms: latencyMsAt(health, 0.5),
    p95_ms: latencyMsAt(health, 0.95),
    errors: failed,
    key_refused: refused,
    overloaded,
  };
}
