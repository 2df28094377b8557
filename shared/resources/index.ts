import type { Resource } from '../core/resource.ts';
import { categories } from './categories.ts';
import { products } from './products.ts';

/** Every resource that is synced. Adding one is its file and a line here. */
export const resources: readonly Resource[] = [products, categories];

/** The resource of that name, or undefined. */
export function resourceNamed(name: string): Resource | undefined {
  return resources.find((resource) => resource.name === name);
}
