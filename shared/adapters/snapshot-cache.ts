import type { CatalogRef } from '../core/control.ts';
import type { Snapshot, StoredRecord } from '../core/resource.ts';

/** Versions of each catalogue kept in memory: the newest, and the one it is taking over from. */
const KEPT_VERSIONS = 2;

/** Reads each version of a catalogue once, also when asked for many times at once. */
export function createSnapshotCache(
  load: (ref: CatalogRef) => Promise<readonly StoredRecord[]>,
): (ref: CatalogRef, version: number) => Promise<Snapshot> {
  const catalogs = new Map<string, Map<number, Promise<Snapshot>>>();
  return (ref, version) => {
    const name = `${ref.source}#${ref.resource}`;
    const versions = catalogs.get(name) ?? new Map<number, Promise<Snapshot>>();
    catalogs.set(name, versions);
    const known = versions.get(version);
    if (known !== undefined) return known;
    const loading = load(ref).then((records) => ({ version, records }));
    versions.set(version, loading);
    forgetOldest(versions);
    loading.catch(() => versions.delete(version));
    return loading;
  };
}

function forgetOldest(versions: Map<number, unknown>): void {
  const surplus = [...versions.keys()].toSorted((a, b) => b - a).slice(KEPT_VERSIONS);
  for (const version of surplus) versions.delete(version);
}
