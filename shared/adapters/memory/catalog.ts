import {
  NEW_CONTROL,
  type CatalogRef,
  type ControlRecord,
  type Ledger,
  type ManifestEntry,
  type RecentRecord,
  type RunSummary,
} from '../../core/control.ts';
import type { CatalogWrite, Chunk, Hold, Reject } from '../../core/ports.ts';
import { VersionGoneError } from '../../core/errors.ts';
import type { Published, PublishedRow } from '../../core/published.ts';
import type { RecordId } from '../../core/record-id.ts';
import type { ListedRecord, Snapshot } from '../../core/resource.ts';
import { overlaid } from '../published-merge.ts';

/** A record as the memory store keeps it. */
export interface MemoryRecord {
  readonly json: string;
  readonly syncedAt: string;
  readonly createdAt: string;
  /** Null while it is live. */
  readonly removedAt: string | null;
}

/** What one chunk did: to the manifest of its version, and to what its run has seen. */
interface MemoryDelta {
  readonly manifestVersion: number;
  readonly runId: string;
  readonly writes: readonly CatalogWrite[];
  readonly seen: readonly RecordId[];
}

/** What one chunk changed over a published base. */
export interface MemoryChange {
  readonly version: number;
  readonly rows: readonly PublishedRow[];
  readonly removed: readonly RecordId[];
}

/** All that is stored of one catalogue. */
export interface MemoryCatalog {
  control: ControlRecord;
  recent: readonly RecentRecord[];
  readonly records: Map<RecordId, MemoryRecord>;
  readonly bases: Map<number, ReadonlyMap<RecordId, ManifestEntry>>;
  deltas: MemoryDelta[];
  readonly rejects: Map<string, Reject>;
  readonly runs: Map<string, RunSummary>;
  readonly held: Map<string, readonly RecordId[]>;
  /** Pages of each published base, and the changes over it. */
  readonly pages: Map<number, (readonly PublishedRow[])[]>;
  readonly changes: Map<number, MemoryChange[]>;
}

/** Finds a catalogue by its reference, an empty one the first time. */
export function memoryCatalogs(): (ref: CatalogRef) => MemoryCatalog {
  const catalogs = new Map<string, MemoryCatalog>();
  return ({ source, resource }) => {
    const name = `${source}#${resource}`;
    const catalog = catalogs.get(name) ?? emptyCatalog();
    catalogs.set(name, catalog);
    return catalog;
  };
}

const emptyCatalog = (): MemoryCatalog => ({
  control: NEW_CONTROL,
  recent: [],
  records: new Map(),
  bases: new Map(),
  deltas: [],
  rejects: new Map(),
  runs: new Map(),
  held: new Map(),
  pages: new Map(),
  changes: new Map(),
});

export const isLeased = ({ leaseHolder, leaseExpiresAtMs }: ControlRecord, nowMs: number) =>
  leaseHolder !== null && leaseExpiresAtMs > nowMs;

/** Nobody wrote the control record since it was read as `seen`. The fence alone does not tell: a late
 *  holder may still write under it, and held deletions are discarded without a new one. */
export function isUnchanged(stored: ControlRecord, seen: ControlRecord): boolean {
  return (
    stored.fence === seen.fence &&
    stored.leaseHolder === seen.leaseHolder &&
    stored.leaseExpiresAtMs === seen.leaseExpiresAtMs &&
    stored.held?.runId === seen.held?.runId &&
    stored.run?.chunks === seen.run?.chunks
  );
}

/** A holder writes all of the control record but the trigger's claim, which belongs to readers. */
export function replaceControl(catalog: MemoryCatalog, after: ControlRecord): void {
  const { triggerClaimedUntilMs } = catalog.control;
  catalog.control = { ...after, triggerClaimedUntilMs };
}

export function applyChunk(catalog: MemoryCatalog, { runId }: Hold, chunk: Chunk): void {
  const { manifestVersion } = catalog.control;
  for (const write of chunk.writes) applyWrite(catalog, write, chunk.storedAt);
  const delta = { manifestVersion, runId, writes: chunk.writes, seen: chunk.seen };
  catalog.deltas.push(delta);
  publishChange(catalog, chunk);
  if (chunk.recent !== null) catalog.recent = chunk.recent;
}

