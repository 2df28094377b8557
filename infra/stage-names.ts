import * as z from 'zod';

/** What a stage's stack is called; the names of what is in it begin with that. */
export const stackNameOf = (stage: string): string =>
  stage === 'prod' ? 'b2b-catalog' : `b2b-catalog-${stage}`;

const sourceNames = z
  .object({ sources: z.record(z.string(), z.unknown()) })
  .transform(({ sources }) => Object.keys(sources))
  // Whatever else it is, the settings of the stage that is meant are checked as a whole.
  .catch([]);

/** Which source of a stage has the names of another stage's, in words; null when none has.
 *  @param stages the settings of each */
export function nameFault(stages: ReadonlyMap<string, unknown>): string | null {
  const names = [...stages.keys()];
  const clashes = [...stages].flatMap(([stage, settings]) =>
    sourceNames.parse(settings).flatMap((source) => {
      const start = `${stackNameOf(stage)}-${source}`;
      const other = names.find((name) => stackNameOf(name) === start);
      return other === undefined ? [] : { source, stage, other };
    }),
  );
  const [clash] = clashes;
  if (clash === undefined) return null;
  const { source, stage, other } = clash;
  return `the source ${source} of the stage ${stage} is not possible beside the stage ${other}: their alarms would have the same names. Give one of them another name.`;
}
