import type {
  CatalogRef,
  ControlRecord,
  Ledger,
  ManifestEntry,
  RecentRecord,
  RunSummary,
  Trigger,
} from './control.ts';
import type { UpstreamHealth } from './health.ts';
import type { UpstreamError } from './errors.ts';
import type { Json, JsonObject } from './json.ts';
import type { Listed, PublishedRow } from './published.ts';
import type { RecordId } from './record-id.ts';
import type { Resource, Snapshot, StoredRecord } from './resource.ts';

/** One page of upstream's list. */
export interface Page {
  /** Unvalidated: each is checked on its own. */
  readonly entries: readonly Json[];
  /** The next page's cursor; null when this was the last. */
  readonly next: string | null;
  /** This page said nothing of a next one: it is tried, and the list is over where it brings nothing new. */
  readonly isGuess?: boolean;
  /** What it says of a next one is of no use, for this reason; `next` is then null. */
  readonly nextFault?: UpstreamError;
  /** Upstream has no such page; not of the first one, which every list has. */
  readonly isNotFound?: boolean;
  /** How many records upstream says the whole list has; null when it does not say. */
  readonly count: number | null;
}

/** Upstream, read only. Bounded in requests at once, attempts, time and bytes by itself. */
export interface CatalogSource {
  /** Reads the list page at `cursor` (null: the first).
   *  @throws UpstreamError when it can't be had; `invalid` when it is not a list. */
  page(resource: Resource, cursor: string | null, signal: AbortSignal): Promise<Page>;
  /** The cursor after one whose page could not be read, or null when only that page could have told. */
  cursorAfter(resource: Resource, cursor: string | null): string | null;
  /** One record's full detail, unvalidated.
   *  @throws UpstreamError; `not_found` when it is gone. */
  detail(
    resource: Resource,
    id: RecordId,
    signal: AbortSignal,
    /** Others that were served before: asked for where only they can tell an outage. */
    known?: () => readonly RecordId[],
  ): Promise<Json>;
  /** Requests sent and repeated since the source was made. */
  readonly counters: { readonly requests: number; readonly retries: number };
  /** How upstream answered since the source was made; absent where nobody measures it. */
  readonly health?: UpstreamHealth;
  /** From now on what fails beyond the budget of retries is a failure like any other: a run that waited for
   *  it, and meets it again, would come no further. Absent where there is no budget. */
  readonly takeFailures?: () => void;
  /** How many details the caller may usefully ask for at once. */
  readonly concurrency: number;
}

/** One change inside a chunk. */
export type CatalogWrite =
  /** Creates or replaces a record (a tombstone comes back to life). */
  | {
      readonly kind: 'upsert';
      readonly id: RecordId;
      /** The manifest did not have it: at most a tombstone of it is stored. */
      readonly isNew: boolean;
      /** Its body as hashed. */
      readonly json: string;
      readonly hash: string;
      /** What lists show of it, once this version is published. */
      readonly listed: Listed;
    }
  /** Hides a record from reads; it is kept for 30 days. */
  | { readonly kind: 'tombstone'; readonly id: RecordId }
  /** Notes a record in error; its last good version stays as it is. */
  | {
      readonly kind: 'reject';
      /** The record's id, or a made-up key for one without a usable id. */
      readonly key: string;
      readonly reason: string;
      /** The start of what was received, for people. */
      readonly payload: string;
    }
  /** The record is well again, or gone from upstream. */
  | { readonly kind: 'clear_reject'; readonly key: string };

/** What one commit adds, all or nothing. `LIMITS` bounds it; a store takes 90 writes at most. */
export interface Chunk {
  readonly writes: readonly CatalogWrite[];
  /** Ids that were processed and needed no upsert (unchanged or rejected). */
  readonly seen: readonly RecordId[];
  /** Replaces the list of last stored records; null leaves it. */
  readonly recent: readonly RecentRecord[] | null;
  /** ISO 8601 UTC: becomes `synced_at` of what is written. */
  readonly storedAt: string;
}

/** A record that failed validation, as staff see it. */
export interface Reject {
  readonly key: string;
  readonly reason: string;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly attempts: number;
  readonly payload: string;
}

