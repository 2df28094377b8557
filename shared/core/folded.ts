/** Every letter that has an accent lies beyond these. */
const PLAIN = /^[ -~]*$/;

/** A text as it is searched: without accents, in lower case, one space between words. */
export function folded(text: string): string {
  const letters = PLAIN.test(text) ? text : text.normalize('NFD').replaceAll(/\p{Mn}+/gu, '');
  return letters.toLowerCase().replaceAll(/\s+/g, ' ').trim();
}
