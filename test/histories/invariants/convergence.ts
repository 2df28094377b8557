import { bodyOf, RESOURCE_NAMES } from '../model.ts';
import { eventsOf, isCommit, leasesOf, type Invariant } from './replay.ts';

/** 10. Once faults stop, two runs converge with zero drift, and one more writes nothing. */
export const convergesWithoutDrift: Invariant = (history) =>
  RESOURCE_NAMES.flatMap((name) => {
    const events = eventsOf(history, name);
    const last = events.findLast((event) => event.kind === 'read');
    const stored = (last?.kind === 'read' ? last.records : []).map(
      ({ id, json }) => `${id} ${json}`,
    );
    const wanted = history.upstream[name].map((row) => `${row.id} ${bodyOf(row)}`);
    const lost = wanted.filter((row) => !stored.includes(row));
    const phantom = stored.filter((row) => !wanted.includes(row));
    const lease = leasesOf(events).at(-1);
    const writes = (lease?.events ?? []).filter(isCommit).flatMap((commit) => commit.writes);
    const isSettled =
      lease !== undefined && history.events.indexOf(lease.acquire) >= history.calmFrom;
    return [
      lost.map((row) => `${name}: ${row} is not stored in the end`),
      phantom.map((row) => `${name}: ${row} is stored, and upstream does not list it`),
      writes.map(({ kind }) => `${name}: the last run still wrote a ${kind}`),
      isSettled ? [] : [`${name}: no run started after the faults had stopped`],
    ].flat();
  });
