import type { CatalogConfig } from './config.ts';

/** `SYNC_INTERVALS` as the functions read it, `products=120,categories=60`; nothing when none is set. */
export function intervalVariables({ intervals }: Pick<CatalogConfig, 'intervals'>): {
  SYNC_INTERVALS?: string;
} {
  const pairs = Object.entries(intervals).map(([resource, minutes]) => `${resource}=${minutes}`);
  return pairs.length === 0 ? {} : { SYNC_INTERVALS: pairs.join(',') };
}
