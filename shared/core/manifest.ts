import type { ActiveControl } from './control.ts';
import { LIMITS } from './limits.ts';
import type { RunPorts } from './run-ports.ts';

/** What a run's end does to the marks of what is missing; of what it has seen it takes them away. */
export interface Marks {
  /** Whatever it has not seen is marked. */
  readonly areMade: boolean;
  /** What was marked before stays so. */
  readonly areKept: boolean;
}

/** Nothing new counts as missing, and what it has seen no more. */
export const KEPT: Marks = { areMade: false, areKept: true };

/**
 * Writes the manifest whole when much lies beside the base in force, or what is missing changed, and
 * answers its version; it is in force once the run's end names it. A trusted scan says which records are
 * missing; any scan says which are back.
 */
export async function compactManifest(
  control: ActiveControl,
  { areMade, areKept }: Marks,
  { ledger, lease, ref, store }: RunPorts,
): Promise<number> {
  let changed = ledger.overBase > ledger.manifest.size * LIMITS.changedOverBase;
  for (const [id, { hash, missing: wasMissing }] of ledger.manifest) {
    const missing = !ledger.seen.has(id) && (areMade || (wasMissing && areKept));
    if (missing === wasMissing) continue;
    ledger.manifest.set(id, { hash, missing });
    changed = true;
  }
  if (!changed) return control.manifestVersion;
  lease.check();
  await store.writeManifest(ref, control.fence, ledger.manifest);
  return control.fence;
}
