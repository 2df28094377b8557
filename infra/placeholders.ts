import { Annotations, type Stack } from 'aws-cdk-lib';
import { MAIN_SOURCE } from '../shared/core/source-names.ts';
import type { CatalogConfig } from './config.ts';
import { sourcesOf, type NamedSource } from './sources.ts';

/** Names that nothing in the Internet has (RFC 2606). */
const NOWHERE = /\.(?:example|invalid|test)$/;

/** Warns of each supplier's address that is still the example's: it would be deployed, and never answer. */
export function warnOfPlaceholders(stack: Stack, config: CatalogConfig): void {
  const placeholders = sourcesOf(config).filter(({ supplierUrl }) =>
    NOWHERE.test(new URL(supplierUrl).hostname),
  );
  for (const source of placeholders) {
    const message = `cdk.json: ${settingOf(source)} is a placeholder, ${source.supplierUrl}: nothing answers there. Set the supplier's base URL before you deploy.`;
    Annotations.of(stack).addWarningV2(`b2b-catalog:placeholder-${source.name}`, message);
  }
}

const settingOf = ({ name }: NamedSource): string =>
  name === MAIN_SOURCE ? 'catalog.supplierUrl' : `catalog.sources.${name}.supplierUrl`;
