import { isJsonObject, type Json } from '../core/json.ts';
import { recordId, type RecordId } from '../core/record-id.ts';
import { canonical } from './canonical.ts';
import { decimalOf, moneyText, type Decimal } from './decimals.ts';
import { dayOrUtcText } from './instants.ts';
import { readBy } from './read-by.ts';
import { isAbsent } from './wire-shape.ts';

/** A text without blanks around it; codes come as numbers from some. */
export const text = readBy(textOf, 'a text');

/** A name alone, or the `name` of an object. */
export const name = readBy(nameOf, 'a name');

/** A list of names, each alone or in an object, or one text with commas between them. */
export const names = readBy(namesOf, 'a list of names');

export const flag = readBy(flagOf, 'a yes or no');

export const decimal = readBy<Decimal>(decimalOf, 'a number');

/** A number that is no money: a float is precise enough for it. */
export const quantity = readBy(quantityOf, 'a number');

/** An amount that may be negative, as a margin may. */
export const money = readBy(moneyOf, 'an amount of money');

/** What someone pays. */
export const price = money.refine((amount) => !amount.startsWith('-'), 'is negative');

/** What someone pays instead: 0 is how some say that there is no such price. */
export const reducedPrice = price.transform((amount) => (amount === '0' ? null : amount));

/** A date, or a time in UTC. */
export const day = readBy(dayOf, 'an ISO 8601 date');

/** The id of something, in its canonical text. */
export const identifier = readBy((value) => recordId(value) ?? undefined, 'a usable id');

/** Another record that this one names. */
export interface Reference {
  readonly id: RecordId;
  readonly name: string | null;
}

/** A reference as `{id, name}`, or as the id alone. */
export const referenced = readBy(referenceOf, 'an id, or an object with one');

/** JSON of any shape, with sorted keys. */
export const freeForm = readBy<Json>(
  (value) => canonical(value),
  'JSON of a sane depth with finite numbers',
);

function textOf(value: unknown): string | null | undefined {
  if (isAbsent(value)) return null;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' ? value.trim().toWellFormed() : undefined;
}

function nameOf(value: unknown): string | null | undefined {
  return isJsonObject(value) ? textOf(value['name']) : textOf(value);
}

function namesOf(value: unknown): readonly string[] | undefined {
  const list: unknown = typeof value === 'string' ? value.split(',') : value;
  if (!Array.isArray(list)) return undefined;
  const read = list.map(nameOf);
  if (read.includes(undefined)) return undefined;
  return [...new Set(read.filter((one) => typeof one === 'string'))];
}

const FLAGS: ReadonlyMap<unknown, boolean> = new Map([
  ...[true, 1, 'true', '1', 'yes', 'oui'].map((word) => [word, true] as const),
  ...[false, 0, 'false', '0', 'no', 'non'].map((word) => [word, false] as const),
]);

function flagOf(value: unknown): boolean | undefined {
  return FLAGS.get(typeof value === 'string' ? value.trim().toLowerCase() : value);
}

function quantityOf(value: unknown): number | undefined {
  const amount = decimalOf(value);
  return amount === undefined ? undefined : Number(amount);
}

/** An amount with a comma and three digits is thousands to some and units to others: a guess would be
 *  wrong by a factor of 1,000; a leading 0 tells. Quantities, which do have three decimals, are read. */
function moneyOf(value: unknown): string | undefined {
  if (typeof value === 'string' && /^[+-]?[1-9]\d{0,2},\d{3}$/.test(value.trim())) return undefined;
  const amount = decimalOf(value);
  return amount === undefined ? undefined : moneyText(amount);
}

function dayOf(value: unknown): string | undefined {
  return typeof value === 'string' ? (dayOrUtcText(value.trim()) ?? undefined) : undefined;
}

function referenceOf(value: unknown): Reference | null | undefined {
  const isObject = isJsonObject(value);
  if (isObject && value['id'] === undefined) return undefined;
  const id = isObject ? value['id'] : value;
  if (isAbsent(id)) return null;
  const usable = recordId(id);
  return usable === null
    ? undefined
    : { id: usable, name: (isObject ? textOf(value['name']) : null) ?? null };
}
