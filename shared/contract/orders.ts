import * as z from 'zod';

/** What staff may send: the routes check it by these, and the document is made of them. */
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

const MOST = 200;
const limited = `must be a whole number from 1 to ${MOST}`;

/** What finished runs and records in error are asked for by. */
export const listingQuery = z.object({
  /** Default: each. */
  resource: z.string().optional(),
  /** Default: each. */
  source: z.string().optional(),
  limit: z.coerce
    .number({ error: limited })
    .int()
    .min(1, { error: limited })
    .max(MOST, { error: limited })
    .default(20),
});
