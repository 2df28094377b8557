import type { ControlRecord, RunScope, RunSummary } from '../../shared/core/control.ts';
import type { UpstreamFailure } from '../../shared/core/errors.ts';
import type { CatalogWrite } from '../../shared/core/ports.ts';
import type { Decision } from '../../shared/core/decide.ts';
import type { SyncRequest } from '../../shared/core/sync-request.ts';
import type { ResourceName, Version } from './model.ts';

/** Both control records as stored right after an event. */
export type Controls = Readonly<Record<ResourceName, ControlRecord>>;

interface At {
  readonly resource: ResourceName;
  /** One call of `runSync`; a worker has many, one after the other or at once. 0 is nobody's. */
  readonly session: number;
}

/** What a store operation met and left. */
interface Stored extends At {
  readonly before: Controls;
  readonly after: Controls;
}

/** An attempt to take the lease. */
export interface Acquire extends Stored {
  readonly kind: 'acquire';
  readonly ok: boolean;
  /** When it was decided, by the session's own clock. */
  readonly nowMs: number;
  readonly request: SyncRequest;
}

/** A chunk that was sent; `applied` says whether it changed what is stored. */
export interface Commit extends Stored {
  readonly kind: 'commit';
  readonly applied: boolean;
  readonly fence: number;
  readonly runId: string;
  readonly writes: readonly CatalogWrite[];
  readonly seen: readonly string[];
}

export interface Finish extends Stored {
  readonly kind: 'finish';
  readonly applied: boolean;
  readonly fence: number;
  readonly runId: string;
  readonly nowMs: number;
  readonly summary: RunSummary | null;
  readonly held: readonly string[] | null;
}

/** A reader's claim, or a person's word on held deletions. */
export interface Word extends Stored {
  readonly kind: 'claim' | 'discard';
  readonly ok: boolean;
  readonly nowMs: number;
}

export interface ListedRow extends Version {
  readonly isValid: boolean;
}

/** A list page asked for; `rows` is null when there are none to be had. */
export interface PageCall extends At {
  readonly kind: 'page';
  readonly url: string;
  readonly page: number;
  readonly rows: readonly ListedRow[] | null;
  /** It could not be read, or what it says of the next one is of no use. */
  readonly isLost: boolean;
  /** Upstream says that there is no such page, be it true or not. */
  readonly isGone: boolean;
  /** Whether the list is over with it. */
  readonly isLast: boolean;
  /** Whether the list was over before it. */
  readonly isPast: boolean;
  readonly count: number | null;
}

export interface DetailCall extends At {
  readonly kind: 'detail';
  readonly url: string;
  readonly id: string;
  /** Null when it could not be had. */
  readonly version: number | null;
  readonly failure: UpstreamFailure | null;
}

/** What a trigger was answered. */
export interface Answered extends At {
  readonly kind: 'answered';
  readonly request: Pick<SyncRequest, 'force' | 'resumeOnly'> & { readonly scope: RunScope };
  readonly decision: Decision;
  /** When it was decided, by the session's own clock. */
  readonly nowMs: number;
  /** As the decision saw it. */
  readonly control: ControlRecord;
}

/** What readers saw. */
export interface Read extends At {
  readonly kind: 'read';
  readonly records: readonly { readonly id: string; readonly json: string }[];
}

export type HistoryEvent =
  Acquire | Commit | Finish | Word | PageCall | DetailCall | Answered | Read;

/** Everything that happened, in the order in which it took effect. */
export interface History {
  readonly events: readonly HistoryEvent[];
  /** Index of the first event after all faults had stopped. */
  readonly calmFrom: number;
  /** What the supplier lists in the end. */
  readonly upstream: Readonly<Record<ResourceName, readonly Version[]>>;
  /** Events logged, printed. */
  readonly logged: readonly string[];
}
