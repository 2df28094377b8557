import type { CatalogRef } from './control.ts';

/** The source that a deployment's plain settings describe, and the default wherever none is named. */
export const MAIN_SOURCE = 'main';

/** Sources of one deployment, at most: Lambda takes 4 KB of variables. */
export const MOST_SOURCES = 8;

/** Words that keys and addresses have another meaning for. */
const TAKEN: ReadonlySet<string> = new Set([
  'all',
  'control',
  'held',
  'manifest',
  'published',
  'recent',
  'rejects',
  'runs',
  'seen',
]);

/** A slug: lower-case letters and digits, with single hyphens inside, at most 20 characters. */
export const isSourceName = (name: string): boolean =>
  /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) && name.length <= 20 && !TAKEN.has(name);

/** How programs call a catalogue: `products` of the main source, `drinks/products` of another. */
export const catalogName = ({ source, resource }: CatalogRef): string =>
  source === MAIN_SOURCE ? resource : `${source}/${resource}`;

/** How sentences call it: `products`, `products of drinks`. */
export const catalogWords = ({ source, resource }: CatalogRef): string =>
  source === MAIN_SOURCE ? resource : `${resource} of ${source}`;

/** How names of one word call it, in the cloud and on pages: `products`, `drinks-products`. */
export const catalogSlug = ({ source, resource }: CatalogRef): string =>
  source === MAIN_SOURCE ? resource : `${source}-${resource}`;

/** A catalogue as the worker's event names it, where the main source need not be named. */
export const orderedOf = ({ source, resource }: CatalogRef) => ({
  ...(source !== MAIN_SOURCE && { source }),
  resource,
});
