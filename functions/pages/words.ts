import type { Language } from './language.ts';
import { ENGLISH } from './words.en.ts';
import { FRENCH, type Words } from './words.fr.ts';

export type { Words } from './words.fr.ts';

export const WORDS: Readonly<Record<Language, Words>> = { fr: FRENCH, en: ENGLISH };

/** A text whose key is put together at run time; undefined when there is none. */
export function knownWord(words: Words, key: string): string | undefined {
  const known: Readonly<Record<string, string>> = words;
  return Object.hasOwn(known, key) ? known[key] : undefined;
}

/** The name of a resource for people; one that the catalogue of texts does not know keeps its own. */
export function resourceName(words: Words, name: string): string {
  return knownWord(words, `name_${name}`) ?? name;
}
