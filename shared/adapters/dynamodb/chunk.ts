import type { CatalogRef, ControlRecord } from '../../core/control.ts';
import type { CatalogWrite, Chunk, Hold } from '../../core/ports.ts';
import type { RecordId } from '../../core/record-id.ts';
import type { Action } from './context.ts';
import { expiresAt, KEPT_DAYS } from './expiry.ts';
import { namesIn } from './expressions.ts';
import { manifestDeltaKey, recentKey, recordKey, rejectKey, seenKey, type RowKey } from './keys.ts';
import { publishedActions } from './published.ts';
import { encodeIds } from './id-codec.ts';
import { packHashes } from './manifest-codec.ts';

/** DynamoDB takes 100 actions a transaction; the control record and the bookkeeping need theirs. */
const MAX_WRITES = 90;

/** A chunk's place: under whose hold, and as which one of its run. */
interface Placed {
  readonly tableName: string;
  readonly ref: CatalogRef;
  readonly hold: Hold;
  readonly after: ControlRecord;
  readonly chunk: Chunk;
}

/** All writes of a chunk but the control record's.
 *  @throws RangeError above 90 writes: the core's mistake. */
export function chunkActions(placed: Placed): Action[] {
  const { tableName, ref, chunk } = placed;
  if (chunk.writes.length > MAX_WRITES) {
    throw new RangeError(`a chunk of ${chunk.writes.length} writes: at most ${MAX_WRITES}`);
  }
  return [
    ...chunk.writes.map((write) => writeAction({ ...placed, write })),
    ...deltaActions(placed),
    ...publishedActions(tableName, ref, placed.after, chunk),
    ...seenActions(placed),
    ...recentActions(placed),
  ];
}

type OneWrite = Placed & { readonly write: CatalogWrite };
type Upsert = Extract<CatalogWrite, { kind: 'upsert' }>;

function writeAction(placed: OneWrite): Action {
  const { tableName, ref, hold, after, chunk, write } = placed;
  switch (write.kind) {
    case 'upsert':
      // Where nothing was ever removed there is no tombstone either.
      return write.isNew && after.removedCount === 0
        ? insertAction(placed, write)
        : upsertAction(placed, write);
    case 'tombstone':
      return updateAction(tableName, recordKey(ref, write.id), TOMBSTONE, {
        ':fence': hold.fence,
        ':stored_at': chunk.storedAt,
        ':expires_at': expiresAt(Date.parse(chunk.storedAt), KEPT_DAYS.tombstone),
      });
    case 'reject':
      return updateAction(tableName, rejectKey(ref, write.key), REJECT, {
        ':reason': write.reason,
        ':payload': write.payload,
        ':stored_at': chunk.storedAt,
        ':expires_at': expiresAt(Date.parse(chunk.storedAt), KEPT_DAYS.reject),
        ':one': 1,
      });
    case 'clear_reject':
      return { Delete: { TableName: tableName, Key: rejectKey(ref, write.key) } };
  }
}

/** For a row that is not there: a fraction of what DynamoDB and we have to do for an expression. */
function insertAction({ tableName, ref, hold, chunk }: Placed, write: Upsert): Action {
  const { json: body, hash } = write;
  const { storedAt } = chunk;
  const times = { synced_at: storedAt, created_at: storedAt };
  const Item = { ...recordKey(ref, write.id), body, hash, fence: hold.fence, ...times };
  return { Put: { TableName: tableName, Item } };
}

function upsertAction({ tableName, ref, hold, chunk }: Placed, write: Upsert): Action {
  return updateAction(tableName, recordKey(ref, write.id), UPSERT, {
    ':body': write.json,
    ':hash': write.hash,
    ':fence': hold.fence,
    ':stored_at': chunk.storedAt,
  });
}

/** Also brings a tombstone back to life: `created_at` stays as first stored. */
const UPSERT =
  'SET #body = :body, #hash = :hash, #fence = :fence, #synced_at = :stored_at, ' +
  '#created_at = if_not_exists(#created_at, :stored_at) REMOVE #removed_at, #expires_at';
const TOMBSTONE = 'SET #removed_at = :stored_at, #expires_at = :expires_at, #fence = :fence';
const REJECT =
  'SET #reason = :reason, #payload = :payload, #last_seen_at = :stored_at, ' +
  '#first_seen_at = if_not_exists(#first_seen_at, :stored_at), #expires_at = :expires_at ' +
  'ADD #attempts :one';

function updateAction(
  tableName: string,
  key: RowKey,
  expression: string,
  values: Record<string, string | number>,
): Action {
  return {
    Update: {
      TableName: tableName,
      Key: key,
      UpdateExpression: expression,
      ExpressionAttributeNames: namesIn(expression),
      ExpressionAttributeValues: values,
    },
  };
}

/** What this chunk changes of the manifest that is in force. */
function deltaActions({ tableName, ref, hold, after, chunk }: Placed): Action[] {
  const upserts: [RecordId, string][] = [];
  const removed: RecordId[] = [];
  for (const write of chunk.writes) {
    if (write.kind === 'upsert') upserts.push([write.id, write.hash]);
    if (write.kind === 'tombstone') removed.push(write.id);
  }
  if (upserts.length + removed.length === 0) return [];
  const key = manifestDeltaKey(ref, after.manifestVersion, hold.fence, chunkNumber(after));
  const delta = { ...packHashes(new Map(upserts)), removed: encodeIds(removed) };
  return [{ Put: { TableName: tableName, Item: { ...key, run_id: hold.runId, ...delta } } }];
}

/** Kept for longer than any run takes: only a resumed run reads it. */
function seenActions({ tableName, ref, hold, after, chunk }: Placed): Action[] {
  if (chunk.seen.length === 0) return [];
  const key = seenKey(ref, hold.runId, hold.fence, chunkNumber(after));
  const expires_at = expiresAt(Date.parse(chunk.storedAt), KEPT_DAYS.seen);
  const Item = { ...key, ids: encodeIds(chunk.seen), expires_at };
  return [{ Put: { TableName: tableName, Item } }];
}

function recentActions({ tableName, ref, chunk }: Placed): Action[] {
  if (chunk.recent === null) return [];
  const Item = { ...recentKey(ref), records: JSON.stringify(chunk.recent) };
  return [{ Put: { TableName: tableName, Item } }];
}

const chunkNumber = ({ run }: ControlRecord): number => run?.chunks ?? 0;
