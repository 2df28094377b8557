import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import * as z from 'zod';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { PublishedRow } from '../../core/published.ts';
import type { ListedRecord } from '../../core/resource.ts';
import type { KeptTexts } from './kept-texts.ts';

/** Measured on pages of products: 0.4 to 0.6 of what gzip leaves, in less time. 5 takes twice as long
 *  and leaves no less; 9 ten times as long for 1 % less. */
const QUALITY = 4;
/** Below DynamoDB's 400 KB for one row, with room for keys and names. */
const PACKED_BYTES = 390_000;

/** A page as it is stored. */
export interface PackedPage {
  /** Of each record its id, time, body and searched text: what finds and judges it. */
  readonly found: Uint8Array;
  /** Of each record its fixed text on a line of its own, in the same order: what shows it. */
  readonly shown: Uint8Array;
}

export const packedPage = z.object({
  found: z.instanceof(Uint8Array),
  shown: z.instanceof(Uint8Array),
});

/** Id, time, body, searched text, and 1 where a fixed text goes with it. */
type FoundRow = readonly [string, string, JsonObject, string, number];

/** By hand: a schema of tuples takes three times as long as parsing the JSON itself. */
const foundRows = z.custom<readonly FoundRow[]>(
  (value) => Array.isArray(value) && value.every(isFoundRow),
  { error: 'not the rows of a published page' },
);

function isFoundRow(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const [id, syncedAt, body, search]: readonly unknown[] = value;
  const texts = [id, syncedAt, search];
  return texts.every((text) => typeof text === 'string') && isJsonObject(body);
}

/** Compressed here, so that no reader has to. */
export function packPage(rows: readonly PublishedRow[]): PackedPage {
  const found = rows.map(({ id, syncedAt, body, search, fixed }) => {
    return [id, syncedAt, body, search, fixed === null ? 0 : 1];
  });
  // JSON text holds no raw line break.
  const shown = rows.map(({ fixed }) => fixed ?? '').join('\n');
  return { found: packed(JSON.stringify(found)), shown: packed(shown) };
}

const packed = (text: string): Uint8Array =>
  brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } });

/** The inverse of `packPage`; fixed texts are unpacked when first looked at. */
export function unpackPage(page: PackedPage, source: string, texts: KeptTexts): ListedRecord[] {
  const rows = foundRows.parse(JSON.parse(brotliDecompressSync(page.found).toString()));
  const linesOf = () => texts.of(page, () => brotliDecompressSync(page.shown).toString());
  return rows.map(([id, syncedAt, body, search, hasFixed], line): ListedRecord => ({
    id,
    source,
    syncedAt,
    body,
    search,
    get fixed() {
      return hasFixed === 0 ? null : (linesOf()[line] ?? null);
    },
  }));
}

/** Rows on as few pages as fit a row of the store each. */
export function packPages(rows: readonly PublishedRow[]): PackedPage[] {
  const page = packPage(rows);
  if (rows.length <= 1 || page.found.length + page.shown.length <= PACKED_BYTES) return [page];
  const half = Math.ceil(rows.length / 2);
  return [...packPages(rows.slice(0, half)), ...packPages(rows.slice(half))];
}
