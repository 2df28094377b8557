import * as z from 'zod';
import type { CatalogRef } from '../core/control.ts';
import type { JsonObject } from '../core/json.ts';
import { idOfOrderedKey } from '../core/record-id.ts';
import type { StoredRecord } from '../core/resource.ts';
import { storedBody } from './stored-json.ts';

/** A record's row. */
export const recordRow = z.object({
  sk: z.string(),
  body: z.string(),
  synced_at: z.string(),
  /** Present in a tombstone. */
  removed_at: z.string().optional(),
});

/** The record of a live row; its body is parsed when first looked at, since most lists look at a part. */
export function storedRecord(
  { source }: CatalogRef,
  row: Pick<z.output<typeof recordRow>, 'sk' | 'body' | 'synced_at'>,
): StoredRecord {
  let body: JsonObject | undefined;
  return {
    id: idOfOrderedKey(row.sk),
    source,
    syncedAt: row.synced_at,
    get body() {
      return (body ??= storedBody(row.body));
    },
  };
}

/** What was looked up, where only live records count. */
export const liveOrNull = (found: StoredRecord | 'removed' | null): StoredRecord | null =>
  found === 'removed' ? null : found;
