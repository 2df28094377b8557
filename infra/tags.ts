import { Tags, type Stack } from 'aws-cdk-lib';
import type { CatalogConfig } from './config.ts';

/** Tags everything that can be, so that bills and searches can tell whose it is. */
export function tagStack(
  stack: Stack,
  { stage, tags }: Pick<CatalogConfig, 'stage' | 'tags'>,
): void {
  const all = { service: 'b2b-catalog-sync', stage, ...tags };
  for (const [name, value] of Object.entries(all)) Tags.of(stack).add(name, value);
}
