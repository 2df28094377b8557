import { StoreUnavailableError } from '../../shared/core/errors.ts';
import { home } from '../../shared/reads/home.ts';
import { categories } from '../../shared/resources/categories.ts';
import { products } from '../../shared/resources/products.ts';
import { languageOf } from '../pages/language.ts';
import { readHandler, type Operation } from '../read-handler.ts';
import { readServices } from '../runtime.ts';
import type { Lazy, ReadServices } from '../services.ts';
import { downPage, homePage } from './page.ts';

const MOST = { products: 24, categories: 60 };

/** The shop's home: it shows what `autoSync` does for a handler that knows nothing of syncing. */
export const createHandler = (services: Lazy<ReadServices>) =>
  readHandler({
    name: 'home',
    services,
    keepFresh: [products.name, categories.name],
    operations: { home: homeOperation },
  });

const homeOperation: Operation = async ({ event, sync }, services) => {
  const language = languageOf(event.headers['accept-language']);
  try {
    const shown = await home(products, { sync, most: MOST }, services);
    return await homePage(shown, { language, imageHosts: services.imageHosts });
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    services.log.error('request_failed', { error });
    return downPage(language);
  }
};

export const handler = createHandler(readServices);
