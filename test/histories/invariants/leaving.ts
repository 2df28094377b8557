import type { Commit, HistoryEvent, PageCall } from '../history.ts';
import {
  committedPages,
  isApplied,
  isCommit,
  isDetail,
  isWhole,
  onEach,
  processedBy,
  type Invariant,
} from './replay.ts';
import { emptyModel, follow } from './stored-model.ts';

/** What is live right before an event. */
function liveBefore(events: readonly HistoryEvent[], event: HistoryEvent): Set<string> {
  const model = emptyModel();
  for (const commit of events.slice(0, events.indexOf(event)).filter(isCommit))
    follow(model, commit);
  return new Set(model.live.keys());
}

const GUARD_RECORDS = 5;
const GUARD_SHARE = 0.1;

/** 5, second half. A record leaves only as docs/reliability.md, 4 says. */
export const leavesByTheRule: Invariant = onEach((events) => {
  const faults: string[] = [];
  const removedBy = new Map<string, string[]>();
  for (const commit of events.filter(isCommit)) {
    for (const write of commit.writes) {
      if (write.kind !== 'tombstone') continue;
      const reason = whyNotGone(events, commit, write.id);
      if (reason !== null) faults.push(`${write.id} was removed, but ${reason}`);
      const removed = removedBy.get(commit.runId) ?? [];
      removedBy.set(commit.runId, [...removed, write.id]);
    }
  }
  for (const [runId, removed] of removedBy) {
    const first = events.filter(isCommit).find((commit) => commit.runId === runId);
    const scope = first?.after[first.resource].run?.scope;
    if (first === undefined || scope === 'removal') continue;
    const most = Math.max(GUARD_RECORDS, liveBefore(events, first).size * GUARD_SHARE);
    const rows = committedPages(events, runId).flatMap((page) => page.rows ?? []);
    if (removed.length > most) faults.push(`run ${runId} removed ${removed.length} records`);
    if (rows.length === 0) faults.push(`run ${runId} removed records after an empty list`);
  }
  return faults;
});

/** Whether a list was seen to move while it was read: a record came twice under one lease, or the announced
 *  count changed. */
function hasMoved(pages: readonly PageCall[]): boolean {
  const announced = new Set(pages.flatMap(({ count }) => count ?? []));
  const within = pages.filter(({ isPast }) => !isPast);
  const bySession = [...Map.groupBy(within, ({ session }) => session).values()];
  const cameTwice = bySession.some((own) => {
    const ids = own.flatMap(({ rows }) => rows ?? []).map(({ id }) => id);
    return new Set(ids).size < ids.length;
  });
  return announced.size > 1 || cameTwice;
}

/** Whether it is a record in error: a detail that is gone may be just that. */
function isInError(events: readonly HistoryEvent[], id: string): boolean {
  const writes = events.filter(isCommit).flatMap((commit) => commit.writes);
  const last = writes.findLast((write) => 'key' in write && write.key === id);
  return last?.kind === 'reject';
}

function whyNotGone(events: readonly HistoryEvent[], commit: Commit, id: string): string | null {
  const run = commit.after[commit.resource].run;
  const earlier = events.slice(0, events.indexOf(commit));
  if (run?.scope === 'removal') {
    const holds = earlier.filter(isApplied).filter((one) => one.kind === 'finish');
    const lastHeld = holds.findLast(({ held }) => held !== null);
    return lastHeld?.held?.includes(id) === true ? null : 'nobody held it back';
  }
  if (!isWhole(events, commit.runId)) return 'its run did not read the whole list';
  if (processedBy(earlier, commit.runId).has(id)) return 'its run listed it';
  const counts = committedPages(events, commit.runId);
  const claimed = counts.findLast(({ count }) => count !== null)?.count ?? null;
  const rows = run?.rowsRead ?? 0;
  const records = new Set(counts.flatMap((page) => page.rows ?? []).map((row) => row.id)).size;
  if (claimed !== null && claimed !== rows && claimed !== records)
    return `the supplier announced ${claimed}, not ${rows} rows or ${records} records`;
  const probes = earlier.filter(isDetail).filter((one) => one.session === commit.session);
  const isAskedFor = probes.some((one) => one.id === id && one.failure === 'not_found');
  const before = earlier.filter((one) => !isCommit(one) || one.runId !== commit.runId);
  if (isAskedFor && !isInError(before, id)) return null;
  if (hasMoved(counts)) return 'its list moved while it was read, and nothing says that it is gone';
  const scans = earlier
    .filter(isApplied)
    .filter((one) => one.kind === 'finish' && one.summary?.scope === 'full')
    .map(({ runId }) => runId)
    .filter((runId) => isWhole(events, runId));
  const wasMissing = scans.some((runId) => !processedBy(earlier, runId).has(id));
  return wasMissing ? null : 'one scan missed it, and nothing else says that it is gone';
}
