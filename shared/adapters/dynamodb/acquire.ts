import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { CatalogRef, ControlRecord } from '../../core/control.ts';
import type { StoreContext } from './context.ts';
import { controlUpdate } from './control-update.ts';
import { callStore, nameOf } from './errors.ts';
import { controlKey } from './keys.ts';
import { strongRead } from './rows.ts';
import { noLease } from './trigger-gate.ts';
import { unchangedSince } from './unchanged.ts';

const refusal = z.object({ $metadata: z.object({ attempts: z.number().default(1) }) });

/** See `CatalogStore.acquire`. */
export async function acquireLease(
  context: StoreContext,
  ref: CatalogRef,
  before: ControlRecord,
  after: ControlRecord,
  { nowMs, goneHolder }: { readonly nowMs: number; readonly goneHolder: string | null },
): Promise<boolean> {
  const unchanged = unchangedSince(before);
  const leaseIsGone = goneHolder === null ? noLease : `(${noLease} OR #lease_holder = :gone)`;
  const condition = `${unchanged.condition} AND ${leaseIsGone}`;
  const update = controlUpdate(context.tableName, ref, after, condition, {
    ...unchanged.values,
    ':now': nowMs,
    ...(goneHolder === null ? {} : { ':gone': goneHolder }),
  });
  try {
    await callStore(() => context.client.send(new UpdateCommand(update)));
    return true;
  } catch (error) {
    if (nameOf(error) !== 'ConditionalCheckFailedException') throw error;
    // A request that the SDK repeated may be refused because its first attempt, whose reply was lost,
    // took the lease.
    const wasRepeated = refusal.parse(error).$metadata.attempts > 1;
    return wasRepeated && (await isHeldBy(context, ref, after));
  }
}

async function isHeldBy(
  context: StoreContext,
  ref: CatalogRef,
  { fence, leaseHolder }: ControlRecord,
): Promise<boolean> {
  const row = await strongRead(context, controlKey(ref));
  return row?.['fence'] === fence && row['lease_holder'] === leaseHolder;
}
