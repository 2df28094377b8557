import type { StockedShelf } from './categories.ts';
import { between, chance } from './chance.ts';
import { eanOf, internalEanOf } from './ean.ts';
import { nameOf } from './names.ts';

interface Promotion {
  readonly percent: number;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/** A product as the demo supplier keeps it; `wire.ts` says how it is sent. */
export interface DemoProduct {
  readonly id: number;
  readonly name: string;
  readonly brand: { readonly id: number; readonly name: string } | null;
  readonly category: { readonly id: number; readonly name: string } | null;
  readonly description: string | null;
  readonly soldBy: 'piece' | 'kg' | 'g';
  readonly sellingCents: number;
  readonly purchaseCents: number;
  /** In thousandths of what it is sold by; negative when more was sold than there was. */
  readonly quantityMilli: number;
  readonly isActive: boolean;
  readonly generatedEan: string | null;
  /** The first is the primary one. */
  readonly eans: readonly string[];
  readonly hasPicture: boolean;
  readonly promotion: Promotion | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

const DAY_MS = 86_400_000;
/** Fixed, so that a restarted supplier sends the same catalogue and a re-sync finds nothing to do. */
const LAST_CHANGE_MS = Date.UTC(2026, 9, 1, 6, 0);
const PROMOTION_DAYS = [
  { from: -21, to: -4 },
  { from: -3, to: 11 },
  { from: 5, to: 19 },
] as const;

/** Where a product stands: its shelf, and how many stand before it there. */
export interface Standing {
  readonly shelf: StockedShelf;
  readonly position: number;
  readonly brandIds: ReadonlyMap<string, number>;
}

/** Product number `id` (from 1), the same for the same seed; promotions move with `todayMs`, a midnight. */
export function buildProduct(
  id: number,
  seed: number,
  todayMs: number,
  { shelf, position, brandIds }: Standing,
): DemoProduct {
  const roll = (purpose: string): number => chance(seed, `${purpose}/${id}`);
  const { name, brand, sizeShare } = nameOf(shelf, position);
  const updatedAtMs = LAST_CHANGE_MS - Math.floor(roll('updated') * 90 * DAY_MS);
  const sellingCents = priceOf(shelf, sizeShare, roll('price'));
  return {
    id,
    name,
    brand: brand === null ? null : { id: brandIds.get(brand) ?? 0, name: brand },
    category: id % 97 === 0 ? null : { id: shelf.categoryId, name: shelf.name },
    description: roll('description') < 0.15 ? null : `${name}. Rayon ${shelf.name.toLowerCase()}.`,
    soldBy: shelf.soldBy ?? 'piece',
    sellingCents,
    purchaseCents: Math.max(1, Math.round(sellingCents * (0.62 + 0.2 * roll('margin')))),
    quantityMilli: quantityOf(shelf, roll('stock'), roll('quantity')),
    isActive: roll('active') >= 0.03,
    generatedEan: roll('generated') < 0.02 ? null : internalEanOf(id),
    eans: [eanOf(id, 0), eanOf(id, 1)].slice(
      0,
      roll('barcodes') < 0.3 ? 0 : 1 + Number(id % 11 === 0),
    ),
    hasPicture: roll('picture') < 0.6,
    promotion: id % 12 === 0 ? promotionOf(id / 12, todayMs, roll('percent')) : null,
    createdAtMs: updatedAtMs - Math.floor((1 + roll('created') * 400) * DAY_MS),
    updatedAtMs,
  };
}

/** Larger ones are dearer, cheap ones more frequent; a price per piece ends in 9, as shops like it. */
function priceOf(
  { priceCents: [least, most], sizes, soldBy }: StockedShelf,
  sizeShare: number,
  roll: number,
): number {
  if (soldBy === 'g') return between(least, most, roll);
  const place = soldBy === undefined ? sizeShare + roll / sizes.length : roll;
  return Math.floor(between(least, most, place ** 2) / 10) * 10 + 9;
}

/** Two in a hundred were sold beyond the stock, five are sold out, eight are low. */
function quantityOf({ soldBy }: StockedShelf, stock: number, roll: number): number {
  const unitMilli = soldBy === 'g' ? 100_000 : soldBy === 'kg' ? 250 : 1000;
  if (stock < 0.02) return -unitMilli * between(1, 6, roll);
  if (stock < 0.07) return 0;
  return unitMilli * (stock < 0.15 ? between(1, 4, roll) : between(6, 240, roll));
}

/** One third of the promotions is over, one third is on, one third is to come. */
function promotionOf(ordinal: number, todayMs: number, roll: number): Promotion {
  const days = PROMOTION_DAYS[ordinal % 3] ?? PROMOTION_DAYS[0];
  return {
    percent: between(1, 6, roll) * 5,
    startsAtMs: todayMs + days.from * DAY_MS,
    endsAtMs: todayMs + days.to * DAY_MS,
  };
}
