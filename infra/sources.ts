import { catalogSlug, MAIN_SOURCE } from '../shared/core/source-names.ts';
import { resources } from '../shared/resources/index.ts';
import { variableOf } from '../shared/source-settings.ts';
import type { CatalogConfig, SourceConfig } from './config.ts';

/** A source by its name, and its own settings. */
export interface NamedSource extends SourceConfig {
  readonly name: string;
}

/** Every source of a deployment, the main one first: the settings of the stack's own level are its. */
export function sourcesOf(config: CatalogConfig): readonly [NamedSource, ...NamedSource[]] {
  const others = Object.entries(config.sources).map(named);
  return [{ name: MAIN_SOURCE, ...config }, ...others];
}

const named = ([name, own]: [string, SourceConfig]): NamedSource => ({ name, ...own });

/** A catalogue of the deployment: a resource of a source. */
export interface DeployedCatalog {
  readonly source: string;
  readonly resource: string;
  /** `products`, `drinks-products`: the start of the names of what is made for it. */
  readonly slug: string;
  /** Between two runs. */
  readonly intervalMinutes: number;
}

export function catalogsOf(config: CatalogConfig): readonly DeployedCatalog[] {
  return sourcesOf(config).flatMap(({ name: source, intervals }) =>
    resources.map(({ name: resource, intervalMs }) => ({
      source,
      resource,
      slug: catalogSlug({ source, resource }),
      intervalMinutes: intervals[resource] ?? intervalMs / 60_000,
    })),
  );
}

/** Variables of several sources, each as its source spells them. */
export function spelledByEach<Source extends { readonly name: string }>(
  sources: readonly Source[],
  variablesOf: (source: Source) => Readonly<Record<string, string>>,
): Record<string, string> {
  const pairs = sources.flatMap((source) =>
    Object.entries(variablesOf(source)).map(([name, value]) => [
      variableOf(name, source.name),
      value,
    ]),
  );
  return Object.fromEntries(pairs);
}

/** `DrinksBar` of `drinks-bar`: the end of an output's name; nothing of the main source. */
export function outputSuffix(source: string): string {
  if (source === MAIN_SOURCE) return '';
  const words = source.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return words.join('');
}
