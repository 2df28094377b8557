import type * as z from 'zod';
import { ConfigurationError } from './core/errors.ts';
import { MAIN_SOURCE } from './core/source-names.ts';
import {
  localEnvironment,
  parseEnvironment,
  SETTING_HELP,
  sourceEnvironment,
  sourceIntervals,
  sourceNames,
} from './environment.ts';
import { resourceNamed, resources } from './resources/index.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The settings that each source has of its own. */
const OWN = [
  ...new Set([sourceEnvironment, localEnvironment].flatMap(({ shape }) => Object.keys(shape))),
];

/** A source's spelling of one of its settings: `B2B_API_URL` of main, `B2B_API_URL_DRINKS` of drinks. */
export function variableOf(setting: string, source: string): string {
  return source === MAIN_SOURCE
    ? setting
    : `${setting}_${source.toUpperCase().replaceAll('-', '_')}`;
}

/** The sources that an environment names, the main one first. @throws ConfigurationError */
export const sourcesOf = (environment: Environment): readonly string[] =>
  parseEnvironment(sourceNames, environment).B2B_SOURCES;

/** One source's settings; it takes none of another's.
 *  @throws ConfigurationError naming each wrong one as that source spells it */
export function parseSource<Contract extends z.ZodType>(
  contract: Contract,
  environment: Environment,
  source: string,
): z.output<Contract> {
  const own = OWN.map((name) => [name, environment[variableOf(name, source)]]);
  return parseEnvironment(contract, Object.fromEntries(own), SETTING_HELP, (name) =>
    variableOf(name, source),
  );
}

/** Between two unforced runs of a resource of a source, milliseconds; undefined is the resource's own.
 *  @throws ConfigurationError also for a resource that there is not, whose interval would not be kept */
export function intervalsOf(
  environment: Environment,
): (resource: string, source: string) => number | undefined {
  const bySource = new Map(
    sourcesOf(environment).map((source) => [source, intervalsOfSource(environment, source)]),
  );
  return (resource, source) => bySource.get(source)?.get(resource);
}

function intervalsOfSource(environment: Environment, source: string): ReadonlyMap<string, number> {
  const intervals = parseSource(sourceIntervals, environment, source).SYNC_INTERVALS;
  const unknown = [...intervals.keys()].filter((name) => resourceNamed(name) === undefined);
  if (unknown.length === 0) return intervals;
  const known = resources.map(({ name }) => name).join(', ');
  const setting = variableOf('SYNC_INTERVALS', source);
  throw new ConfigurationError(
    `${setting} names ${unknown.join(', ')}, which is not synced: ${known} are.`,
  );
}