/** The control record is the one after the chunk already. */
function publishChange({ control, changes }: MemoryCatalog, { writes, storedAt }: Chunk): void {
  const { published, version } = control;
  const rows = writes.flatMap((write) =>
    write.kind === 'upsert' ? [{ id: write.id, syncedAt: storedAt, ...write.listed }] : [],
  );
  const removed = writes.flatMap((write) => (write.kind === 'tombstone' ? [write.id] : []));
  const all = changes.get(published.base) ?? [];
  changes.set(published.base, [...all, { version, rows, removed }]);
}

/** See `CatalogReader.snapshot`. */
export function publishedOf(
  { pages, changes }: MemoryCatalog,
  { source }: CatalogRef,
  { base, pages: count, version }: Published,
): Snapshot {
  const ofBase = pages.get(base) ?? [];
  const inForce = (changes.get(base) ?? []).filter((change) => change.version <= version);
  const isGone = version > 0 && ofBase.length + inForce.length === 0;
  if (isGone || ofBase.length < count)
    throw new VersionGoneError('a published version is no longer kept');
  const inSource = (row: PublishedRow): ListedRecord => ({ source, ...row });
  const overlay = inForce.map(({ rows, removed }) => ({ rows: rows.map(inSource), removed }));
  return { version, records: overlaid(ofBase.slice(0, count).flat().map(inSource), overlay) };
}

function applyWrite({ records, rejects }: MemoryCatalog, write: CatalogWrite, storedAt: string) {
  switch (write.kind) {
    case 'upsert': {
      const createdAt = records.get(write.id)?.createdAt ?? storedAt;
      records.set(write.id, { json: write.json, syncedAt: storedAt, createdAt, removedAt: null });
      break;
    }
    case 'tombstone': {
      const record = records.get(write.id);
      if (record !== undefined) records.set(write.id, { ...record, removedAt: storedAt });
      break;
    }
    case 'reject': {
      const { key, reason, payload } = write;
      const known = rejects.get(key);
      const firstSeenAt = known?.firstSeenAt ?? storedAt;
      const attempts = (known?.attempts ?? 0) + 1;
      rejects.set(key, { key, reason, payload, firstSeenAt, lastSeenAt: storedAt, attempts });
      break;
    }
    case 'clear_reject':
      rejects.delete(write.key);
  }
}

/** Keeps the manifest in force and what was committed since. */
export function forgetOldManifests(catalog: MemoryCatalog): void {
  const { manifestVersion } = catalog.control;
  catalog.deltas = catalog.deltas.filter((delta) => delta.manifestVersion >= manifestVersion);
  for (const version of catalog.bases.keys()) {
    if (version < manifestVersion) catalog.bases.delete(version);
  }
}

/** See `CatalogStore.ledger`. */
export function ledgerOf(catalog: MemoryCatalog, { manifestVersion, run }: ControlRecord): Ledger {
  const manifest = new Map(catalog.bases.get(manifestVersion));
  const inForce = catalog.deltas.filter((delta) => delta.manifestVersion === manifestVersion);
  const changes = inForce.flatMap(({ writes }) => writes);
  for (const write of changes) {
    if (write.kind === 'upsert') manifest.set(write.id, { hash: write.hash, missing: false });
    if (write.kind === 'tombstone') manifest.delete(write.id);
  }
  const ofRun = inForce.filter(({ runId }) => runId === run?.runId);
  return {
    manifest,
    seen: new Set(ofRun.flatMap(({ writes, seen }) => upsertedIn(writes).concat(seen))),
    rejects: new Set(catalog.rejects.keys()),
    recent: catalog.recent,
    overBase: changes.filter(({ kind }) => kind === 'upsert' || kind === 'tombstone').length,
  };
}

const upsertedIn = (writes: readonly CatalogWrite[]): RecordId[] =>
  writes.flatMap((write) => (write.kind === 'upsert' ? [write.id] : []));
