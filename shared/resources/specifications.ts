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

/** Where suppliers put what else there is to say of a product; of equal names the later wins. */
const FREE_FORMS = ['features', 'attributes', 'specifications'] as const;

/** How the product is sold, then upstream's own specifications, keys sorted; ours win.
 *  @throws Error when it is sold by a weight that is neither kilograms nor grams. */
export function specificationsOf(wire: ProductWire): JsonObject {
  const selling = sellingOf(wire);
  const own = FREE_FORMS.map((field) => named(wire, field));
  const sorted = canonical(Object.assign({}, ...own));
  // Spread twice: first for its place in front, then to win over a name that upstream uses as well.
  return { ...selling, ...(isJsonObject(sorted) ? sorted : {}), ...selling };
}

/** What upstream says under names that another of its fields, or one of ours, has in `shown`; by field. */
export function overriddenIn(wire: ProductWire, shown: JsonObject): JsonObject {
  const fields = FREE_FORMS.map((field): [string, JsonObject] => {
    const own = Object.entries(named(wire, field));
    const others = own.filter(
      ([name, value]) => JSON.stringify(shown[name]) !== JSON.stringify(value),
    );
    return [field, Object.fromEntries(others)];
  });
  return Object.fromEntries(fields.filter(([, others]) => Object.keys(others).length > 0));
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
function named(wire: ProductWire, field: (typeof FREE_FORMS)[number]): JsonObject {
  const sent = wire[field];
  if (sent === null || isJsonObject(sent)) return sent ?? {};
  return fromPairs(sent) ?? { [field]: sent };
}

/** Null for what an object could not hold whole: names that come twice, entries of more than a pair. */
function fromPairs(sent: Json): JsonObject | null {
  if (!Array.isArray(sent)) return null;
  const pairs = new Map(sent.map(pairOf).filter((pair) => pair !== null));
  return pairs.size === sent.length ? Object.fromEntries(pairs) : null;
}

function pairOf(sent: unknown): readonly [string, Json] | null {
  if (!isJsonObject(sent)) return null;
  const { name, value, ...more } = sent;
  if (typeof name !== 'string' || value === undefined) return null;
  return Object.keys(more).length > 0 ? null : [name, value];
}
