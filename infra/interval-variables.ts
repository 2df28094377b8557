import type { CatalogConfig } from './config.ts';
import { sourcesOf, spelledByEach, type NamedSource } from './sources.ts';

/**
 * Which sources there are, and `SYNC_INTERVALS` of each as the functions read it,
 * `products=120,categories=60`; nothing of one source without intervals of its own.
 */
export function intervalVariables(config: CatalogConfig): Record<string, string> {
  const [main, ...others] = sourcesOf(config);
  const names = others.map(({ name }) => name).join(',');
  return {
    ...(names !== '' && { B2B_SOURCES: names }),
    ...spelledByEach([main, ...others], intervalsOf),
  };
}

function intervalsOf({ intervals }: NamedSource): Record<string, string> {
  const pairs = Object.entries(intervals).map(([resource, minutes]) => `${resource}=${minutes}`);
  return pairs.length === 0 ? {} : { SYNC_INTERVALS: pairs.join(',') };
}