/** The holder's own mark on the control record, which every write of its run is conditional on. */
export interface Hold {
  readonly fence: number;
  readonly runId: string;
}

/** Lets exactly one of many readers start the worker. */
export interface TriggerGate {
  /** Sets `triggerClaimedUntilMs` to `untilMs` if the claim before it is over at `nowMs` and no lease
   *  is in force. True for the one that may start the worker. */
  claimTrigger(ref: CatalogRef, nowMs: number, untilMs: number): Promise<boolean>;
  /** Has the claim that ends at `untilMs` end at `soonerMs`; one that another has taken since stays. */
  shortenClaim(ref: CatalogRef, untilMs: number, soonerMs: number): Promise<void>;
}

/** What the sync writes through: strongly consistent, and fenced. */
export interface CatalogStore extends TriggerGate {
  /** The control record, strongly consistent; `NEW_CONTROL` when there is none.
   *  @throws StoreUnavailableError */
  control(ref: CatalogRef): Promise<ControlRecord>;
  /** Takes the lease: `after` replaces `before` (its fence is one more) if nobody has written the
   *  control record since and no lease is in force at `nowMs`, or the one in force is `goneHolder`'s.
   *  Never touches `triggerClaimedUntilMs`. False when another was quicker. */
  acquire(
    ref: CatalogRef,
    before: ControlRecord,
    after: ControlRecord,
    condition: { readonly nowMs: number; readonly goneHolder: string | null },
  ): Promise<boolean>;
  /** Whether the history has a run of that id, strongly consistent. @throws StoreUnavailableError */
  hasRun(ref: CatalogRef, runId: string): Promise<boolean>;
  /** What the run must know to compare records; `control` must hold the lease. */
  ledger(ref: CatalogRef, control: ControlRecord): Promise<Ledger>;
  /** The bodies of these records as they are stored, as of at most a moment ago; those that were never
   *  stored are missing. */
  bodies(ref: CatalogRef, ids: readonly RecordId[]): Promise<ReadonlyMap<RecordId, JsonObject>>;
  /** Writes one chunk, its part of the manifest, its changes to what is published (over `after`'s
   *  published base, as its version) and the control record `after`, all or nothing.
   *  `after.run.chunks` is one more than what is stored. Applied with the reply lost counts as applied.
   *  @throws LeaseLostError when the hold is no longer in force: stop, touch nothing. */
  commit(ref: CatalogRef, hold: Hold, after: ControlRecord, chunk: Chunk): Promise<void>;
  /** Writes a whole new manifest base under `version` (= the holder's fence); in force once `finish`
   *  names it. */
  writeManifest(
    ref: CatalogRef,
    version: number,
    manifest: ReadonlyMap<RecordId, ManifestEntry>,
  ): Promise<void>;
  /** All live records, newest id first, strongly consistent, some hundreds at a time. */
  liveRecords(ref: CatalogRef): AsyncIterable<readonly StoredRecord[]>;
  /** Writes one page of a new published base (= the holder's fence), at most 400 KB of `bytesOfRow`, or
   *  one row; `position` counts from 0. The base is in force once `finish` names it. */
  writePage(
    ref: CatalogRef,
    base: number,
    position: number,
    rows: readonly PublishedRow[],
  ): Promise<void>;
  /** Ends a lease: writes the control record `after` (no lease in it), the run's summary and the ids
   *  that it holds back, all or nothing, under the same condition as `commit`.
   *  @throws LeaseLostError */
  finish(
    ref: CatalogRef,
    hold: Hold,
    after: ControlRecord,
    ending: { readonly summary: RunSummary | null; readonly held: readonly RecordId[] | null },
  ): Promise<void>;
  /** The ids that run held back; null when none are kept under that run. */
  heldIds(ref: CatalogRef, runId: string): Promise<readonly RecordId[] | null>;
  /** Removes held deletions without doing them, if `runId` is still the one held, no lease is in
   *  force and nobody has written the control record that `after` was made of; `summary` goes into the
   *  history. False when not. */
  discardHeld(
    ref: CatalogRef,
    runId: string,
    after: ControlRecord,
    nowMs: number,
    summary?: RunSummary,
  ): Promise<boolean>;
}

