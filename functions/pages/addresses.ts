import type { CatalogRef } from '../../shared/core/control.ts';
import { MAIN_SOURCE } from '../../shared/core/source-names.ts';

/** What an address says of a source: nothing of the main one. */
const sourceQuery = (source: string): string =>
  source === MAIN_SOURCE ? '' : `?source=${encodeURIComponent(source)}`;

/** Where all categories are, within each other. */
export const CATEGORY_TREE = '/api/inventory/categories/tree/';

/** Where a catalogue is synced by hand. */
export const syncAddress = ({ source, resource }: CatalogRef): string =>
  `/inventory/sync/${resource}/${sourceQuery(source)}`;

/** Where a category's products are. */
export const productsAddress = (source: string, category: string): string =>
  `/api/inventory/categories/synced/${encodeURIComponent(category)}/products/${sourceQuery(source)}`;

/** Where one of its records is shown. */
export const recordAddress = ({ source, resource }: CatalogRef, id: string): string =>
  `/api/inventory/${resource}/synced/${encodeURIComponent(id)}/${sourceQuery(source)}`;
