/** What staff may send: the routes check it by these, and the document is made of them. */

import * as z from 'zod';
import { wholeNumberTo } from '../reads/query.ts';

const source = z.string({ error: 'must be the name of a source' }).optional();

/** True, and a form's text for it; nothing else counts as forcing. */
export const syncOrder = z.strictObject({
  source,
  force: z
    .union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')], {
      error: 'must be true or false',
    })
    .default(false),
});

export const retryOrder = z.strictObject({
  source,
  resource: z.string({ error: 'is needed' }),
});

export const heldOrder = z.strictObject({
  action: z.enum(['approve', 'discard'], { error: 'must be approve or discard' }),
});

const MOST_ROWS = 200;
const USUAL_ROWS = 20;

/** What finished runs and records in error are asked for by. */
export const listingQuery = z.object({
  /** Default: each. */
  resource: z.string().optional(),
  /** Default: each. */
  source: z.string().optional(),
  limit: wholeNumberTo(MOST_ROWS)
    .default(USUAL_ROWS)
    .meta({ type: 'integer', minimum: 1, maximum: MOST_ROWS, default: USUAL_ROWS }),
});
