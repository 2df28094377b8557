import { products } from '../../shared/resources/products.ts';
import { listOperation, singleOperation } from '../http/operations.ts';
import { readHandler } from '../read-handler.ts';
import { readServices } from '../runtime.ts';
import type { Lazy, ReadServices } from '../services.ts';

/** The products: list and single. */
export const createHandler = (services: Lazy<ReadServices>) =>
  readHandler({
    name: 'products-synced',
    services,
    keepFresh: [products.name],
    alsoRead: products.joins,
    operations: { list: listOperation(products), single: singleOperation(products) },
  });

export const handler = createHandler(readServices);
