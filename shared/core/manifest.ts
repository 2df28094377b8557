import type { ActiveControl } from './control.ts';
import { LIMITS } from './limits.ts';
import type { RunPorts } from './run-ports.ts';

/**
 * Writes the manifest whole when much lies beside the base in force, or what is missing changed, and
 * answers its version; it is in force once the run's end names it. A trusted scan says which records are missing; any scan says
 * which are back.
 */
export async function compactManifest(
  control: ActiveControl,
  isTrusted: boolean,
  { ledger, lease, ref, store }: RunPorts,
): Promise<number> {
  let changed = ledger.overBase > ledger.manifest.size * LIMITS.changedOverBase;
  for (const [id, { hash, missing: wasMissing }] of ledger.manifest) {
    const missing = !ledger.seen.has(id) && (isTrusted || wasMissing);
    if (missing === wasMissing) continue;
    ledger.manifest.set(id, { hash, missing });
    changed = true;
  }
  if (!changed) return control.manifestVersion;
  lease.check();
  await store.writeManifest(ref, control.fence, ledger.manifest);
  return control.fence;
}
