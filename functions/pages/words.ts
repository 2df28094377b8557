import type { Language } from './language.ts';
import { ENGLISH } from './words.en.ts';
import { FRENCH, type Words } from './words.fr.ts';

export type { Words } from './words.fr.ts';

export const WORDS: Readonly<Record<Language, Words>> = { fr: typeset(FRENCH), en: ENGLISH };

/** French sets a space before `: ; ? ! %` and inside `« »`, at which no line may break. */
function typeset(words: Words): Words {
  const set = Object.entries(words).map(([key, text]) => [
    key,
    text.replaceAll(/ (?=[:;?!%»])|(?<=«) /g, '\u00a0'),
  ]);
  return { ...words, ...Object.fromEntries(set) };
}

/** A text whose key is put together at run time; undefined when there is none. */
export function knownWord(words: Words, key: string): string | undefined {
  const known: Readonly<Record<string, string>> = words;
  return Object.hasOwn(known, key) ? known[key] : undefined;
}

/** The name of a resource for people; one that the catalogue of texts does not know keeps its own. */
export function resourceName(words: Words, name: string): string {
  return knownWord(words, `name_${name}`) ?? name;
}
