import { digest } from '../../shared/adapters/digest.ts';
import type { CatalogRef } from '../../shared/core/control.ts';
import type { CatalogSource, CatalogStore, Clock, Log } from '../../shared/core/ports.ts';
import type { Resource } from '../../shared/core/resource.ts';
import { runSync, type SyncResult } from '../../shared/core/run-sync.ts';

/** A log that nobody keeps. */
export const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };

interface ForcedSync {
  readonly resource: Resource;
  readonly source: CatalogSource;
  readonly store: CatalogStore;
  readonly clock: Clock;
  /** Default: the resource of the main source. */
  readonly ref?: CatalogRef;
  readonly holder?: string;
  readonly configuration?: string;
}

/** One full sync by the use case itself, due or not, that nobody stops. */
export function forcedSync({
  resource,
  ref = { source: 'main', resource: resource.name },
  holder = 'holder',
  configuration = 'v1',
  ...ports
}: ForcedSync): Promise<SyncResult> {
  return runSync(
    { trigger: 'cli', force: true, resumeOnly: false, scope: 'full' },
    { ref, resource, log: silent, digest, ...ports },
    { holder, shouldStop: () => false, isGone: () => false, observe: () => {} },
    { intervalMs: resource.intervalMs, configuration },
  );
}
