import type { CatalogRef, ControlRecord, RunSummary } from './control.ts';

/** Every figure that is measured, and its unit; each is kept by deployment, source and resource. */
export const METRICS = {
  /** Since the start of the last successful run; absent before the first. */
  FreshnessAge: 'Seconds',
  /** Failed attempts in a row. */
  ConsecutiveFailures: 'Count',
  /** Deletions that wait for a person. */
  HeldDeletions: 'Count',
  /** 1 while the supplier refuses the key or there is none, else 0. */
  KeyRefused: 'Count',
  /** Records that readers see. */
  LiveRecords: 'Count',
  /** From the start of a run to its end, pauses included. */
  RunDuration: 'Milliseconds',
  RecordsCreated: 'Count',
  RecordsUpdated: 'Count',
  RecordsUnchanged: 'Count',
  /** By runs of their own accord. What a person approved shows in `LiveRecords`: an alarm watches this. */
  RecordsRemoved: 'Count',
  RecordsInError: 'Count',
  UpstreamRequests: 'Count',
  UpstreamRetries: 'Count',
  /** Answers 429 and 503. */
  UpstreamRefusals: 'Count',
  /** Of single requests, up to 100 of each invocation. */
  UpstreamLatency: 'Milliseconds',
  /** Syncs that a read found due and started. */
  ReadStarts: 'Count',
} as const;

export type MetricName = keyof typeof METRICS;

/** One value, or several of the same moment (at most 100). */
export type Figures = Readonly<Partial<Record<MetricName, number | readonly number[]>>>;

/** Where figures go. Never throws, and never waits: what is lost is one point of a curve. */
export interface Metrics {
  record(ref: CatalogRef, figures: Figures): void;
}

/** How a resource is, whether a run is in progress or not. */
export function conditionOf(control: ControlRecord, nowMs: number): Figures {
  const { lastSuccessAtMs, keyRefusedAtMs, lastError } = control;
  const isKeyTrouble = keyRefusedAtMs !== null || lastError?.code === 'no_credential';
  return {
    ...(lastSuccessAtMs !== null && {
      FreshnessAge: Math.max(0, Math.round((nowMs - lastSuccessAtMs) / 1000)),
    }),
    ConsecutiveFailures: control.consecutiveFailures,
    HeldDeletions: control.held?.count ?? 0,
    KeyRefused: isKeyTrouble ? 1 : 0,
    LiveRecords: control.liveCount,
  };
}

/** What a finished run did. */
export function figuresOf({ scope, startedAtMs, finishedAtMs, stats }: RunSummary): Figures {
  return {
    RunDuration: Math.max(0, finishedAtMs - startedAtMs),
    RecordsCreated: stats.created,
    RecordsUpdated: stats.updated,
    RecordsUnchanged: stats.unchanged,
    ...(scope !== 'removal' && { RecordsRemoved: stats.removed }),
    RecordsInError: stats.errors,
    UpstreamRequests: stats.upstream_requests,
    UpstreamRetries: stats.retries,
  };
}
