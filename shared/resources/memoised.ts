import type { Snapshot } from '../core/resource.ts';

/** Computes an index once for each snapshot, and forgets it with the snapshot. */
export function memoised<T extends object>(
  compute: (snapshot: Snapshot) => T,
): (snapshot: Snapshot) => T {
  const known = new WeakMap<Snapshot, T>();
  return (snapshot) => {
    const cached = known.get(snapshot);
    if (cached !== undefined) return cached;
    const computed = compute(snapshot);
    known.set(snapshot, computed);
    return computed;
  };
}
