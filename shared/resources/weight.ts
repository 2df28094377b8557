import * as z from 'zod';
import { moneyText, shifted, type Decimal } from './decimals.ts';
import { decimal, text } from './wire-values.ts';

const WEIGHT_WORDS = new Set(['weight', 'kg', 'kilogram', 'poids']);
const KILOGRAMS = new Set(['kg', 'kilo', 'kilogram', 'kilogramme', 'kilograms', 'kilogrammes']);
const GRAMS = new Set(['g', 'gr', 'gram', 'gramme', 'grams', 'grammes']);

/** Whether a unit's name says that the product is sold by weight; any letter case. */
export function isWeightWord(unit: string | null): boolean {
  return unit !== null && WEIGHT_WORDS.has(unit.toLowerCase());
}

export type WeightUnit = 'kg' | 'g';

/** The unit of a price and a stock by weight; kilograms where upstream does not say.
 *  @throws Error for any other unit: its price per kilogram would be wrong. */
export function weightUnitOf(unit: string | null): WeightUnit {
  const word = unit?.toLowerCase() ?? 'kg';
  if (KILOGRAMS.has(word)) return 'kg';
  if (GRAMS.has(word)) return 'g';
  throw new Error(`weight_unit: ${word.slice(0, 20)} is neither kilograms nor grams`);
}

/** What a shop needs to sell by weight. Upstream's price and stock stay in their own `weight_unit`. */
export interface ByWeight {
  readonly weight_unit: WeightUnit;
  readonly price_per_kg: string | null;
  readonly price_per_g: string | null;
  readonly available_weight_kg: number | null;
}

/** Converts a price and a stock in `unit`, exactly; a negative stock is none. */
export function byWeight(unit: WeightUnit, price: Decimal | null, stock: Decimal | null): ByWeight {
  const isKilograms = unit === 'kg';
  const stockKg = stock === null || isKilograms ? stock : shifted(stock, -3);
  return {
    weight_unit: unit,
    price_per_kg: price === null ? null : moneyText(shifted(price, isKilograms ? 0 : 3)),
    price_per_g: price === null ? null : moneyText(shifted(price, isKilograms ? -3 : 0)),
    available_weight_kg: stockKg === null ? null : Math.max(0, Number(stockKg)),
  };
}

const WITH_UNIT = /^(.*\d)\s*([a-z]+)$/i;

/** A product's own weight: a bare number as it is, `500 g` and `0,5 kg` in kilograms. */
export const ownWeight = z.union([decimal.transform(Number), text.transform(kilogramsOf)]);

function kilogramsOf(written: string | null, context: z.RefinementCtx): number {
  const [, amount, unit = ''] = WITH_UNIT.exec(written ?? '') ?? [];
  const read = decimal.safeParse(amount);
  if (read.success && KILOGRAMS.has(unit.toLowerCase())) return Number(read.data);
  if (read.success && GRAMS.has(unit.toLowerCase())) return Number(shifted(read.data, -3));
  context.addIssue('is not a weight');
  return z.NEVER;
}
