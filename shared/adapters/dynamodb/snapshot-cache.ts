import type { CatalogRef } from '../../core/control.ts';
import type { Published } from '../../core/published.ts';
import type { Snapshot } from '../../core/resource.ts';

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
    catalogs.set(name, worthKeeping([used, ...others]));
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

/** The newest, and the one used last beside it, which a walk may still be on: no cursor, however old or
 *  made up, drives out what everybody reads. */
function worthKeeping(all: readonly Kept[]): readonly Kept[] {
  const newest = all.reduce((most, kept) => (isLater(kept, most) ? kept : most));
  const other = all.find((kept) => kept !== newest);
  return other === undefined ? all : all.filter((kept) => kept === newest || kept === other);
}

const isLater = (one: Kept, other: Kept): boolean =>
  one.base === other.base ? one.version > other.version : one.base > other.base;

const isSame = (kept: Kept, { base, pages, version }: Published): boolean =>
  kept.base === base && kept.pages === pages && kept.version === version;

function loaded(ref: CatalogRef, published: Published, all: readonly Kept[], load: Load): Kept {
  const { base, pages, version } = published;
  const earlier = all.find(
    (kept) => kept.base === base && kept.pages === pages && kept.version < version,
  );
  const start = earlier?.snapshot.catch(() => null) ?? Promise.resolve(null);
  return { base, pages, version, snapshot: start.then((known) => load(ref, published, known)) };
}
