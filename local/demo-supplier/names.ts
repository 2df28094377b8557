import type { StockedShelf } from './categories.ts';

/** Larger than any number of combinations' factors, so steps of it meet each combination once. */
const STRIDE = 7919;

export interface Naming {
  readonly name: string;
  readonly brand: string | null;
  /** Where its size stands among the shelf's: 0 is the smallest, below 1. */
  readonly sizeShare: number;
}

/**
 * How the shelf's product number `position` (from 0) is called: every combination of good, kind, brand
 * and size comes once, in a mixed order, before packs of 2, 3, ... do.
 */
export function nameOf(shelf: StockedShelf, position: number): Naming {
  const brands = shelf.soldBy === undefined ? [...shelf.brands, ''] : [''];
  const choices = [shelf.goods, shelf.kinds, brands, shelf.sizes];
  const combinations = choices.reduce((product, { length }) => product * length, 1);
  const pack = Math.floor(position / combinations) + 1;
  const words = wordsAt(choices, (position * STRIDE) % combinations);
  const name = [...words, pack > 1 ? `(lot de ${pack})` : ''].filter(Boolean).join(' ');
  const sizeShare = shelf.sizes.indexOf(words[3] ?? '') / shelf.sizes.length;
  return { name, brand: words[2] || null, sizeShare };
}

function wordsAt(choices: readonly (readonly string[])[], index: number): readonly string[] {
  let rest = index;
  return choices.map((words) => {
    const word = words[rest % words.length] ?? '';
    rest = Math.floor(rest / words.length);
    return word;
  });
}
