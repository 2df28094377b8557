import type { RecordId } from './record-id.ts';
import type { UpstreamFailure } from './errors.ts';
import type { UpstreamHealth } from './health.ts';
import { NOT_PUBLISHED, type Published } from './published.ts';
import type { Remark } from './remarks.ts';

/** Which catalogue a control record, its records and its runs belong to. */
export interface CatalogRef {
  readonly source: string;
  readonly resource: string;
}

/** What made a run start. */
export type Trigger = 'schedule' | 'read' | 'admin' | 'cli' | 'invoke';

/**
 * What a run covers: `full` is the whole list; `rejects` only the records in error (their new detail);
 * `removal` only deletions that a person approved.
 */
export type RunScope = 'full' | 'rejects' | 'removal';

/** Counted once a record; `total = created + updated + unchanged + errors`. */
export interface RunStats {
  readonly total: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly removed: number;
  readonly errors: number;
  /** The same id met again in one run: the first one won. */
  readonly duplicates: number;
  readonly upstream_requests: number;
  readonly retries: number;
}

/** Where a run is. It is stored with every chunk, and is all there is to resume. */
export interface RunState {
  readonly runId: string;
  readonly trigger: Trigger;
  readonly scope: RunScope;
  readonly startedAtMs: number;
  readonly phase: 'listing' | 'closing';
  /** The list page to read next, as the source gave it; null is the first. */
  readonly cursor: string | null;
  /** Chunks committed so far by this run: names each chunk, so that none is applied twice. */
  readonly chunks: number;
  readonly pagesRead: number;
  readonly pagesFailed: number;
  /** Rows on the pages read, usable or not, repeated or not: what upstream's `count` counts. */
  readonly rowsRead: number;
  /** Records that upstream says it has, when it says so. */
  readonly expected: number | null;
  readonly stats: RunStats;
  /** The announced count changed, or the list moved, while it was read. */
  readonly hasMoved?: boolean | undefined;
  /** A partial run began while readers did not see what an earlier run had left half done: nor do they see
   *  what this one changes, until a whole run ends. */
  readonly isUnseen?: boolean | undefined;
  /** What is missing was judged, and what was in error and is missing is no longer known as such. */
  readonly hasJudged?: boolean | undefined;
  /** `total + duplicates` where the page at the cursor begins. */
  readonly doneBefore: number;
  /** Fingerprint of the stored form and the configuration: a checkpoint of another one is not resumed. */
  readonly configuration: string;
  /** Time of the last commit that moved the run forward. */
  readonly checkpointAtMs: number;
  /** Until when the supplier asked to be left alone: it does not grow too old to be resumed before. */
  readonly waitsUntilMs?: number | undefined;
  /** In words: what people should know of this run besides its figures; null when nothing. */
  readonly note: string | null;
  /** What the note says, for other languages; absent in what was stored before these were kept. */
  readonly remarks?: readonly Remark[] | undefined;
  /** How upstream answered; absent in what was stored before it was kept. */
  readonly health?: UpstreamHealth | undefined;
  /** It was forced: every detail is read, also those that were read not long ago. */
  readonly allDetails?: boolean | undefined;
  /** A detail was not read, since it was read not long ago. */
  readonly skippedDetails?: boolean | undefined;
}

/** A run that waits for a person: its upserts stand, its deletions do not happen by themselves. */
export interface Held {
  readonly runId: string;
  readonly reason: string;
  /** The reason, for other languages; absent in what was stored before it was kept. */
  readonly why?: Remark | undefined;
  /** How many records would go. */
  readonly count: number;
  readonly atMs: number;
  /** Whole runs that were given up since: what they listed is not removed. */
  readonly givenUpSince?: readonly string[] | undefined;
  /** End of the first run in a row that held some; absent in what was stored before it was kept. */
  readonly sinceMs?: number | undefined;
}

export type FailureCode =
  | UpstreamFailure
  /** Pages were lost: the rest is stored, the run is no success. */
  | 'pages_lost'
  /** Deletions wait for a person. */
  | 'held'
  /** More than half of the records failed validation. */
  | 'mostly_rejected'
  /** The worker could not be started, or ended without a word. */
  | 'worker_failed';

export interface LastError {
  readonly code: FailureCode;
  /** Redacted; may hold up to 200 characters of upstream's own text: for staff only. */
  readonly message: string;
  readonly atMs: number;
  /** When the first in a row of the same code was; absent in what was stored before it was kept. */
  readonly sinceMs?: number | undefined;
}

/**
 * The one record that serialises a resource's runs (never deleted, no TTL). Every write of the holder
 * is conditional on `fence` and `runId`, so a paused or dead holder can change nothing.
 */
