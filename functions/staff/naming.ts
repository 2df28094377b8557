import { catalogSlug } from '../../shared/core/source-names.ts';
import type { Overview } from '../../shared/reads/overview.ts';
import { resourceName, type Words } from '../pages/words.ts';

type Named = Pick<Overview, 'ref' | 'isOneOfSeveral'>;

/** What people call a catalogue: its source is told only where there are several. */
export const titleOf = ({ ref, isOneOfSeveral }: Named, words: Words): string =>
  ofSource(resourceName(words, ref.resource), { ref, isOneOfSeveral });

/** A text about a catalogue, with its source at the end where there are several. */
export const ofSource = (text: string, { ref, isOneOfSeveral }: Named): string =>
  isOneOfSeveral ? `${text} · ${ref.source}` : text;

/** A heading and what it is of, as that language sets them: for names that are only read out. */
export const headed = (heading: string, of: string, { named }: Words): string =>
  named.replace('{name}', () => heading).replace('{value}', () => of);

/** The start of the ids of its parts of a page. */
export const idOf = ({ ref }: Named): string => catalogSlug(ref);
