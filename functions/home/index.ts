import { StoreUnavailableError } from '../../shared/core/errors.ts';
import { home } from '../../shared/reads/home.ts';
import { categories } from '../../shared/resources/categories.ts';
import { products } from '../../shared/resources/products.ts';
import { textResult } from '../http/result.ts';
import { readHandler, type Operation } from '../read-handler.ts';
import { readServices } from '../runtime.ts';
import type { Lazy, ReadServices } from '../services.ts';
import { downPage, homePage } from './page.ts';
import { STYLESHEET } from './stylesheet.ts';
import { languageOf } from './words.ts';

const NEWEST = 24;

const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; img-src https:; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  vary: 'Accept-Language, Accept-Encoding',
};

/** The shop's home: it shows what `autoSync` does for a handler that knows nothing of syncing. */
export const createHandler = (services: Lazy<ReadServices>) =>
  readHandler({
    name: 'home',
    services,
    keepFresh: [products.name, categories.name],
    operations: { home: homeOperation, stylesheet: stylesheetOperation },
  });

const homeOperation: Operation = async ({ event, sync }, services) => {
  const language = languageOf(event.headers['accept-language']);
  try {
    const shown = await home(products, { sync, most: NEWEST }, services);
    const keep = shown.freshness.last_sync === null ? 'no-store' : 'public, max-age=60';
    return htmlResult(200, await homePage(shown, language), { 'cache-control': keep });
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    services.log.error('read_failed', { error });
    const headers = { 'cache-control': 'no-store', 'retry-after': '5' };
    return htmlResult(503, await downPage(language), headers);
  }
};

const stylesheetOperation: Operation = async () =>
  textResult(200, 'text/css', STYLESHEET, { 'cache-control': 'public, max-age=3600' });

const htmlResult = (status: number, page: string, headers: Readonly<Record<string, string>>) =>
  textResult(status, 'text/html', page, { ...PAGE_HEADERS, ...headers });

export const handler = createHandler(readServices);
