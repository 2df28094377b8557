import { hash } from 'node:crypto';

/**
 * Chance that is always the same: a number in [0, 1) that follows from the seed and what it is for.
 * Nothing depends on the order of the draws, so product 7 is product 7 in a shop of any size.
 */
export function chance(seed: number, purpose: string): number {
  const digits = hash('sha256', `${seed}/${purpose}`).slice(0, 12);
  return parseInt(digits, 16) / 2 ** 48;
}

/** A whole number from `least` to `most`, both included. */
export function between(least: number, most: number, roll: number): number {
  return least + Math.floor(roll * (most - least + 1));
}
