import { bodyOf, versionOf } from '../model.ts';
import { isApplied, isCommit, isPage, onEach, type Invariant } from './replay.ts';
import { emptyModel, fetchedBefore, follow } from './stored-model.ts';

/** 1. Accepted writes of a resource carry non-decreasing fences. */
export const fencesNeverFall: Invariant = onEach((events) => {
  let newest = 0;
  return events.flatMap((event) => {
    if (event.kind === 'acquire' && event.ok) {
      const { fence } = event.after[event.resource];
      const faults = fence > newest ? [] : [`lease ${fence} was taken after ${newest}`];
      newest = Math.max(newest, fence);
      return faults;
    }
    if (!isApplied(event) || event.fence === newest) return [];
    return [`a write of lease ${event.fence} was accepted under ${newest}`];
  });
});

/** 2. What is stored, and what readers see, equals one valid version that upstream answered. */
export const recordsAreVersions: Invariant = onEach((events) => {
  const stored = new Set<string>();
  return events.flatMap((event) => {
    if (event.kind === 'read') {
      const foreign = event.records.filter(({ id, json }) => !stored.has(`${id} ${json}`));
      return foreign.map(({ id, json }) => `a reader saw ${json} as ${id}, which nobody stored`);
    }
    if (!isCommit(event)) return [];
    return event.writes.flatMap((write) => {
      if (write.kind !== 'upsert') return [];
      stored.add(`${write.id} ${write.json}`);
      const version = fetchedBefore(events, event, write.id);
      const isIt = version !== null && write.json === bodyOf({ id: write.id, version });
      return isIt ? [] : [`${write.json} was stored as ${write.id}; fetched was ${version}`];
    });
  });
});

/** 3. What a commit covers is stored, live, in the version that it fetched or a newer one. */
export const nothingIsStale: Invariant = onEach((events) => {
  const model = emptyModel();
  return events.filter(isCommit).flatMap((commit) => {
    const faults: string[] = [];
    const rejected = new Set(
      commit.writes.flatMap((one) => (one.kind === 'reject' ? one.key : [])),
    );
    for (const write of commit.writes) {
      if (write.kind !== 'upsert') continue;
      const before = model.newest.get(write.id) ?? 0;
      const now = versionOf(write.id, write.json) ?? 0;
      if (now < before) faults.push(`${write.id} fell from version ${before} to ${now}`);
    }
    follow(model, commit);
    for (const id of commit.seen.filter((one) => !rejected.has(one))) {
      const fetched = fetchedBefore(events, commit, id);
      const live = model.live.get(id);
      const stored = live === undefined ? null : versionOf(id, live);
      if (stored === null || fetched === null || stored < fetched)
        faults.push(`${id} passed as unchanged: stored ${stored}, fetched ${fetched}`);
    }
    return faults;
  });
});

/** 4. A record in error keeps its last good body byte for byte. */
export const errorsKeepTheLastGood: Invariant = onEach((events) => {
  const model = emptyModel();
  const inErrorOfRun = new Map<string, Set<string>>();
  return events.flatMap((event) => {
    if (event.kind === 'read') {
      const kept = [...model.live].filter(
        ([id, json]) => !event.records.some((one) => one.id === id && one.json === json),
      );
      return kept.map(([id]) => `readers do not see the last good version of ${id}`);
    }
    if (!isCommit(event)) return [];
    const inError = inErrorOfRun.get(event.runId) ?? new Set<string>();
    inErrorOfRun.set(event.runId, inError);
    for (const write of event.writes) if (write.kind === 'reject') inError.add(write.key);
    follow(model, event);
    return event.writes.flatMap((write) =>
      (write.kind === 'upsert' || write.kind === 'tombstone') && inError.has(write.id)
        ? [`${write.id} is in error and was changed by ${write.kind}`]
        : [],
    );
  });
});

/** 5, first half. Whatever lives was listed to the session that stored it. */
export const livesWereListed: Invariant = onEach((events) =>
  events.filter(isCommit).flatMap((commit) => {
    const before = events.slice(0, events.indexOf(commit));
    const pages = before.filter(isPage).filter(({ session }) => session === commit.session);
    const listed = new Set(pages.flatMap(({ rows }) => rows ?? []).map(({ id }) => id));
    return commit.writes.flatMap((write) =>
      write.kind === 'upsert' && !listed.has(write.id)
        ? [`${write.id} was stored and never listed to its session`]
        : [],
    );
  }),
);
