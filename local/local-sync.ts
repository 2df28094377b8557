import { digest } from '../shared/adapters/digest.ts';
import type { ActiveControl, CatalogRef } from '../shared/core/control.ts';
import type { dryRun, DryRunPorts, DryRunResult } from '../shared/core/dry-run.ts';
import type { CatalogReader, CatalogStore, Clock, Log } from '../shared/core/ports.ts';
import type { Resource } from '../shared/core/resource.ts';
import { runSync, type SyncResult } from '../shared/core/run-sync.ts';
import type { SyncRequest, SyncSettings } from '../shared/core/sync-request.ts';
import { catalogName } from '../shared/core/source-names.ts';
import { localHost } from './run-host.ts';
import type { LocalSupplier, LocalSuppliers } from './supplier.ts';

/** What a sync in this program needs of the outside. */
export interface LocalSyncParts {
  readonly store: CatalogStore;
  readonly reader: CatalogReader;
  readonly suppliers: LocalSuppliers;
  readonly clock: Clock;
  readonly log: Log;
}

/** A resource of a source. */
export interface SourceResource {
  readonly source: string;
  readonly resource: Resource;
}

/** Each resource of each source, one source after the other. */
export const eachOf = (
  sources: readonly string[],
  resources: readonly Resource[],
): readonly SourceResource[] =>
  sources.flatMap((source) => resources.map((resource) => ({ source, resource })));

export const refOf = ({ source, resource }: SourceResource): CatalogRef => ({
  source,
  resource: resource.name,
});

/** The ports of one run; `sharedBy` runs use its supplier at once. */
export function localPorts(
  catalog: SourceResource,
  { store, reader, suppliers, clock, log }: LocalSyncParts,
  sharedBy: number,
): DryRunPorts {
  return {
    ref: refOf(catalog),
    resource: catalog.resource,
    store,
    reader,
    clock,
    log,
    digest,
    source: supplierOf(catalog, suppliers).source({ clock, log }, sharedBy),
  };
}

export function localSettings(catalog: SourceResource, suppliers: LocalSuppliers): SyncSettings {
  const { intervals, configuration } = supplierOf(catalog, suppliers);
  const { name, intervalMs } = catalog.resource;
  return { intervalMs: intervals.get(name) ?? intervalMs, configuration };
}

function supplierOf({ source }: SourceResource, suppliers: LocalSuppliers): LocalSupplier {
  const supplier = suppliers.get(source);
  if (supplier === undefined) throw new Error(`the supplier of ${source} was not opened`);
  return supplier;
}

/** Syncs these catalogues side by side in this program; what stops one never stops another. The results
 *  are by `catalogName`. */
export async function syncHere(
  catalogs: readonly SourceResource[],
  request: SyncRequest,
  parts: LocalSyncParts,
  observe: (ref: CatalogRef) => (control: ActiveControl) => void,
  run: typeof runSync | typeof dryRun = runSync,
): Promise<ReadonlyMap<string, SyncResult | DryRunResult>> {
  const runs = catalogs.map(async (catalog): Promise<[string, SyncResult | DryRunResult]> => {
    const sharedBy = catalogs.filter(({ source }) => source === catalog.source).length;
    const ports = localPorts(catalog, parts, sharedBy);
    const settings = localSettings(catalog, parts.suppliers);
    const host = localHost(observe(ports.ref));
    return [catalogName(ports.ref), await run(request, ports, host, settings)];
  });
  await Promise.allSettled(runs);
  return new Map(await Promise.all(runs));
}
