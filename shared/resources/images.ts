import { isJsonObject } from '../core/json.ts';
import { readBy } from './read-by.ts';
import { isAbsent } from './wire-shape.ts';

/** Where an image's address stands in an object. */
const URL_NAMES = ['image', 'url', 'image_url'];
/** Other schemes than these (`javascript:`, `data:`) have no place in a shop's page. */
const SCHEME = /^([a-z][a-z0-9+.-]*):/i;

/** One image's address. */
export const image = readBy(addressOf, 'the address of an image');

/** The addresses in a list, each once, those of processed images first. */
export const images = readBy(addressesOf, 'a list of images');

function addressesOf(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const read = value.map(addressOf);
  if (read.includes(undefined)) return undefined;
  const addresses = new Set(read.filter((address) => typeof address === 'string'));
  return [...addresses].toSorted((a, b) => Number(isProcessed(b)) - Number(isProcessed(a)));
}

const isProcessed = (address: string): boolean => address.includes('processed');

/** Null for an empty one, undefined for what is no address at all. */
function addressOf(value: unknown): string | null | undefined {
  const address: unknown = isJsonObject(value)
    ? URL_NAMES.map((name) => value[name]).find((one) => !isAbsent(one))
    : value;
  if (isAbsent(address)) return null;
  if (typeof address !== 'string') return undefined;
  const scheme = SCHEME.exec(address.trim())?.[1]?.toLowerCase() ?? 'https';
  return scheme === 'http' || scheme === 'https' ? address.trim().toWellFormed() : null;
}
