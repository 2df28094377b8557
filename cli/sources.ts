import { ConfigurationError } from '../shared/core/errors.ts';
import { sourcesOf } from '../shared/source-settings.ts';

/**
 * The sources that a command is about: the one that `--source` names, or all that there are by
 * `B2B_SOURCES`, the main one first.
 * @throws ConfigurationError naming those that there are
 */
export function chosenSources(
  named: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const all = sourcesOf(environment);
  if (named === undefined) return all;
  if (all.includes(named)) return [named];
  throw new ConfigurationError(
    `There is no source ${named}: it is one of ${all.join(', ')} (B2B_SOURCES names those beside main).`,
  );
}
