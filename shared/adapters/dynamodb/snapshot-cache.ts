import type { CatalogRef } from '../../core/control.ts';
import type { Published } from '../../core/published.ts';
import type { Snapshot } from '../../core/resource.ts';

/** Versions of each catalogue kept in memory: the newest, and one that a walk may still be on. */
const KEPT_VERSIONS = 2;

type Load = (ref: CatalogRef, published: Published, known: Snapshot | null) => Promise<Snapshot>;

interface Kept extends Pick<Published, 'base' | 'pages' | 'version'> {
  readonly snapshot: Promise<Snapshot>;
}

/** Reads each published version once, also when asked for many times at once, and gives the loader
 *  what is known of an earlier one over the same base. */
export function createSnapshotCache(
  load: Load,
): (ref: CatalogRef, published: Published) => Promise<Snapshot> {
  const catalogs = new Map<string, readonly Kept[]>();
  return (ref, published) => {
    const name = `${ref.source}#${ref.resource}`;
    const all = catalogs.get(name) ?? [];
    const known = all.find((kept) => isSame(kept, published));
    const used = known ?? loaded(ref, published, all, load);
    // The last used comes first.
    const others = all.filter((kept) => kept !== used);
    catalogs.set(name, [used, ...others].slice(0, KEPT_VERSIONS));
    if (known === undefined) {
      used.snapshot.catch(() => {
        catalogs.set(
          name,
          (catalogs.get(name) ?? []).filter((kept) => kept !== used),
        );
      });
    }
    return used.snapshot;
  };
}

const isSame = (kept: Kept, { base, pages, version }: Published): boolean =>
  kept.base === base && kept.pages === pages && kept.version === version;

function loaded(ref: CatalogRef, published: Published, all: readonly Kept[], load: Load): Kept {
  const { base, pages, version } = published;
  const earlier = all.find((kept) => kept.base === base && kept.version < version);
  const start = earlier?.snapshot.catch(() => null) ?? Promise.resolve(null);
  return { base, pages, version, snapshot: start.then((known) => load(ref, published, known)) };
}
