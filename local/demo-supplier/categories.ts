import { slugOf } from './slug.ts';
import { departments, type Shelf } from './shelves.ts';

/** A category exactly as the supplier sends it, in a list as in detail. */
export interface DemoCategory {
  readonly id: number;
  readonly name: string;
  readonly slug: string;
  readonly description: string | null;
  readonly image: string | null;
  readonly level: number;
  readonly order: number;
  readonly is_active: boolean;
  readonly created_at: string;
  readonly updated_at: string;
  readonly is_global: boolean;
  readonly is_rayon: boolean;
  readonly rayon_type: string | null;
  readonly parent: number | null;
  readonly site_configuration: number | null;
  readonly parent_name?: string;
  readonly parent_rayon_type?: string | null;
  readonly can_edit: boolean;
  readonly can_delete: boolean;
}

/** A shelf with its category's id and its department's brands. */
export interface StockedShelf extends Shelf {
  readonly categoryId: number;
  readonly brands: readonly string[];
}

interface Place {
  readonly name: string;
  readonly level: number;
  readonly order: number;
  readonly parent: DemoCategory | null;
  readonly type: string | null;
}

const CREATED_AT = '2026-01-05T07:30:00.000000Z';
const UPDATED_AT = '2026-06-15T09:12:40.218000Z';

/** All categories, sorted as the supplier sorts them (level, order, name), and the shelves in them. */
export function buildCategories(): {
  readonly categories: readonly DemoCategory[];
  readonly shelves: readonly StockedShelf[];
} {
  const categories: DemoCategory[] = [];
  const add = (place: Place): DemoCategory => {
    const category = categoryAt(place, categories.length + 1);
    categories.push(category);
    return category;
  };
  const rayons = departments.map(({ name, type, brands, aisles: within }, index) => {
    const category = add({ name, level: 0, order: index + 1, parent: null, type });
    return { category, brands, within };
  });
  const aisles = rayons.flatMap(({ category: parent, brands, within }) =>
    within.map(({ name, shelves: inAisle }, index) => {
      const category = add({ name, level: 1, order: index + 1, parent, type: null });
      return { category, brands, inAisle };
    }),
  );
  const shelves = aisles.flatMap(({ category: parent, brands, inAisle }) =>
    inAisle.map((shelf, index): StockedShelf => {
      const { id } = add({ name: shelf.name, level: 2, order: index + 1, parent, type: null });
      return Object.assign({}, shelf, { brands, categoryId: id });
    }),
  );
  return { categories: categories.toSorted(byPlace), shelves };
}

function categoryAt({ name, level, order, parent, type }: Place, id: number): DemoCategory {
  return {
    id,
    name,
    slug: slugOf(name),
    description: parent === null ? `Tout le rayon ${name.toLocaleLowerCase('fr')}` : null,
    image: null,
    level,
    order,
    is_active: true,
    created_at: CREATED_AT,
    updated_at: UPDATED_AT,
    is_global: true,
    is_rayon: type !== null,
    rayon_type: type,
    parent: parent?.id ?? null,
    site_configuration: null,
    ...(parent && { parent_name: parent.name, parent_rayon_type: parent.rayon_type }),
    can_edit: true,
    can_delete: true,
  };
}

function byPlace(a: DemoCategory, b: DemoCategory): number {
  return a.level - b.level || a.order - b.order || a.name.localeCompare(b.name, 'fr');
}
