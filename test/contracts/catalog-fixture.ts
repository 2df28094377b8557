import { NEW_CONTROL, NO_STATS } from '../../shared/core/control.ts';
import type { CatalogRef, ControlRecord, RunState, RunSummary } from '../../shared/core/control.ts';
import type { CatalogReader, CatalogStore, CatalogWrite, Chunk } from '../../shared/core/ports.ts';
import type { RecordId } from '../../shared/core/record-id.ts';

/** A store under test and a reader of the same rows. */
export interface StoreUnderTest {
  readonly store: CatalogStore;
  readonly reader: CatalogReader;
}

/** Opens a store; all of one suite share its rows, so each test takes a catalogue of its own. */
export type OpenStore = () => StoreUnderTest;

export const NOW_MS = Date.UTC(2026, 10, 22, 10);
export const LEASE_MS = 90_000;
export const STORED_AT = '2026-11-22T10:00:00.000Z';
export const LATER_AT = '2026-11-22T12:00:00.000Z';

let catalogsMade = 0;
/** A catalogue that no other test uses. */
export const newCatalog = (): CatalogRef => ({
  source: `source${(catalogsMade += 1)}`,
  resource: 'products',
});

export const runOf = (runId: string, change: Partial<RunState> = {}): RunState => ({
  runId,
  trigger: 'schedule',
  scope: 'full',
  startedAtMs: NOW_MS,
  phase: 'listing',
  cursor: null,
  chunks: 0,
  pagesRead: 0,
  pagesFailed: 0,
  doneBefore: 0,
  rowsRead: 0,
  expected: 1200,
  stats: NO_STATS,
  configuration: 'configuration-1',
  checkpointAtMs: NOW_MS,
  note: null,
  ...change,
});

export const leased = (
  before: ControlRecord,
  run: RunState,
  change: Partial<ControlRecord> = {},
): ControlRecord => ({
  ...before,
  fence: before.fence + 1,
  leaseHolder: `holder-of-${run.runId}-${before.fence + 1}`,
  leaseExpiresAtMs: NOW_MS + LEASE_MS,
  lastAttemptAtMs: NOW_MS,
  run,
  ...change,
});

export const holdOf = ({ fence, run }: ControlRecord) => ({ fence, runId: run?.runId ?? '' });

/** The control record after one more chunk. */
export const advanced = (
  control: ControlRecord,
  change: Partial<ControlRecord> = {},
): ControlRecord => {
  const run = control.run ?? runOf('none');
  const cursor = `page-${run.chunks + 2}`;
  const version = control.version + 1;
  const published = { ...control.published, version };
  return {
    ...control,
    run: { ...run, chunks: run.chunks + 1, cursor },
    version,
    published,
    ...change,
  };
};

/** The control record after its run ended well. */
export const ended = (
  control: ControlRecord,
  change: Partial<ControlRecord> = {},
): ControlRecord => ({
  ...control,
  leaseHolder: null,
  leaseExpiresAtMs: 0,
  run: null,
  lastSuccessAtMs: NOW_MS,
  ...change,
});

export const chunkOf = (writes: readonly CatalogWrite[], change: Partial<Chunk> = {}): Chunk => ({
  writes,
  seen: [],
  recent: null,
  storedAt: STORED_AT,
  ...change,
});

/** 16 characters of base64url that tell `text` apart from other short texts. */
export const hashOf = (text: string): string =>
  Buffer.from(text.padStart(12, '.').slice(-12)).toString('base64url');

export const upsert = (
  id: RecordId,
  title = `title of ${id}`,
  { isNew = false } = {},
): CatalogWrite => ({
  kind: 'upsert',
  id,
  isNew,
  json: JSON.stringify({ title }),
  hash: hashOf(title),
  listed: { body: { title }, fixed: null, search: id },
});

export const tombstone = (id: RecordId): CatalogWrite => ({ kind: 'tombstone', id });

export const summaryOf = (runId: string): RunSummary => ({
  runId,
  trigger: 'schedule',
  scope: 'full',
  outcome: 'completed',
  startedAtMs: NOW_MS,
  finishedAtMs: NOW_MS + 5_000,
  stats: NO_STATS,
  note: null,
});

export const NO_ENDING = { summary: null, held: null };

/** Takes the lease of a catalogue for a new run; fails when another has it. */
export async function start(
  store: CatalogStore,
  ref: CatalogRef,
  runId: string,
  change: Partial<ControlRecord> = {},
): Promise<ControlRecord> {
  const before = await store.control(ref);
  const after = leased(before, runOf(runId), change);
  const isTaken = await store.acquire(ref, before, after, { nowMs: NOW_MS, goneHolder: null });
  if (!isTaken) throw new Error(`the lease of ${ref.source} is another's`);
  return after;
}

/** Commits one more chunk, returns the control record after it. */
export async function commitNext(
  store: CatalogStore,
  ref: CatalogRef,
  control: ControlRecord,
  chunk: Chunk,
): Promise<ControlRecord> {
  const after = advanced(control);
  await store.commit(ref, holdOf(control), after, chunk);
  return after;
}

export { NEW_CONTROL };
