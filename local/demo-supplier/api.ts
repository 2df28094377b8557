import * as answers from './answers.ts';
import type { Answer } from './answers.ts';
import type { DemoCatalog } from './catalog.ts';
import { listed, type FaultMode } from './faults.ts';
import { page, type Paging } from './pages.ts';
import { productDetail, productInList } from './wire.ts';

/** What kind of call a request is, as the statistics count them. */
export type Call =
  'product_list' | 'product_detail' | 'category_list' | 'category_detail' | 'sites' | 'unknown';

export interface SupplierState {
  readonly catalog: DemoCatalog;
  readonly mode: FaultMode;
  readonly paging: Paging & { readonly paginateCategories: boolean };
}

export const API_PATH = '/api/v1';

const CALLS: readonly (readonly [Call, RegExp])[] = [
  ['product_list', /^\/api\/v1\/b2c\/products\/$/],
  ['product_detail', /^\/api\/v1\/b2c\/products\/(\d{1,9})\/$/],
  ['category_list', /^\/api\/v1\/b2c\/categories\/$/],
  ['category_detail', /^\/api\/v1\/b2c\/categories\/(\d{1,9})\/$/],
  ['sites', /^\/api\/v1\/b2c\/sites\/$/],
];

/** Which call a path is, and the id in it. */
export function callOf(path: string): { readonly call: Call; readonly id: number } {
  for (const [call, pattern] of CALLS) {
    const match = pattern.exec(path);
    if (match) return { call, id: Number(match[1] ?? 0) };
  }
  return { call: 'unknown', id: 0 };
}

/** Answers one call whose key was accepted. */
export function answerCall(url: URL, state: SupplierState): Answer {
  const { call, id } = callOf(url.pathname);
  return ANSWERS[call](url, id, state);
}

const ANSWERS: Readonly<Record<Call, (url: URL, id: number, state: SupplierState) => Answer>> = {
  product_list: (url, _id, { catalog, mode, paging }) =>
    page(listed(mode, catalog.products()), url, paging, (product) =>
      productInList(product, url.origin),
    ),
  product_detail(url, id, { catalog }) {
    const product = catalog.product(id);
    return product ? answers.json(200, productDetail(product, url.origin)) : answers.notFound();
  },
  category_list(url, _id, { catalog, mode, paging }) {
    const categories = listed(mode, catalog.categories);
    if (!paging.paginateCategories) return answers.json(200, categories);
    return page(categories, url, paging, (category) => category);
  },
  category_detail(_url, id, { catalog }) {
    const category = catalog.categories.find((candidate) => candidate.id === id);
    return category ? answers.json(200, category) : answers.notFound();
  },
  sites: () => answers.notAllowed(),
  unknown: () => answers.notFound(),
};
