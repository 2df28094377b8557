import type { ControlRecord } from '../core/control.ts';
import { readerDecision, type Decision } from '../core/decide.ts';

/** The `sync` block of an answer: how old what you read is, and what is being done about it. */
export type Freshness = {
  readonly decision: Decision;
  /** Start of the last successful run, ISO 8601 UTC; null when there was none. */
  readonly last_sync: string | null;
  readonly age_seconds: number | null;
  /** Never synced, or older than the interval. */
  readonly stale: boolean;
  /** When the next unforced run may start, ISO 8601 UTC; null is now. */
  readonly next_allowed: string | null;
  /** Of each source, where the answer is about several. */
  readonly sources?: Readonly<Record<string, Freshness>>;
};

/** Of several sources, the one that succeeded longest ago or never, and with it each of them; of one,
 *  that one alone. */
export function leastFresh(all: readonly (readonly [string, Freshness])[]): Freshness {
  const [oldest] = all
    .map(([, freshness]) => freshness)
    .toSorted((a, b) => (a.last_sync ?? '').localeCompare(b.last_sync ?? ''));
  if (oldest === undefined) throw new Error('there is no source');
  return all.length === 1 ? oldest : { ...oldest, sources: Object.fromEntries(all) };
}

/**
 * What a reader is told. Without a decision of the read's own trigger (it gave up, or there is none)
 * the control record tells; a start that is due then counts as `running`, since it is under way.
 */
export function freshnessOf(
  control: ControlRecord,
  decision: Decision | null,
  { nowMs, intervalMs }: { readonly nowMs: number; readonly intervalMs: number },
): Freshness {
  const { lastSuccessAtMs, nextDueAtMs } = control;
  return {
    decision: decision ?? withoutTrigger(control, nowMs),
    last_sync: isoOf(lastSuccessAtMs),
    age_seconds: lastSuccessAtMs === null ? null : secondsBetween(lastSuccessAtMs, nowMs),
    stale: isStale(control, nowMs, intervalMs),
    next_allowed: nextDueAtMs === 0 ? null : isoOf(nextDueAtMs),
  };
}

/** True when the resource was never synced, or its last success is older than the interval. */
export function isStale(
  { lastSuccessAtMs }: ControlRecord,
  nowMs: number,
  intervalMs: number,
): boolean {
  return lastSuccessAtMs === null || nowMs - lastSuccessAtMs > intervalMs;
}

/** ISO 8601 UTC of a moment in milliseconds; null stays null. */
export function isoOf(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}

/** Whole seconds from one moment to a later one; 0 when the clock stepped back. */
function secondsBetween(fromMs: number, toMs: number): number {
  return Math.max(0, Math.floor((toMs - fromMs) / 1000));
}

function withoutTrigger(control: ControlRecord, nowMs: number): Decision {
  const decision = readerDecision(control, nowMs);
  return decision === 'due' ? 'running' : decision;
}
