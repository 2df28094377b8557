import { digest } from '../shared/adapters/digest.ts';
import type { ActiveControl } from '../shared/core/control.ts';
import type { dryRun, DryRunPorts, DryRunResult } from '../shared/core/dry-run.ts';
import type { CatalogReader, CatalogStore, Clock, Log } from '../shared/core/ports.ts';
import type { Resource } from '../shared/core/resource.ts';
import { runSync, type SyncResult } from '../shared/core/run-sync.ts';
import type { SyncRequest, SyncSettings } from '../shared/core/sync-request.ts';
import { SOURCE } from '../shared/deployment.ts';
import { localHost } from './run-host.ts';
import type { LocalSupplier } from './supplier.ts';

/** What a sync in this program needs of the outside. */
export interface LocalSyncParts {
  readonly store: CatalogStore;
  readonly reader: CatalogReader;
  readonly supplier: LocalSupplier;
  readonly clock: Clock;
  readonly log: Log;
}

/** The ports of one run; `sharedBy` runs use the supplier at once. */
export function localPorts(
  resource: Resource,
  { store, reader, supplier, clock, log }: LocalSyncParts,
  sharedBy: number,
): DryRunPorts {
  const ref = { source: SOURCE, resource: resource.name };
  return {
    ref,
    resource,
    store,
    reader,
    clock,
    log,
    digest,
    source: supplier.source({ clock, log }, sharedBy),
  };
}

export function localSettings(resource: Resource, supplier: LocalSupplier): SyncSettings {
  const intervalMs = supplier.intervals.get(resource.name) ?? resource.intervalMs;
  return { intervalMs, configuration: supplier.configuration };
}

/** Syncs these resources side by side in this program; what stops one never stops the other. */
export async function syncHere(
  resources: readonly Resource[],
  request: SyncRequest,
  parts: LocalSyncParts,
  observe: (resource: Resource) => (control: ActiveControl) => void,
  run: typeof runSync | typeof dryRun = runSync,
): Promise<ReadonlyMap<string, SyncResult | DryRunResult>> {
  const runs = resources.map(async (resource): Promise<[string, SyncResult | DryRunResult]> => {
    const ports = localPorts(resource, parts, resources.length);
    const settings = localSettings(resource, parts.supplier);
    return [resource.name, await run(request, ports, localHost(observe(resource)), settings)];
  });
  await Promise.allSettled(runs);
  return new Map(await Promise.all(runs));
}
