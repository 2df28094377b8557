import type { CatalogRef } from '../../core/control.ts';
import { LeaseLostError } from '../../core/errors.ts';
import type { CatalogReader, CatalogStore, Hold } from '../../core/ports.ts';
import { compareIds, orderedKey, type RecordId } from '../../core/record-id.ts';
import type { StoredRecord } from '../../core/resource.ts';
import {
  applyChunk,
  forgetOldManifests,
  isLeased,
  isUnchanged,
  ledgerOf,
  memoryCatalogs,
  publishedOf,
  replaceControl,
  type MemoryCatalog,
  type MemoryRecord,
} from './catalog.ts';
import { storedBody } from '../stored-json.ts';
import { liveOrNull, storedRecord } from '../stored-record.ts';

/**
 * A store that lives as long as this object, for the sync and for readers; workers share it by being
 * given the same one. It keeps the rules of the DynamoDB store: the same contract tests run on both.
 */
export function createMemoryStore(): CatalogStore & CatalogReader {
  const catalogOf = memoryCatalogs();
  return { ...writerOf(catalogOf), ...readerOf(catalogOf) };
}

type Catalogs = (ref: CatalogRef) => MemoryCatalog;

function writerOf(catalogOf: Catalogs): Omit<CatalogStore, 'control'> {
  return {
    acquire: async (ref, before, after, { nowMs, goneHolder }) => {
      const catalog = catalogOf(ref);
      const { control } = catalog;
      const isGone = goneHolder !== null && control.leaseHolder === goneHolder;
      if (!isUnchanged(control, before) || (isLeased(control, nowMs) && !isGone)) return false;
      replaceControl(catalog, after);
      return true;
    },
    claimTrigger: async (ref, nowMs, untilMs) => {
      const catalog = catalogOf(ref);
      const { control } = catalog;
      if (control.triggerClaimedUntilMs > nowMs || isLeased(control, nowMs)) return false;
      catalog.control = { ...control, triggerClaimedUntilMs: untilMs };
      return true;
    },
    shortenClaim: async (ref, untilMs, soonerMs) => {
      const catalog = catalogOf(ref);
      const { control } = catalog;
      if (control.triggerClaimedUntilMs !== untilMs) return;
      catalog.control = { ...control, triggerClaimedUntilMs: soonerMs };
    },
    hasRun: async (ref, runId) => catalogOf(ref).runs.has(runId),
    ledger: async (ref, control) => ledgerOf(catalogOf(ref), control),
    bodies: async (ref, ids) => {
      const { records } = catalogOf(ref);
      const known = ids.flatMap((id) => {
        const json = records.get(id)?.json;
        return json === undefined ? [] : [[id, storedBody(json)] as const];
      });
      return new Map(known);
    },
    commit: async (...change) => commit(catalogOf, ...change),
    writeManifest: async (ref, version, manifest) => {
      catalogOf(ref).bases.set(version, new Map(manifest));
    },
    async *liveRecords(ref) {
      yield liveRecords(ref, catalogOf(ref));
    },
    writePage: async (ref, base, position, rows) => {
      const { pages } = catalogOf(ref);
      pages.set(base, (pages.get(base) ?? []).toSpliced(position, 1, rows));
    },
    finish: async (...ending) => finish(catalogOf, ...ending),
    heldIds: async (ref, runId) => catalogOf(ref).held.get(runId) ?? null,
    discardHeld: async (ref, runId, after, nowMs, summary) => {
      const catalog = catalogOf(ref);
      const { control } = catalog;
      const isStillHeld = control.held?.runId === runId;
      const seen = { ...after, held: control.held };
      if (!isStillHeld || !isUnchanged(control, seen) || isLeased(control, nowMs)) return false;
      replaceControl(catalog, after);
      catalog.held.delete(runId);
      if (summary !== undefined) catalog.runs.set(summary.runId, summary);
      return true;
    },
  };
}

function commit(
  catalogOf: Catalogs,
  ...[ref, hold, after, chunk]: Parameters<CatalogStore['commit']>
): void {
  const catalog = catalogOf(ref);
  const stored = requireHold(catalog, hold);
  if (after.run === null) throw new TypeError('a commit needs a run');
  if (chunk.writes.length > 90) throw new RangeError(`a chunk of ${chunk.writes.length} writes`);
  // The same chunk again, as after a lost reply: it is there already.
  if (JSON.stringify(stored.run) === JSON.stringify(after.run)) return;
  if (stored.run?.chunks !== after.run.chunks - 1) throw new LeaseLostError('not the next chunk');
  replaceControl(catalog, after);
  applyChunk(catalog, hold, chunk);
}

function finish(
  catalogOf: Catalogs,
  ...[ref, hold, after, { summary, held }]: Parameters<CatalogStore['finish']>
): void {
  const catalog = catalogOf(ref);
  const { fence, leaseHolder } = catalog.control;
  // The same finish again, as after a lost reply: only this holder writes under its fence.
  if (fence === hold.fence && leaseHolder === null) return;
  requireHold(catalog, hold);
  replaceControl(catalog, after);
  forgetOldManifests(catalog);
  if (summary !== null) catalog.runs.set(summary.runId, summary);
  if (held === null) return;
  if (after.held === null) throw new TypeError('held ids need a held run in the control record');
  catalog.held.set(after.held.runId, [...held]);
}

function requireHold({ control }: MemoryCatalog, { fence, runId }: Hold) {
  if (control.fence === fence && control.run?.runId === runId) return control;
  throw new LeaseLostError('a newer holder has the lease');
}

function readerOf(catalogOf: Catalogs): CatalogReader {
  const lookUp: CatalogReader['lookUp'] = async (ref, id) => {
    const record = catalogOf(ref).records.get(id);
    if (record === undefined) return null;
    return record.removedAt === null ? recordOf(ref, id, record) : 'removed';
  };
  return {
    control: async (ref) => catalogOf(ref).control,
    snapshot: async (ref, { published }) => publishedOf(catalogOf(ref), ref, published),
    record: async (ref, id) => liveOrNull(await lookUp(ref, id)),
    lookUp,
    runs: async (ref, limit) => {
      const newestFirst = [...catalogOf(ref).runs.values()].toSorted((a, b) =>
        a.runId < b.runId ? 1 : -1,
      );
      return newestFirst.slice(0, limit);
    },
    rejects: async (ref, limit) =>
      [...catalogOf(ref).rejects.values()]
        .toSorted((a, b) => (a.key < b.key ? -1 : 1))
        .slice(0, limit),
    recent: async (ref) => catalogOf(ref).recent,
    heldSample: async (ref, runId, limit) => (catalogOf(ref).held.get(runId) ?? []).slice(0, limit),
  };
}

function liveRecords(ref: CatalogRef, { records }: MemoryCatalog): StoredRecord[] {
  return [...records]
    .filter(([, { removedAt }]) => removedAt === null)
    .toSorted(([a], [b]) => compareIds(b, a))
    .map(([id, record]) => recordOf(ref, id, record));
}

const recordOf = (ref: CatalogRef, id: RecordId, { json, syncedAt }: MemoryRecord): StoredRecord =>
  storedRecord(ref, { sk: orderedKey(id), body: json, synced_at: syncedAt });
