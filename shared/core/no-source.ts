import { UpstreamError } from './errors.ts';
import type { CatalogSource } from './ports.ts';

const refuse = (): Promise<never> =>
  Promise.reject(new UpstreamError('invalid', 'this run does not read upstream'));

/** For a run that only carries out approved deletions: it asks upstream nothing. */
export const noSource: CatalogSource = {
  page: refuse,
  detail: refuse,
  cursorAfter: () => null,
  counters: { requests: 0, retries: 0 },
  concurrency: 1,
};
