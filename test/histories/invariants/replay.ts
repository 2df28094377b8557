import { LIMITS } from '../../../shared/core/limits.ts';
import { parseCursor } from '../../../shared/adapters/http/page-cursor.ts';
import type {
  Acquire,
  Commit,
  DetailCall,
  Finish,
  History,
  HistoryEvent,
  PageCall,
} from '../history.ts';
import { RESOURCE_NAMES, type ResourceName } from '../model.ts';

/** One rule, checked on a whole history: what it finds wrong, in words. Empty when it holds. */
export type Invariant = (history: History) => readonly string[];

/** A lease taken by a session, with what happened under it. */
export interface Lease {
  readonly acquire: Acquire;
  readonly runId: string;
  /** The events of its session, from the lease on, in order. */
  readonly events: readonly HistoryEvent[];
}

/** The events of one resource. */
export const eventsOf = ({ events }: History, resource: ResourceName): HistoryEvent[] =>
  events.filter((event) => event.resource === resource);

/** Runs a rule on each resource by itself. */
export const onEach =
  (rule: (events: readonly HistoryEvent[], history: History) => readonly string[]): Invariant =>
  (history) =>
    RESOURCE_NAMES.flatMap((name) =>
      rule(eventsOf(history, name), history).map((fault) => `${name}: ${fault}`),
    );

/** The leases taken, oldest first. */
export function leasesOf(events: readonly HistoryEvent[]): Lease[] {
  return events.flatMap((acquire) => {
    if (acquire.kind !== 'acquire' || !acquire.ok) return [];
    const runId = acquire.after[acquire.resource].run?.runId ?? '';
    const own = events.filter(
      (event) =>
        event.session === acquire.session && events.indexOf(event) > events.indexOf(acquire),
    );
    return [{ acquire, runId, events: own }];
  });
}

/** The leases of one run, oldest first. */
const leasesOfRun = (events: readonly HistoryEvent[], runId: string): Lease[] =>
  leasesOf(events).filter((lease) => lease.runId === runId);

export const isApplied = (event: HistoryEvent): event is Commit | Finish =>
  (event.kind === 'commit' || event.kind === 'finish') && event.applied;

export const isCommit = (event: HistoryEvent): event is Commit =>
  event.kind === 'commit' && event.applied;

export const isPage = (event: HistoryEvent): event is PageCall => event.kind === 'page';
export const isDetail = (event: HistoryEvent): event is DetailCall => event.kind === 'detail';

/** The ids that a commit covers as they were listed: written, unchanged or in error. */
function processedIn({ writes, seen }: Commit): string[] {
  return [...writes.flatMap((write) => (write.kind === 'upsert' ? [write.id] : [])), ...seen];
}

/** Ids that a run processed, in any of its applied commits. */
export function processedBy(events: readonly HistoryEvent[], runId: string): Set<string> {
  const own = events.filter(isCommit).filter((commit) => commit.runId === runId);
  return new Set(own.flatMap(processedIn));
}

/** The list pages that a lease's holder read in their turn: whether the list has shifted where it repeats
 *  itself, its first one tells, which is then asked for anew, five times at most. */
export function walkIn(events: readonly HistoryEvent[]): PageCall[] {
  const calls = events.filter(isPage);
  const looksBack = calls.filter(({ page }, at) => at > 0 && page === 1);
  return calls.filter((call) => !looksBack.slice(0, LIMITS.headReads).includes(call));
}

/** The list pages of a run that its stored cursor passed, by the lease that passed each. */
export function committedPages(events: readonly HistoryEvent[], runId: string): PageCall[] {
  return leasesOfRun(events, runId).flatMap(({ events: own }) => {
    const commits = own.filter(isCommit);
    return walkIn(own).filter((page) => commits.some((commit) => hasPassed(commit, page)));
  });
}

/** The number of the page that a cursor is at. */
export function pageAt(text: string | null): number {
  const cursor = parseCursor(text);
  return cursor.kind === 'number' ? cursor.page : Number.NaN;
}

function hasPassed({ after, resource, runId }: Commit, { page, isLost }: PageCall): boolean {
  const { run } = after[resource];
  if (isLost || run === null || run.runId !== runId) return false;
  return run.phase === 'closing' || pageAt(run.cursor) > page;
}

/**
 * Whether the pages that the run's cursor passed are the whole list: 1 to the last, none lost. One that was
 * said not to be there is no part of it where nothing comes behind it.
 */
export function isWhole(events: readonly HistoryEvent[], runId: string): boolean {
  const pages = committedPages(events, runId);
  const ends = leasesOfRun(events, runId)
    .flatMap(({ events: own }) => walkIn(own))
    .filter(({ isGone }) => isGone)
    .map(({ page }) => page)
    .filter((gone) => !pages.some(({ page, rows }) => page > gone && (rows ?? []).length > 0));
  const numbers = new Set(pages.map(({ page }) => page));
  const last = pages.findLast(({ isLast }) => isLast)?.page ?? 0;
  const end = Math.min(last === 0 ? Infinity : last, ...ends.map((page) => page - 1));
  return (
    end !== Infinity && Array.from({ length: end }, (_, at) => at + 1).every((n) => numbers.has(n))
  );
}
