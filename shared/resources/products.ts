import { defineResource, hours } from '../core/resource.ts';
import { productRecord } from './product-record.ts';
import { productWire } from './product-wire.ts';
import { productsView } from './products-view.ts';

/** What a shop sells. Lists lack slugs, descriptions and category ids, so every detail is read. */
export const products = defineResource({
  name: 'products',
  listPath: 'b2c/products/',
  detailPath: (id) => `b2c/products/${id}/`,
  wire: productWire,
  toRecord: productRecord,
  interval: hours(2),
  joins: ['categories'],
  view: productsView,
});
