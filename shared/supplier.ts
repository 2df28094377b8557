import type * as z from 'zod';
import { digest } from './adapters/digest.ts';
import { createHttpSource } from './adapters/http/source.ts';
import type { UpstreamParts } from './adapters/http/upstream-client.ts';
import type { CatalogSource } from './core/ports.ts';
import type { supplierEnvironment } from './environment.ts';

/** The supplier as the environment describes it, without the key. */
export type SupplierSettings = z.output<typeof supplierEnvironment>;

/** Raise it whenever records or checkpoints are stored in another form: unfinished runs begin again. */
const STORED_FORM = 2;

/**
 * The source of one run. Runs that go side by side share the requests in flight, so that the supplier
 * never sees more than the configured number from one host.
 */
export function createSource(
  settings: SupplierSettings,
  parts: UpstreamParts,
  { sharedBy }: { readonly sharedBy: number },
): CatalogSource {
  const { B2B_API_URL, B2B_SITE_ID, B2B_PAGE_SIZE, B2B_CONCURRENCY, B2B_TIMEOUT_SECONDS } =
    settings;
  return createHttpSource(
    {
      baseUrl: B2B_API_URL,
      ...(B2B_SITE_ID !== undefined && { siteId: B2B_SITE_ID }),
      pageSize: B2B_PAGE_SIZE,
      concurrency: Math.max(1, Math.floor(B2B_CONCURRENCY / sharedBy)),
      timeoutMs: B2B_TIMEOUT_SECONDS * 1000,
    },
    parts,
  );
}

/** Fingerprint of all that a checkpoint depends on: a run of another one begins again. */
export function checkpointConfiguration(settings: SupplierSettings): string {
  const { B2B_API_URL, B2B_SITE_ID = null, B2B_PAGE_SIZE } = settings;
  return digest(JSON.stringify([STORED_FORM, B2B_API_URL, B2B_SITE_ID, B2B_PAGE_SIZE]));
}
