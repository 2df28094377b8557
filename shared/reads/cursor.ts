import * as z from 'zod';
import type { Published } from '../core/published.ts';
import type { RecordId } from '../core/record-id.ts';
import { ReadError } from './errors.ts';

const MAX_CURSOR_LENGTH = 4096;

const whole = z.int().min(0);
const pin = z.strictObject({
  base: whole,
  pages: whole,
  version: whole,
  succeededAtMs: whole.nullable().exactOptional(),
});

const cursorContent = z.strictObject({
  /** The id that the page comes after, newest first; null is the start. */
  after: z.string().nullable(),
  /** The page ends with that id, and comes before what comes after it. */
  isBack: z.literal(true).exactOptional(),
  /** The source of that id; without it, the first that the walk is about. */
  source: z.string().exactOptional(),
  /** What the walk began on, by `catalogName`: base, its pages, version; of what is listed, when it was synced. */
  pins: z.record(z.string(), pin),
  /** The filters of the walk: a cursor goes on with these only. */
  filters: z.string(),
});

/** The published versions that a walk began on, by `catalogName`. */
export type Pins = Readonly<Record<string, Pin | undefined>>;

interface Pin extends Pick<Published, 'base' | 'pages' | 'version'> {
  /** The start of the run that this version is of, milliseconds; null before the first was over. */
  readonly succeededAtMs?: number | null;
}

/** Where a walk through a list goes on. */
export interface Cursor {
  readonly after: RecordId | null;
  /** From `previous`: the page ends with `after`, however much of it one answer carries. */
  readonly isBack?: true;
  readonly source?: string;
  readonly pins: Pins;
  readonly filters: string;
}

/** The opaque text of a cursor, safe in a URL. */
export function cursorText(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** The cursor of a text that `cursorText` made for the same filters.
 *  @throws ReadError `bad_cursor` for any other text, or when the filters differ. */
export function parseCursor(text: string, filters: string): Cursor {
  const parsed = cursorContent.safeParse(decoded(text));
  if (!parsed.success)
    throw new ReadError('bad_cursor', 'cursor is not one of ours: take it from next.');
  if (parsed.data.filters === filters) return parsed.data;
  const message = 'cursor belongs to other filters: follow next as it is, or start without cursor.';
  throw new ReadError('bad_cursor', message);
}

function decoded(text: string): unknown {
  if (text.length > MAX_CURSOR_LENGTH) return null;
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return null;
  }
}
