import * as z from 'zod';
import type { CatalogRef, ControlRecord, Ledger, ManifestEntry } from '../../core/control.ts';
import type { RecordId } from '../../core/record-id.ts';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Row, StoreContext } from './context.ts';
import { callStore } from './errors.ts';
import { manifestBaseKey, manifestPrefix, partitionOf, recentKey, seenPrefix } from './keys.ts';
import { deleteKeys, KEY_ATTRIBUTES, queryRows, replacedRows, strongRead } from './rows.ts';
import { decodeIds } from './id-codec.ts';
import { packManifest, unpackBasePart, unpackHashes } from './manifest-codec.ts';
import { jsonText, storedRecent } from '../stored-json.ts';

const bytes = z.instanceof(Uint8Array);
const baseRow = z.object({ ids: bytes, hashes: bytes, missing: bytes, parts: z.number() });
const deltaRow = z.object({ ids: bytes, hashes: bytes, removed: bytes, run_id: z.string() });
const seenRow = z.object({ ids: bytes });
const rejectRow = z.object({ sk: z.string() });
const recentRow = z.object({ records: jsonText(storedRecent) });

/** See `CatalogStore.ledger`. */
export async function readLedger(
  context: StoreContext,
  ref: CatalogRef,
  { manifestVersion, run }: ControlRecord,
): Promise<Ledger> {
  const resumed = run !== null && run.chunks > 0 ? run.runId : null;
  const [manifestRows, seenRows, rejectRows, recent] = await Promise.all([
    queryRows(context, partitionOf('manifest', ref), {
      startsWith: manifestPrefix(manifestVersion),
    }),
    resumed === null
      ? []
      : queryRows(context, partitionOf('seen', ref), { startsWith: seenPrefix(resumed) }),
    queryRows(context, partitionOf('rejects', ref), { attributes: ['sk'] }),
    strongRead(context, recentKey(ref)),
  ]);
  const { manifest, upserted, overBase } = manifestOf(manifestRows, resumed);
  return {
    manifest,
    seen: new Set([...upserted, ...seenRows.flatMap((row) => decodeIds(seenRow.parse(row).ids))]),
    rejects: new Set(rejectRows.map((row) => rejectRow.parse(row).sk)),
    recent: recent === undefined ? [] : recentRow.parse(recent).records,
    overBase,
  };
}

const isBase = (row: Row): boolean => 'missing' in row;

/** The base with its changes applied in order, and what the run `resumed` upserted so far. */
function manifestOf(rows: readonly Row[], resumed: string | null) {
  const manifest = new Map<RecordId, ManifestEntry>();
  const upserted: RecordId[] = [];
  let overBase = 0;
  const base = rows.filter(isBase).map((row) => baseRow.parse(row));
  const parts = base[0]?.parts ?? 0;
  if (base.length < parts) throw new Error(`a manifest has ${base.length} of its ${parts} parts`);
  // A base written twice may have left parts of its longer first writing.
  for (const part of base.slice(0, parts)) {
    for (const [id, entry] of unpackBasePart(part)) manifest.set(id, entry);
  }
  const deltas = rows.filter((row) => !isBase(row)).map((row) => deltaRow.parse(row));
  for (const delta of deltas) {
    const changed = unpackHashes(delta);
    const removed = decodeIds(delta.removed);
    for (const [id, hash] of changed) manifest.set(id, { hash, missing: false });
    for (const id of removed) manifest.delete(id);
    overBase += changed.length + removed.length;
    if (delta.run_id === resumed) upserted.push(...decodeIds(delta.ids));
  }
  return { manifest, upserted, overBase };
}

/** See `CatalogStore.writeManifest`. */
export async function writeManifestBase(
  { client, tableName }: StoreContext,
  ref: CatalogRef,
  version: number,
  manifest: ReadonlyMap<RecordId, ManifestEntry>,
): Promise<void> {
  const parts = packManifest(manifest);
  for (const [position, part] of parts.entries()) {
    const Item = { ...manifestBaseKey(ref, version, position), ...part, parts: parts.length };
    await callStore(() => client.send(new PutCommand({ TableName: tableName, Item })));
  }
}

/** Deletes what the manifests before `version` have left. @throws StoreUnavailableError with rows left. */
export async function deleteManifests(
  context: StoreContext,
  ref: CatalogRef,
  version: number,
): Promise<void> {
  const versioned = { partition: partitionOf('manifest', ref), prefix: manifestPrefix };
  await deleteKeys(context, await replacedRows(context, versioned, version, KEY_ATTRIBUTES));
}
