import type { Language } from './language.ts';
import { ENGLISH } from './words.en.ts';
import { FRENCH } from './words.fr.ts';

/** Every text of the pages that does not come from the catalogue: a missing one does not compile. */
export type Words = Readonly<Record<keyof typeof FRENCH, string>>;

export const WORDS: Readonly<Record<Language, Words>> = { fr: FRENCH, en: ENGLISH };

/** The name of a resource for people; one that the catalogue of texts does not know keeps its own. */
export function resourceName(words: Words, name: string): string {
  const known: Readonly<Record<string, string>> = words;
  return known[`name_${name}`] ?? name;
}
