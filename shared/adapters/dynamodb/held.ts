import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { CatalogRef, ControlRecord, Held, RunSummary } from '../../core/control.ts';
import { LeaseLostError } from '../../core/errors.ts';
import type { RecordId } from '../../core/record-id.ts';
import type { Action, StoreContext } from './context.ts';
import { controlAction } from './control-update.ts';
import { callStore } from './errors.ts';
import { expiresAt, KEPT_DAYS } from './expiry.ts';
import { controlKey, heldKey, heldPartKey, partitionOf, runKey } from './keys.ts';
import { deleteRows, queryRows, strongRead } from './rows.ts';
import { writeTransaction } from './transaction.ts';
import { noLease } from './trigger-gate.ts';
import { unchangedSince } from './unchanged.ts';
import { decodeIds } from './id-codec.ts';
import { packIds } from './manifest-codec.ts';

/** Writes held ids ahead of the transaction that puts them in force, since they may exceed what one
 *  holds. Returns the number of parts. */
export async function writeHeldParts(
  { client, tableName }: StoreContext,
  ref: CatalogRef,
  after: ControlRecord,
  ids: readonly RecordId[],
): Promise<number> {
  const { runId, atMs } = heldOf(after);
  const parts = packIds(ids);
  for (const [part, packed] of parts.entries()) {
    const expires_at = expiresAt(atMs, KEPT_DAYS.held);
    const Item = { ...heldPartKey(ref, runId, part), ids: packed, expires_at };
    await callStore(() => client.send(new PutCommand({ TableName: tableName, Item })));
  }
  return parts.length;
}

/** Puts the parts in force. */
export function heldHeader(
  tableName: string,
  ref: CatalogRef,
  after: ControlRecord,
  parts: number,
): Action {
  const { runId, atMs } = heldOf(after);
  const expires_at = expiresAt(atMs, KEPT_DAYS.held);
  return { Put: { TableName: tableName, Item: { ...heldKey(ref, runId), parts, expires_at } } };
}

const headerRow = z.object({ parts: z.number() });
const partRow = z.object({ ids: z.instanceof(Uint8Array) });

/** See `CatalogStore.heldIds`. */
export async function readHeldIds(
  context: StoreContext,
  ref: CatalogRef,
  runId: string,
): Promise<readonly RecordId[] | null> {
  const rows = await queryRows(context, partitionOf('held', ref), { startsWith: runId });
  const { sk } = heldKey(ref, runId);
  const header = rows.find((row) => row['sk'] === sk);
  if (header === undefined) return null;
  const { parts } = headerRow.parse(header);
  const ids = rows
    .filter((row) => row !== header)
    .slice(0, parts)
    .map((row) => decodeIds(partRow.parse(row).ids));
  return ids.flat();
}

/** See `CatalogStore.discardHeld`. `after` was made from a control record that nobody may have
 *  changed since. */
export async function discardHeldRun(
  context: StoreContext,
  ref: CatalogRef,
  runId: string,
  after: ControlRecord,
  nowMs: number,
  summary?: RunSummary,
): Promise<boolean> {
  const { tableName } = context;
  const isHeld = async () =>
    (await strongRead(context, controlKey(ref)))?.['held_run_id'] === runId;
  // Or the same discard again would be answered by its token with the first one's success.
  if (!(await isHeld())) return false;
  const seen = { ...after, held: { runId } };
  const unchanged = unchangedSince(seen);
  const control = controlAction(tableName, ref, after, `${unchanged.condition} AND ${noLease}`, {
    ...unchanged.values,
    ':now': nowMs,
  });
  const header: Action = { Delete: { TableName: tableName, Key: heldKey(ref, runId) } };
  try {
    await writeTransaction(context, {
      actions: [
        control,
        header,
        ...(summary ? [summaryAction(tableName, ref, after, summary)] : []),
      ],
      identity: [ref.source, ref.resource, runId, after.fence, 'discard', nowMs],
      applied: async () => !(await isHeld()),
    });
  } catch (error) {
    if (error instanceof LeaseLostError) return false;
    throw error;
  }
  // Without their header the parts are nothing; what is left of them expires.
  await deleteRows(context, partitionOf('held', ref), `${runId}#`);
  return true;
}

/** Puts a run into the history. */
export function summaryAction(
  tableName: string,
  ref: CatalogRef,
  { fence }: { readonly fence: number },
  summary: RunSummary,
): Action {
  const key = runKey(ref, summary.runId);
  const expires_at = expiresAt(summary.finishedAtMs, KEPT_DAYS.run);
  const Item = { ...key, fence, summary: JSON.stringify(summary), expires_at };
  return { Put: { TableName: tableName, Item } };
}

function heldOf({ held }: ControlRecord): Held {
  if (held === null) throw new TypeError('held ids need a held run in the control record');
  return held;
}
