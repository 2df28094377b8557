import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { CatalogReader, TriggerGate } from '../../core/ports.ts';
import { controlOf } from './control.ts';
import { controlKey, heldPartKey, partitionOf, recentKey, recordKey } from './keys.ts';
import { queryPlainRows, readPlainRow } from './plain.ts';
import { createPointerReads } from './pointers.ts';
import { readPublished } from './snapshot.ts';
import { createTriggerGate } from './trigger-gate.ts';
import { createKeptTexts } from './kept-texts.ts';
import { decodeIds } from './id-codec.ts';
import { createSnapshotCache } from './snapshot-cache.ts';
import { jsonText, storedRecent, storedSummary } from '../stored-json.ts';
import { liveOrNull, recordRow, storedRecord } from '../stored-record.ts';

/** Unpacked texts of pages kept by a function: some 40,000 products. What finds them is always kept. */
const KEPT_CHARACTERS = 32_000_000;

const summaryRow = z.object({ summary: jsonText(storedSummary) }).transform((row) => row.summary);
const recentRow = z.object({ records: jsonText(storedRecent) }).transform((row) => row.records);

const heldPart = z.object({ ids: z.instanceof(Uint8Array) });

const rejectRow = z
  .object({
    sk: z.string(),
    reason: z.string(),
    payload: z.string(),
    first_seen_at: z.string(),
    last_seen_at: z.string(),
    attempts: z.number(),
  })
  .transform(({ sk, reason, payload, first_seen_at, last_seen_at, attempts }) => ({
    key: sk,
    reason,
    payload,
    firstSeenAt: first_seen_at,
    lastSeenAt: last_seen_at,
    attempts,
  }));

/**
 * What read functions use: without the document client and the writer, so that they start quickly.
 * Every method throws StoreUnavailableError when DynamoDB can't be read.
 */
export function createDynamoDBReader(
  client: DynamoDBClient,
  tableName: string,
  nowMs = Date.now,
): CatalogReader & TriggerGate {
  const table = { client, tableName };
  const pointer = createPointerReads(table);
  const texts = createKeptTexts(KEPT_CHARACTERS);
  const snapshots = createSnapshotCache((ref, published, known) =>
    readPublished(table, ref, published, { known, texts, nowMs }),
  );
  const lookUp: CatalogReader['lookUp'] = async (ref, id) => {
    // Or a copy that lags would go out under the tag of the version that replaced it, and stay.
    const found = await readPlainRow(table, recordKey(ref, id), { consistent: true });
    if (found === undefined) return null;
    const row = recordRow.parse(found);
    return row.removed_at === undefined ? storedRecord(ref, row) : 'removed';
  };
  return {
    ...createTriggerGate(client, tableName),
    control: async (ref, { fresh } = { fresh: false }) =>
      fresh
        ? controlOf(await readPlainRow(table, controlKey(ref), { consistent: true }))
        : pointer(ref),
    snapshot: (ref, { published }) => snapshots(ref, published),
    record: async (ref, id) => liveOrNull(await lookUp(ref, id)),
    lookUp,
    runs: async (ref, limit) => {
      const newestFirst = { limit, descending: true };
      const rows = await queryPlainRows(table, partitionOf('runs', ref), newestFirst);
      return rows.map((row) => summaryRow.parse(row));
    },
    rejects: async (ref, limit) => {
      const rows = await queryPlainRows(table, partitionOf('rejects', ref), { limit });
      return rows.map((row) => rejectRow.parse(row));
    },
    recent: async (ref) => {
      const row = await readPlainRow(table, recentKey(ref));
      return row === undefined ? [] : recentRow.parse(row);
    },
    heldSample: async (ref, runId, limit) => {
      const row = await readPlainRow(table, heldPartKey(ref, runId, 0));
      return row === undefined ? [] : decodeIds(heldPart.parse(row).ids).slice(0, limit);
    },
  };
}
