import { buildCategories, type DemoCategory, type StockedShelf } from './categories.ts';
import { between, chance } from './chance.ts';
import { buildProduct, type DemoProduct } from './products.ts';

/** The supplier's own catalogue: what it sells, in the order of its lists. */
export interface DemoCatalog {
  readonly categories: readonly DemoCategory[];
  /** Newest change first. */
  products(): readonly DemoProduct[];
  product(id: number): DemoProduct | undefined;
  /** Changes prices and stocks, adds and removes products; returns the ids of each. */
  change(request: ChangeRequest, nowMs: number): ChangedProducts;
}

export interface ChangeRequest {
  readonly changed: number;
  readonly added: number;
  readonly removed: number;
}

export interface ChangedProducts {
  readonly changed: readonly number[];
  readonly added: readonly number[];
  readonly removed: readonly number[];
}

const DAY_MS = 86_400_000;

/** One product in this many is sold by weight. */
const BY_WEIGHT_EVERY = 20;

/** A catalogue of `count` products that follows from the seed and, for its promotions, from the day. */
export function demoCatalog(count: number, seed: number, nowMs: number): DemoCatalog {
  const { categories, shelves } = buildCategories();
  const nextProduct = productMaker(shelves, seed, Math.floor(nowMs / DAY_MS) * DAY_MS);
  const byId = new Map<number, DemoProduct>();
  const put = (product: DemoProduct): number => {
    byId.set(product.id, product);
    return product.id;
  };
  for (let made = 0; made < count; made += 1) put(nextProduct());
  let ordered: readonly DemoProduct[] | null = null;
  let picks = 0;
  const pick = (): DemoProduct | undefined => {
    picks += 1;
    const candidates = [...byId.values()];
    return candidates[between(0, candidates.length - 1, chance(seed, `pick/${picks}`))];
  };

  return {
    categories,
    products: () => (ordered ??= [...byId.values()].toSorted(newestChangeFirst)),
    product: (id) => byId.get(id),
    change(request, atMs) {
      ordered = null;
      const removed = distinct(request.removed, pick);
      for (const { id } of removed) byId.delete(id);
      const changed = distinct(request.changed, pick).map((product) =>
        put(repriced(product, atMs)),
      );
      const added = Array.from({ length: request.added }, () =>
        put({ ...nextProduct(), createdAtMs: atMs, updatedAtMs: atMs }),
      );
      return { changed, added, removed: removed.map(({ id }) => id) };
    },
  };
}

/** Makes product 1, 2, 3, ... : every twentieth on a shelf sold by weight, the others in turn. */
function productMaker(
  shelves: readonly StockedShelf[],
  seed: number,
  todayMs: number,
): () => DemoProduct {
  const byWeight = shelves.filter(({ soldBy }) => soldBy !== undefined);
  const byPiece = shelves.filter(({ soldBy }) => soldBy === undefined);
  const brands = [...new Set(shelves.flatMap((shelf) => shelf.brands))];
  const brandIds = new Map(brands.map((brand, index) => [brand, index + 1]));
  let id = 0;
  return () => {
    id += 1;
    const weighed = Math.floor(id / BY_WEIGHT_EVERY);
    const isWeighed = id % BY_WEIGHT_EVERY === 0;
    const [kind, turn] = isWeighed ? [byWeight, weighed - 1] : [byPiece, id - 1 - weighed];
    const shelf = kind[turn % kind.length];
    if (shelf === undefined) throw new Error('the demo shop has no shelf for this kind of product');
    const position = Math.floor(turn / kind.length);
    return buildProduct(id, seed, todayMs, { shelf, position, brandIds });
  };
}

function newestChangeFirst(a: DemoProduct, b: DemoProduct): number {
  return b.updatedAtMs - a.updatedAtMs || b.id - a.id;
}

/** A tenth dearer, and one piece less. */
function repriced(product: DemoProduct, atMs: number): DemoProduct {
  return {
    ...product,
    sellingCents: Math.ceil(product.sellingCents * 1.1),
    quantityMilli: product.quantityMilli - 1000,
    updatedAtMs: atMs,
  };
}

/** Up to `count` different products; fewer when the draws repeat or there are no more. */
function distinct(count: number, pick: () => DemoProduct | undefined): readonly DemoProduct[] {
  const found = new Map<number, DemoProduct>();
  for (let draw = 0; draw < count * 4 && found.size < count; draw += 1) {
    const product = pick();
    if (product !== undefined) found.set(product.id, product);
  }
  return [...found.values()];
}
