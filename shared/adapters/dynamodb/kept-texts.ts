/** Unpacked page texts in memory, bounded. */
export interface KeptTexts {
  /** The lines of a page's text; unpacked again when they were let go meanwhile. */
  of(page: object, unpack: () => string): readonly string[];
}

/** Keeps the texts that were looked at last, at most `mostCharacters` together, or one page. */
export function createKeptTexts(mostCharacters: number): KeptTexts {
  const kept = new Map<
    object,
    { readonly lines: readonly string[]; readonly characters: number }
  >();
  let characters = 0;
  const forgetOldest = (): void => {
    for (const [page, text] of kept) {
      if (characters <= mostCharacters || kept.size === 1) return;
      kept.delete(page);
      characters -= text.characters;
    }
  };
  return {
    of: (page, unpack) => {
      const known = kept.get(page);
      if (known !== undefined) {
        // What was looked at last comes last.
        kept.delete(page);
        kept.set(page, known);
        return known.lines;
      }
      const text = unpack();
      const lines = text.split('\n');
      kept.set(page, { lines, characters: text.length });
      characters += text.length;
      forgetOldest();
      return lines;
    },
  };
}
