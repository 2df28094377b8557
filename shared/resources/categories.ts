import { defineResource, hours } from '../core/resource.ts';
import { categoriesView } from './categories-view.ts';
import { categoryRecord, categoryWire, lacksField } from './category-record.ts';

/** How the shop is arranged. Lists are complete as a rule, so that a tree costs pages, not details. */
export const categories = defineResource({
  name: 'categories',
  listPath: 'b2c/categories/',
  detailPath: (id) => `b2c/categories/${id}/`,
  wire: categoryWire,
  toRecord: categoryRecord,
  interval: hours(2),
  needsDetail: lacksField,
  // Itself too: a category shows its children.
  joins: ['categories', 'products'],
  view: categoriesView,
});
