/** A text as it is searched: without accents, in lower case, one space between words. */
export function folded(text: string): string {
  const letters = text.normalize('NFD').replaceAll(/\p{Mn}+/gu, '');
  return letters.toLowerCase().replaceAll(/\s+/g, ' ').trim();
}