/** What readers read through: never upstream, never the supplier's key. */
export interface CatalogReader {
  /** The control record as of at most a moment ago (eventually consistent): one read. `fresh` is strongly
   *  consistent, and past every cache.
   *  @throws StoreUnavailableError */
  control(ref: CatalogRef, options?: { readonly fresh: boolean }): Promise<ControlRecord>;
  /** The version of a resource that `control.published` names, as published.
   *  @throws VersionGoneError when its base is no longer kept. */
  snapshot(ref: CatalogRef, control: ControlRecord): Promise<Snapshot>;
  /** One live record, or null. */
  record(ref: CatalogRef, id: RecordId): Promise<StoredRecord | null>;
  /** The same, told from one that was removed; a record is known as such for 30 days. */
  lookUp(ref: CatalogRef, id: RecordId): Promise<StoredRecord | 'removed' | null>;
  /** Finished runs, newest first. */
  runs(ref: CatalogRef, limit: number): Promise<readonly RunSummary[]>;
  /** Records in error, at most `limit`. */
  rejects(ref: CatalogRef, limit: number): Promise<readonly Reject[]>;
  /** The last records stored, newest first, at most 10. */
  recent(ref: CatalogRef): Promise<readonly RecentRecord[]>;
  /** Some of the ids that a run held back, at most `limit`; none when it holds none. */
  heldSample(ref: CatalogRef, runId: string, limit: number): Promise<readonly RecordId[]>;
}

/** Time and chance, so that tests can steer them. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. May step back. */
  nowMs(): number;
  /** Only grows; its origin means nothing. */
  monotonicMs(): number;
  /** Resolves after `ms`, or at once when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A new ULID. */
  ulid(): string;
  /** In [0, 1). */
  random(): number;
}

/** Structured events; every sink redacts the supplier's key by value. */
export interface Log {
  info(event: string, fields?: object): void;
  warn(event: string, fields?: object): void;
  error(event: string, fields?: object): void;
}

/** What the worker is asked to do, as its event. */
export interface WorkerOrder {
  /** Default: the main one. */
  readonly source?: string;
  readonly resource: string;
  readonly trigger: Trigger;
  readonly force?: boolean;
  /** Default: a sync. */
  readonly action?: 'sync' | 'retry_rejects' | 'approve_held' | 'discard_held';
  /** Whose held deletions are decided on. */
  readonly held_run_id?: string;
  /** The id that a new run gets. */
  readonly run_id?: string;
  /** Who asked, for people. */
  readonly by?: string;
}

/** Starts the worker without waiting for it. */
export interface WorkerStarter {
  /** Resolves once the start was accepted. @throws when it was not. */
  start(order: WorkerOrder): Promise<void>;
}

/** A detail that was read: what the list said then, and what came of it, in one fingerprint. */
export interface Verified {
  /** 16 characters of base64url. */
  readonly fingerprint: string;
  /** When it was read, or up to a minute before. */
  readonly atMs: number;
}

/**
 * Keeps which details were read when. Written without a fence: each entry is true of its time whoever
 * writes it, and one that is lost costs a request.
 */
export interface VerifiedDetails {
  /** @throws StoreUnavailableError */
  read(ref: CatalogRef): Promise<Map<RecordId, Verified>>;
  /** Replaces them all. @throws StoreUnavailableError */
  write(ref: CatalogRef, verified: ReadonlyMap<RecordId, Verified>): Promise<void>;
}

/** Everything a run needs of the outside. */
export interface SyncPorts {
  readonly ref: CatalogRef;
  readonly resource: Resource;
  readonly source: CatalogSource;
  readonly store: CatalogStore;
  readonly clock: Clock;
  readonly log: Log;
  /** A short stable hash of a text: at least 64 bits, the same for the same text for ever. */
  readonly digest: (text: string) => string;
  /** Where a deployment reads only the details that may have changed; without it, all in each run. */
  readonly verified?: VerifiedDetails;
}
