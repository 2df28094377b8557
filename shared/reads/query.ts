import * as z from 'zod';
import { recordId } from '../core/record-id.ts';
import { ReadError } from './errors.ts';
import { MAX_PAGE_SIZE, MAX_SEARCH_CHARACTERS } from './public-limits.ts';

/** A whole number from 1, in decimal digits and no other form. */
export const wholeNumberTo = (most: number) =>
  z
    .string()
    .transform((text) => (/^\d+$/.test(text) ? Number(text) : Number.NaN))
    .refine((number) => number >= 1 && number <= most, {
      error: `must be a whole number from 1 to ${most}`,
    });

const moment = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error:
      'must be an ISO 8601 time with seconds, for example 2026-11-22T10:00:00Z (a + is written as %2B)',
  })
  .transform((text) => Date.parse(text));

const id = z
  .string()
  .transform((text) => recordId(text))
  .refine((usable) => usable !== null, { error: 'must be an id' });

/** What every read understands. Over HTTP `force=true` answers the records and `forbidden`. */
export const readQuery = z.object({
  force: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .default('false')
    .transform((text) => text === 'true'),
  /** One source's name; without it, all of them. Which there are is not known here. */
  source: z.string().optional(),
});

/** What a list understands. Unknown parameters are dropped: old clients add cache busters. */
export const listQuery = readQuery.extend({
  page_size: wholeNumberTo(MAX_PAGE_SIZE).optional(),
  cursor: z.string().optional(),
  /** A category's id; its descendants count too. */
  category: id.optional(),
  availability: z
    .enum(['available', 'all'], { error: 'must be available or all' })
    .default('available'),
  /**
   * Only records whose `synced_at` is this moment or later. It is our own time of storing, not the
   * supplier's `updated_at`, which may be skewed or missing. What a run stores is listed when it ends: who
   * follows changes asks from `sync.last_sync` of its last answer, the start of the last run that ended
   * well, so that nothing is missed; with `availability` `all`, or what became unavailable is. What changes an
   * answer without being stored is not told: a removal, a promotion's date, another record that it shows.
   */
  updated_since: moment.optional(),
  /** Words that are all in a record's title, sku or barcodes; accents and case do not count. */
  search: z
    .string()
    .max(MAX_SEARCH_CHARACTERS, { error: `must be at most ${MAX_SEARCH_CHARACTERS} characters` })
    .optional(),
});

export type ListQuery = z.output<typeof listQuery>;

/** Parses query parameters against their schema.
 *  @throws ReadError `bad_parameter` naming each wrong one, and its form; never its value. */
export function parseQuery<Schema extends z.ZodType>(
  schema: Schema,
  parameters: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  const parsed = schema.safeParse(parameters);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
  throw new ReadError('bad_parameter', `${faults.join('; ')}.`, { cause: parsed.error });
}
