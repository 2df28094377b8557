import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { canonical } from './canonical.ts';
import { withoutNulls } from './private-fields.ts';
import type { ProductWire } from './product-wire.ts';
import { byWeight, isWeightWord, weightUnitOf } from './weight.ts';

/** Whether any of the five fields that suppliers use for it says that it is sold by weight. */
export function isSoldByWeight(wire: ProductWire): boolean {
  const units = [wire.unit_type, wire.selling_unit];
  return (
    wire.sold_by_weight === true ||
    wire.by_weight === true ||
    wire.sale_unit_type?.toLowerCase() === 'weight' ||
    units.some(isWeightWord)
  );
}

/** How the product is sold, then upstream's own specifications, keys sorted; ours win.
 *  @throws Error when it is sold by a weight that is neither kilograms nor grams. */
export function specificationsOf(wire: ProductWire): JsonObject {
  const selling = sellingOf(wire);
  const own = {
    ...named(wire, 'features'),
    ...named(wire, 'attributes'),
    ...named(wire, 'specifications'),
  };
  const sorted = canonical(own);
  // Spread twice: first for its place in front, then to win over a name that upstream uses as well.
  return { ...selling, ...(isJsonObject(sorted) ? sorted : {}), ...selling };
}

function sellingOf(wire: ProductWire): JsonObject {
  const soldByWeight = isSoldByWeight(wire);
  const unitType = wire.sale_unit_type ?? wire.unit_type ?? wire.selling_unit ?? 'quantity';
  const unit = {
    sold_by_weight: soldByWeight,
    unit_type: soldByWeight ? 'weight' : unitType,
    unit_display: wire.unit_display,
  };
  if (!soldByWeight) return withoutNulls(unit);
  const { weight_unit } = wire;
  return withoutNulls({ ...unit, ...byWeight(weightUnitOf(weight_unit), wire.price, wire.stock) });
}

/** Upstream's free form as an object: as it is, from a list of `{name, value}`, else under its name. */
function named(wire: ProductWire, field: 'specifications' | 'attributes' | 'features'): JsonObject {
  const sent = wire[field];
  if (sent === null || isJsonObject(sent)) return sent ?? {};
  return fromPairs(sent) ?? { [field]: sent };
}

function fromPairs(sent: Json): JsonObject | null {
  if (!Array.isArray(sent)) return null;
  const pairs = sent.map(pairOf).filter((pair) => pair !== null);
  return pairs.length === sent.length ? Object.fromEntries(pairs) : null;
}

function pairOf(sent: unknown): readonly [string, Json] | null {
  if (!isJsonObject(sent) || typeof sent['name'] !== 'string') return null;
  return sent['value'] === undefined ? null : [sent['name'], sent['value']];
}
