/** Every letter that has an accent lies beyond these. */
const PLAIN = /^[ -~]*$/;

/** What is no accent, and typed otherwise all the same: `œufs` as `oeufs`, `d’olive` as `d'olive`. */
const TYPED: Readonly<Record<string, string>> = {
  œ: 'oe',
  æ: 'ae',
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  '’': "'",
};

/** A text as it is searched: without accents, in lower case, one space between words. */
export function folded(text: string): string {
  if (PLAIN.test(text)) return spaced(text.toLowerCase());
  const letters = text.normalize('NFD').replaceAll(/\p{Mn}+/gu, '');
  return spaced(
    letters.toLowerCase().replaceAll(/[œæßøłđ’]/g, (letter) => TYPED[letter] ?? letter),
  );
}

const spaced = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
