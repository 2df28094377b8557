import * as z from 'zod';
import { UpstreamError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';

/** A list page as upstream sent it, whatever its shape. */
export interface ListBody {
  readonly entries: readonly Json[];
  /** Its `next`; null is the last page; undefined when the shape has none. */
  readonly next: string | null | undefined;
  /** Upstream's count of the whole list; null when it gives none. */
  readonly count: number | null;
}

/** Each entry is looked at later, on its own. */
const entriesShape = z.custom<readonly Json[]>((value) => Array.isArray(value));
const envelopeShape = z.looseObject({
  next: z.string().nullish(),
  // A count is a hint: a malformed one is no reason to lose the page.
  count: z.int().nonnegative().nullish().catch(null),
});

/**
 * Reads `{count, next, results}`, `{results|<resource>|products|categories, next?}` or a bare array.
 * @throws UpstreamError `invalid` for anything else: it is a failed page, never an empty list
 */
export function readList(body: Json, resourceName: string): ListBody {
  const bare = entriesShape.safeParse(body);
  if (bare.success) return { entries: bare.data, next: undefined, count: null };
  const envelope = envelopeShape.safeParse(body);
  if (!envelope.success) throw notAList();
  const { next, count = null } = envelope.data;
  for (const name of ['results', resourceName, 'products', 'categories']) {
    const listed = entriesShape.safeParse(envelope.data[name]);
    if (listed.success) return { entries: listed.data, next: next === '' ? null : next, count };
  }
  throw notAList();
}

function notAList(): UpstreamError {
  return new UpstreamError('invalid', 'the answer is JSON, but not a list of records');
}
