import { categories } from '../../shared/resources/categories.ts';
import { products } from '../../shared/resources/products.ts';
import { categoryProducts } from '../../shared/reads/category-products.ts';
import { tree } from '../../shared/reads/tree.ts';
import {
  answering,
  idOf,
  listOperation,
  listRequest,
  readRequest,
  singleOperation,
} from '../http/operations.ts';
import { readHandler } from '../read-handler.ts';
import { readServices } from '../runtime.ts';
import type { Lazy, ReadServices } from '../services.ts';

/** The categories: list, single, tree, and a category's products. */
export const createHandler = (services: Lazy<ReadServices>) =>
  readHandler({
    name: 'categories-synced',
    services,
    keepFresh: [categories.name, products.name],
    operations: {
      list: listOperation(categories),
      single: singleOperation(categories),
      tree: answering((call, ports) => tree(categories, readRequest(call), ports)),
      products: answering((call, ports) =>
        categoryProducts(products, { ...listRequest(call), id: idOf(call) }, ports),
      ),
    },
  });

export const handler = createHandler(readServices);
