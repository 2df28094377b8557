import { catalogSlug, MAIN_SOURCE } from '../shared/core/source-names.ts';
import { RESUME, schedulesOf, type ScheduleDeclaration } from '../shared/deployment.ts';
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
  /** Between two runs on a quiet shop: its interval, or what its rule leaves between two starts. */
  readonly syncedEveryMinutes: number;
  /** Between two looks at it, whether anything is due or not: the tick that resumes. */
  readonly lookedAtEveryMinutes: number;
}

export function catalogsOf(config: CatalogConfig): readonly DeployedCatalog[] {
  const rules = new Map(rulesOf(config).map(({ name, everyMinutes }) => [name, everyMinutes]));
  const everyMinutes = (source: string, rule: string): number =>
    rules.get(catalogSlug({ source, resource: rule })) ?? 0;
  return sourcesOf(config).flatMap(({ name: source, intervals }) =>
    resources.map(({ name: resource, intervalMs }) => ({
      source,
      resource,
      slug: catalogSlug({ source, resource }),
      syncedEveryMinutes: Math.max(
        intervals[resource] ?? intervalMs / 60_000,
        everyMinutes(source, resource),
      ),
      lookedAtEveryMinutes: everyMinutes(source, RESUME),
    })),
  );
}

/** The rules of every source, each in its own rhythm where the configuration gives it one. */
export function rulesOf(config: CatalogConfig): readonly ScheduleDeclaration[] {
  const sources = sourcesOf(config);
  const rhythms = new Map(
    sources.flatMap(({ name: source, schedules }) =>
      Object.entries(schedules).map(([resource, rhythm]) => [
        catalogSlug({ source, resource }),
        rhythm,
      ]),
    ),
  );
  return schedulesOf(sources.map(({ name }) => name)).map((rule) =>
    Object.assign({}, rule, rhythms.get(rule.name)),
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