export interface ControlRecord {
  /** Grows by one with each lease. */
  readonly fence: number;
  readonly leaseHolder: string | null;
  readonly leaseExpiresAtMs: number;
  /** The unfinished run, paused or in progress. */
  readonly run: RunState | null;
  readonly lastAttemptAtMs: number | null;
  /** Start of the last successful run. */
  readonly lastSuccessAtMs: number | null;
  /** No unforced run starts before this; 0 is at once. */
  readonly nextDueAtMs: number;
  /** A paused run is not resumed before this; 0 is at once. */
  readonly resumeAtMs: number;
  readonly consecutiveFailures: number;
  /** Last refusal of the key; null once it works. Not even `force` passes it for a minute. */
  readonly keyRefusedAtMs: number | null;
  readonly triggerClaimedUntilMs: number;
  /** Grows with each commit that created, updated or removed a record. */
  readonly version: number;
  /** What lists are answered from; a finished run moves it to its own version. */
  readonly published: Published;
  /** Which manifest base is in force; 0 is none yet. */
  readonly manifestVersion: number;
  readonly liveCount: number;
  /** How many were live when absences were last settled: by a complete run, or by a person's approval.
   *  Null: never, or by a version that did not keep it. */
  readonly settledCount: number | null;
  /** Records in error after the last run. */
  readonly rejectCount: number;
  /** How many of them are live all the same, in their last good version. */
  readonly liveRejectCount: number;
  /** Records removed since the first sync. */
  readonly removedCount: number;
  readonly held: Held | null;
  /** Whether what is marked as missing was missing from a scan in which nothing moved. Else the marks are
   *  those of held deletions, for an approval alone: no later scan may count on them. */
  readonly marksProve: boolean;
  readonly lastError: LastError | null;
}

/** A control record with a run in it: what the holder of the lease moves forward. */
export type ActiveControl = ControlRecord & { readonly run: RunState };

/** What a finished run leaves in the history, 90 days. */
export interface RunSummary {
  readonly runId: string;
  readonly trigger: Trigger;
  readonly scope: RunScope;
  readonly outcome: RunOutcome;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly stats: RunStats;
  /** In words, for people: what went wrong, or what was not done and why; null when all is well. */
  readonly note: string | null;
  /** What the note says, for other languages; absent in what was stored before these were kept. */
  readonly remarks?: readonly Remark[] | undefined;
  /** How upstream answered; absent in what was stored before it was kept, and where it was not asked. */
  readonly health?: UpstreamHealth | undefined;
}

export type RunOutcome =
  /** Every page was processed, every record written or recorded as a reject. */
  | 'completed'
  /** Pages were lost; what arrived is stored, nothing was removed. */
  | 'incomplete'
  /** Complete, but so much is missing that a person has to decide. */
  | 'held'
  /** Nothing could be read, or what came was mostly unusable. */
  | 'failed';

/** What the manifest knows of one live record. */
export interface ManifestEntry {
  readonly hash: string;
  /** It was missing from the last complete scan: one more, and it goes. */
  readonly missing: boolean;
}

/** What a run must know to compare: the live records, and what this run has already seen. */
export interface Ledger {
  readonly manifest: Map<RecordId, ManifestEntry>;
  /** Ids that this run has processed, also before it was resumed. */
  readonly seen: Set<RecordId>;
  /** Keys of the records now in error. */
  readonly rejects: Set<string>;
  /** The last records stored, newest first, at most 10. */
  recent: readonly RecentRecord[];
  /** Changes of records that are kept beside the manifest's base. */
  overBase: number;
}

export interface RecentRecord {
  readonly id: RecordId;
  readonly title: string;
  readonly syncedAt: string;
  /** Absent in what was stored before these were kept. */
  readonly change?: 'created' | 'updated' | undefined;
  readonly imageUrl?: string | null | undefined;
  /** Decimal text. */
  readonly price?: string | null | undefined;
  /** What an update changed, the most telling first; a few, whatever their number. */
  readonly changes?: readonly RecentChange[] | undefined;
}

/** A field that an update changed; with its values where they are plain ones. */
export interface RecentChange {
  readonly field: string;
  readonly from?: string | number | boolean | null | undefined;
  readonly to?: string | number | boolean | null | undefined;
}

export const NO_STATS: RunStats = {
  total: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  removed: 0,
  errors: 0,
  duplicates: 0,
  upstream_requests: 0,
  retries: 0,
};

/** The control record of a resource that was never synced. */
export const NEW_CONTROL: ControlRecord = {
  fence: 0,
  leaseHolder: null,
  leaseExpiresAtMs: 0,
  run: null,
  lastAttemptAtMs: null,
  lastSuccessAtMs: null,
  nextDueAtMs: 0,
  resumeAtMs: 0,
  consecutiveFailures: 0,
  keyRefusedAtMs: null,
  triggerClaimedUntilMs: 0,
  version: 0,
  published: NOT_PUBLISHED,
  manifestVersion: 0,
  liveCount: 0,
  settledCount: null,
  rejectCount: 0,
  liveRejectCount: 0,
  removedCount: 0,
  held: null,
  marksProve: true,
  lastError: null,
};
