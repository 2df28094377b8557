import type { Commit, HistoryEvent } from '../history.ts';
import { versionOf } from '../model.ts';

/** What is stored, followed write by write: id → the version that is live, and its bytes. */
export interface StoredModel {
  readonly live: Map<string, string>;
  readonly newest: Map<string, number>;
}

export const emptyModel = (): StoredModel => ({ live: new Map(), newest: new Map() });

export function follow({ live, newest }: StoredModel, { writes }: Commit): void {
  for (const write of writes) {
    if (write.kind === 'tombstone') live.delete(write.id);
    if (write.kind !== 'upsert') continue;
    live.set(write.id, write.json);
    newest.set(write.id, versionOf(write.id, write.json) ?? 0);
  }
}

/** The version of a record that a session was last answered before an event; null when none. */
export function fetchedBefore(
  events: readonly HistoryEvent[],
  commit: Commit,
  id: string,
): number | null {
  const earlier = events.slice(0, events.indexOf(commit)).toReversed();
  for (const event of earlier) {
    if (event.session !== commit.session) continue;
    if (event.kind === 'detail' && event.id === id && event.version !== null) return event.version;
    if (event.kind !== 'page' || event.resource !== 'labels') continue;
    // The first one on a page wins, and pages read ahead do not count before they are processed.
    const row = firstListed(events, commit, id);
    return row;
  }
  return null;
}

function firstListed(events: readonly HistoryEvent[], commit: Commit, id: string): number | null {
  for (const event of events.slice(0, events.indexOf(commit))) {
    if (event.session !== commit.session || event.kind !== 'page') continue;
    const row = event.rows?.find((one) => one.id === id);
    if (row !== undefined) return row.version;
  }
  return null;
}
