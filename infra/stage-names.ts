import * as z from 'zod';

/** What a stage's stack is called; the names of what is in it begin with that. */
export const stackNameOf = (stage: string): string =>
  stage === 'prod' ? 'b2b-catalog' : `b2b-catalog-${stage}`;

const sourceNames = z
  .object({ sources: z.record(z.string(), z.unknown()) })
  .transform(({ sources }) => Object.keys(sources))
  // Whatever else it is, the settings of the stage that is meant are checked as a whole.
  .catch([]);

/** A stage, or one of its sources. */
interface Named {
  /** In words. */
  readonly who: string;
  /** What the names of its alarms begin with. */
  readonly start: string;
}

/** Which source of a stage has the names of another stage, or of a source of one, in words; null when
 *  none has.
 *  @param stages the settings of each */
export function nameFault(stages: ReadonlyMap<string, unknown>): string | null {
  const ofStages = [...stages.keys()].map((stage): Named => {
    return { who: `the stage ${stage}`, start: stackNameOf(stage) };
  });
  const ofSources = [...stages].flatMap(([stage, settings]) =>
    sourceNames.parse(settings).map((source): Named => {
      const who = `the source ${source} of the stage ${stage}`;
      return { who, start: `${stackNameOf(stage)}-${source}` };
    }),
  );
  const all = [...ofStages, ...ofSources];
  for (const one of ofSources) {
    const other = all.find((each) => each !== one && each.start === one.start);
    if (other !== undefined)
      return `${one.who} is not possible beside ${other.who}: their alarms would have the same names. Give one of them another name.`;
  }
  return null;
}
