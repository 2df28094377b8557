import { isOverAtMs, startsAtMs } from './instants.ts';

/** A reduced price as it is stored, in force or not: readers judge by their own clock. */
export type Promotion = {
  readonly discount_price: string;
  /** The same, where it is a promotion; null for a standing reduction (`has_promotion` false). */
  readonly promo_price: string | null;
  readonly percent: number | null;
  /** A date or a UTC time; null is since ever. */
  readonly start: string | null;
  /** A date, whose whole day is included, or a UTC time; null is for ever. */
  readonly end: string | null;
};

/** What upstream says of a product's reduced price. */
export interface PromotionWire {
  readonly price: string | null;
  readonly discount_price: string | null;
  readonly promo_price: string | null;
  readonly has_promotion: boolean | null;
  readonly discount_percent: number | null;
  readonly promotion_start_date: string | null;
  readonly promotion_end_date: string | null;
}

/** The one reduced price: `promo_price` overrides the others when `has_promotion` is true, and counts
 *  for nothing otherwise. Null without a price, whatever else is said. */
export function promotionOf(wire: PromotionWire): Promotion | null {
  const announced = wire.has_promotion === true ? wire.promo_price : null;
  const reduced = announced ?? wire.discount_price;
  if (reduced === null) return null;
  return {
    discount_price: reduced,
    promo_price: wire.has_promotion === false ? null : reduced,
    percent: wire.discount_percent ?? percentOff(wire.price, reduced),
    start: wire.promotion_start_date,
    end: wire.promotion_end_date,
  };
}

/** To two decimals; null when it is no reduction. */
function percentOff(price: string | null, reduced: string): number | null {
  const percent = price === null ? 0 : (1 - Number(reduced) / Number(price)) * 100;
  return percent > 0 ? Math.round(percent * 100) / 100 : null;
}

/** A product's fields of its promotion, as of one moment. */
export type PromotionView = {
  readonly discount_price: string | null;
  readonly promo_price: string | null;
  readonly has_promotion: boolean;
  readonly discount_percent: number | null;
  readonly promotion_start_date: string | null;
  readonly promotion_end_date: string | null;
};

const NO_PROMOTION: PromotionView = {
  discount_price: null,
  promo_price: null,
  has_promotion: false,
  discount_percent: null,
  promotion_start_date: null,
  promotion_end_date: null,
};

/** Before its start and from its end on, a promotion leaves no trace. */
export function promotionView(promotion: Promotion | null, nowMs: number): PromotionView {
  if (promotion === null || !isInForce(promotion, nowMs)) return NO_PROMOTION;
  const { discount_price, promo_price, percent, start, end } = promotion;
  return {
    discount_price,
    promo_price,
    has_promotion: promo_price !== null,
    discount_percent: percent,
    promotion_start_date: start,
    promotion_end_date: end,
  };
}

function isInForce({ start, end }: Promotion, nowMs: number): boolean {
  const hasStarted = start === null || startsAtMs(start) <= nowMs;
  return hasStarted && (end === null || nowMs < isOverAtMs(end));
}

/** When the promotion next begins or ends after `nowMs`; null when it does neither. */
export function promotionChangesAtMs(promotion: Promotion | null, nowMs: number): number | null {
  if (promotion === null) return null;
  const { start, end } = promotion;
  const startMs = start === null ? -Infinity : startsAtMs(start);
  const endMs = end === null ? Infinity : isOverAtMs(end);
  if (startMs >= endMs) return null;
  return [startMs, endMs].find((atMs) => atMs > nowMs && Number.isFinite(atMs)) ?? null;
}
