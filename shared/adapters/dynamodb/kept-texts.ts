/** Unpacked page texts in memory, bounded. */
export interface KeptTexts {
  /** The lines of a page's text; unpacked again when they were let go meanwhile. */
  of(page: object, unpack: () => string): readonly string[];
}

/** Keeps the texts that were looked at last, at most `mostCharacters` together, or one page. */
export function createKeptTexts(mostCharacters: number): KeptTexts {
  const kept = new Map<object, ReturnType<typeof linesOf>>();
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
      const text = kept.get(page) ?? linesOf(unpack());
      if (!kept.delete(page)) characters += text.characters;
      // What was looked at last comes last.
      kept.set(page, text);
      forgetOldest();
      return text.lines;
    },
  };
}

const linesOf = (text: string) => ({ lines: text.split('\n'), characters: text.length });
