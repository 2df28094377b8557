import type { JsonObject } from '../core/json.ts';
import type { OpenCatalog } from './catalog.ts';
import type { Tagged } from './entity-tag.ts';

/** A read's answer, before it becomes HTTP. */
export type Answer = Pick<OpenCatalog, 'nowMs' | 'lastSuccessAtMs'> & (Unchanged | Found);

/** The client's copy is still right; nothing was read. */
interface Unchanged extends Tagged {
  readonly kind: 'unchanged';
}

interface Found {
  readonly kind: 'found';
  /** How many records it could show at once; 1 for an answer that can't be cut. */
  readonly most: number;
  /** The answer cut to `most` records, for when all of them are more than the platform carries. */
  readonly show: (most: number) => Shown;
}

/** A body's JSON text in three pieces. */
export interface Shown extends Tagged {
  readonly before: string;
  /** Most of it; null when it has no such part. */
  readonly bulk: Bulk | null;
  readonly after: string;
}

/** Text that many answers share: the same object as long as it is the same text, so that what is made
 *  of it (compressed, above all) can be kept with it. */
export interface Bulk {
  readonly text: string;
}

/** The answer that the client's own copy is still right. */
export function unchanged(tagged: Tagged, { nowMs, lastSuccessAtMs }: OpenCatalog): Answer {
  return { kind: 'unchanged', ...tagged, nowMs, lastSuccessAtMs };
}

/** An answer that is shown whole or not at all. */
export function whole(
  body: JsonObject,
  tagged: Tagged,
  { nowMs, lastSuccessAtMs }: OpenCatalog,
): Answer {
  const shown = { before: JSON.stringify(body), bulk: null, after: '', ...tagged };
  return { kind: 'found', nowMs, lastSuccessAtMs, most: 1, show: () => shown };
}

/** The earliest of some moments, milliseconds; null when there is none. */
export function earliest(moments: Iterable<number | null>): number | null {
  let first: number | null = null;
  for (const moment of moments) {
    if (moment !== null && (first === null || moment < first)) first = moment;
  }
  return first;
}
