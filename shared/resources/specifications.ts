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

/** What one of these fields says. */
interface FreeForm {
  readonly field: (typeof FREE_FORMS)[number];
  readonly shown: JsonObject;
  /** The list as it was sent, where it says more of its entries than is shown; null where it does not. */
  readonly whole: Json;
}

export const freeFormsOf = (wire: ProductWire): readonly FreeForm[] =>
  FREE_FORMS.map((field) => freeFormOf(wire[field], field));

/** How the product is sold, then upstream's own specifications, keys sorted; ours win.
 *  @throws Error when it is sold by a weight that is neither kilograms nor grams. */
export function specificationsOf(wire: ProductWire, forms: readonly FreeForm[]): JsonObject {
  const selling = sellingOf(wire);
  const sorted = canonical(Object.assign({}, ...forms.map(({ shown }) => shown)));
  // Spread twice: first for its place in front, then to win over a name that upstream uses as well.
  return { ...selling, ...(isJsonObject(sorted) ? sorted : {}), ...selling };
}

/** What upstream says under names that another of its fields, or one of ours, has in `specifications`, or
 *  beside what is shown of a list's entries; by field. */
export function overriddenIn(
  specifications: JsonObject,
  forms: readonly FreeForm[],
): Readonly<Record<string, Json>> {
  const spare: Record<string, Json> = {};
  for (const { field, shown, whole } of forms) {
    const others = Object.entries(shown).filter(
      ([name, value]) => JSON.stringify(specifications[name]) !== JSON.stringify(value),
    );
    if (whole !== null) spare[field] = whole;
    else if (others.length > 0) spare[field] = Object.fromEntries(others);
  }
  return spare;
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

/** An object as it is, one made of a list of names and values, else what was sent under its name. */
function freeFormOf(sent: Json, field: FreeForm['field']): FreeForm {
  if (sent === null || isJsonObject(sent)) return { field, shown: sent ?? {}, whole: null };
  const entries = entriesOf(sent);
  if (entries === null) return { field, shown: { [field]: sent }, whole: null };
  const byName = new Map(entries.map(({ shown }) => [shown.name, shown.value]));
  // A name that comes twice, or a unit, has no place in an object of values.
  const isObject =
    byName.size === entries.length && entries.every(({ shown }) => !('unit' in shown));
  return {
    field,
    shown: isObject ? Object.fromEntries(byName) : { [field]: entries.map(({ shown }) => shown) },
    whole: entries.some(({ hasMore }) => hasMore) ? sent : null,
  };
}

interface Entry {
  readonly shown: { readonly name: string; readonly value: Json; readonly unit?: Json };
  /** Upstream says more of it, which is nobody's business: an id, say, or a price of its own. */
  readonly hasMore: boolean;
}

/** The entries of a list of `{name, value, unit?}`; null when it is something else. */
function entriesOf(sent: Json): readonly Entry[] | null {
  if (!Array.isArray(sent)) return null;
  const entries = sent.map(entryOf).filter((entry) => entry !== null);
  return entries.length === sent.length ? entries : null;
}

function entryOf(sent: unknown): Entry | null {
  if (!isJsonObject(sent)) return null;
  const { name, value, unit, ...more } = sent;
  if (typeof name !== 'string' || value === undefined) return null;
  const hasUnit = unit !== undefined && unit !== null;
  const shown = { name, value, ...(hasUnit && { unit }) };
  return { shown, hasMore: Object.keys(more).length > 0 };
}
