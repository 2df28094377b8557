import { paginateQuery, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { CatalogRef, ControlRecord } from '../../core/control.ts';
import type { Chunk } from '../../core/ports.ts';
import type { PublishedRow } from '../../core/published.ts';
import type { StoredRecord } from '../../core/resource.ts';
import type { Action, StoreContext } from './context.ts';
import { collectGatheredGarbage } from '../garbage.ts';
import { callStore } from './errors.ts';
import { expiresAt, KEPT_DAYS } from './expiry.ts';
import { namesIn } from './expressions.ts';
import {
  partitionOf,
  publishedBaseKey,
  publishedChangeKey,
  publishedPrefix,
  recordPartition,
} from './keys.ts';
import { deleteKeys, KEY_ATTRIBUTES, replacedRows } from './rows.ts';
import { packPage, packPages } from './page-codec.ts';
import { recordRow, storedRecord } from '../stored-record.ts';

/** See `CatalogStore.writePage`. */
export async function writePublishedPage(
  { client, tableName }: StoreContext,
  ref: CatalogRef,
  base: number,
  position: number,
  rows: readonly PublishedRow[],
): Promise<void> {
  const Item = { ...publishedBaseKey(ref, base, position), ...packPage(rows) };
  collectGatheredGarbage();
  await callStore(() => client.send(new PutCommand({ TableName: tableName, Item })));
}

/** What a chunk changes over the published base, as pages of the version it makes. */
export function publishedActions(
  tableName: string,
  ref: CatalogRef,
  { version, published }: ControlRecord,
  { writes, storedAt: syncedAt }: Chunk,
): Action[] {
  const rows: PublishedRow[] = [];
  const removed: string[] = [];
  for (const write of writes) {
    if (write.kind === 'upsert') rows.push({ id: write.id, syncedAt, ...write.listed });
    if (write.kind === 'tombstone') removed.push(write.id);
  }
  if (rows.length + removed.length === 0) return [];
  return packPages(rows).map((page, part) => {
    const key = publishedChangeKey(ref, published.base, version, part);
    // Ids that leave are with the first part.
    const gone = JSON.stringify(part === 0 ? removed : []);
    return { Put: { TableName: tableName, Item: { ...key, ...page, removed: gone } } };
  });
}

/** DynamoDB would answer 1 MB at once, which is ten in memory. */
const ROWS_AT_ONCE = 250;

/** See `CatalogStore.liveRecords`. */
export async function* readLivePages(
  { client, tableName }: StoreContext,
  ref: CatalogRef,
): AsyncGenerator<readonly StoredRecord[]> {
  const expressions = {
    KeyConditionExpression: '#pk = :pk',
    FilterExpression: 'attribute_not_exists(#removed_at)',
    ProjectionExpression: '#sk, #body, #synced_at',
  };
  const pages = paginateQuery(
    { client },
    {
      TableName: tableName,
      ...expressions,
      ConsistentRead: true,
      ExpressionAttributeNames: namesIn(...Object.values(expressions)),
      ExpressionAttributeValues: { ':pk': recordPartition(ref) },
      ScanIndexForward: false,
      Limit: ROWS_AT_ONCE,
    },
  )[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await callStore(() => pages.next());
    if (done === true) return;
    yield (value.Items ?? []).map((row) => storedRecord(ref, recordRow.parse(row)));
  }
}

const EXPIRED_AT_ONCE = 25;

const leftRow = z.object({ pk: z.string(), sk: z.string(), expires_at: z.number().optional() });

/** Lets what the bases before `base` have left go a day from now, so that walks over it come to their end. */
export async function expirePublished(
  context: StoreContext,
  ref: CatalogRef,
  base: number,
  nowMs: number,
): Promise<void> {
  const versioned = { partition: partitionOf('published', ref), prefix: publishedPrefix };
  const attributes = [...KEY_ATTRIBUTES, 'expires_at'];
  const rows = await replacedRows(context, versioned, base, attributes);
  const left = rows.map((row) => leftRow.parse(row));
  const kept = left.filter(({ expires_at }) => expires_at === undefined);
  const atSeconds = expiresAt(nowMs, KEPT_DAYS.published);
  for (let at = 0; at < kept.length; at += EXPIRED_AT_ONCE) {
    const some = kept.slice(at, at + EXPIRED_AT_ONCE);
    await Promise.all(some.map(({ pk, sk }) => expire(context, { pk, sk }, atSeconds)));
  }
  // DynamoDB takes days over it, and the embedded engine never does it.
  const over = left.filter(({ expires_at = Infinity }) => expires_at * 1000 < nowMs);
  await deleteKeys(
    context,
    over.map(({ pk, sk }) => ({ pk, sk })),
  );
}

async function expire(
  { client, tableName }: StoreContext,
  Key: { readonly pk: string; readonly sk: string },
  atSeconds: number,
): Promise<void> {
  const UpdateExpression = 'SET #expires_at = :at';
  const ConditionExpression = 'attribute_exists(#pk)';
  const update = new UpdateCommand({
    TableName: tableName,
    Key,
    UpdateExpression,
    ConditionExpression,
    ExpressionAttributeNames: namesIn(UpdateExpression, ConditionExpression),
    ExpressionAttributeValues: { ':at': atSeconds },
  });
  await callStore(() => client.send(update));
}
