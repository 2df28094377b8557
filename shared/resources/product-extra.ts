import type { JsonObject } from '../core/json.ts';
import { utcText } from './instants.ts';
import { withoutNulls } from './private-fields.ts';
import type { ProductWire } from './product-wire.ts';

/** What only the single product shows: fields that some suppliers send, absent where they do not,
 *  and `notes` on what was changed or left out. */
export function extraOf(wire: ProductWire, times: ProductTimes): JsonObject {
  const notes = notesOf(wire, times);
  return withoutNulls({
    generated_ean: wire.generated_ean,
    primary_barcode: wire.primary_barcode,
    // Without an id the name alone is no category that a client could follow.
    category_name: wire.category === null ? wire.category_name : null,
    is_active: wire.is_active,
    stock_status: wire.stock_status,
    formatted_quantity: wire.formatted_quantity,
    alert_threshold: wire.alert_threshold,
    has_backorder: wire.has_backorder,
    backorder_quantity: wire.backorder_quantity,
    stock_updated_at: times.stock_updated_at,
    notes: notes.length > 0 ? notes : null,
  });
}

const TIMES = ['created_at', 'updated_at', 'stock_updated_at'] as const;

/** Upstream's times, ISO 8601 UTC; null where there is none that can be read. */
export type ProductTimes = Readonly<Record<(typeof TIMES)[number], string | null>>;

export function timesOf({ created_at, updated_at, stock_updated_at }: ProductWire): ProductTimes {
  return {
    created_at: utcText(created_at),
    updated_at: utcText(updated_at),
    stock_updated_at: utcText(stock_updated_at),
  };
}

/** Upstream's times order nothing, so an odd one costs a note and not the product. */
function notesOf(wire: ProductWire, times: ProductTimes): readonly string[] {
  const isNegative = wire.stock?.startsWith('-') ?? false;
  const oddTimes = TIMES.filter((field) => wire[field] !== null && times[field] === null);
  return [
    ...(isNegative ? [`stock ${wire.stock} counts as 0`] : []),
    ...oddTimes.map((field) => `${field} was left out: it is no ISO 8601 time`),
  ];
}
