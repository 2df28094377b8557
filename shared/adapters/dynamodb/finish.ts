import type { CatalogRef, ControlRecord, RunSummary } from '../../core/control.ts';
import type { Hold } from '../../core/ports.ts';
import type { RecordId } from '../../core/record-id.ts';
import type { StoreContext } from './context.ts';
import { controlAction, holdValues, isMine } from './control-update.ts';
import { heldHeader, summaryAction, writeHeldParts } from './held.ts';
import { controlKey, runKey } from './keys.ts';
import { strongRead } from './rows.ts';
import { writeTransaction } from './transaction.ts';

export interface Ending {
  readonly summary: RunSummary | null;
  readonly held: readonly RecordId[] | null;
}

/** Ends a lease; see `CatalogStore.finish`. */
export async function finishRun(
  context: StoreContext,
  ref: CatalogRef,
  hold: Hold,
  after: ControlRecord,
  { summary, held }: Ending,
): Promise<void> {
  const { tableName } = context;
  const actions = [controlAction(tableName, ref, after, isMine, holdValues(hold))];
  if (summary !== null) actions.push(summaryAction(tableName, ref, hold, summary));
  if (held !== null) {
    const parts = await writeHeldParts(context, ref, after, held);
    actions.push(heldHeader(tableName, ref, after, parts));
  }
  await writeTransaction(context, {
    actions,
    identity: [ref.source, ref.resource, hold.runId, hold.fence, 'finish'],
    applied: () => isFinished(context, ref, hold, summary),
  });
}

/** Only this holder writes under its fence, so a free lease under it is our finish. When yet another
 *  took the lease since, the history tells. */
async function isFinished(
  context: StoreContext,
  ref: CatalogRef,
  { fence }: Hold,
  summary: RunSummary | null,
): Promise<boolean> {
  const control = await strongRead(context, controlKey(ref));
  if (control?.['fence'] === fence && control['lease_holder'] === undefined) return true;
  if (summary === null) return false;
  const run = await strongRead(context, runKey(ref, summary.runId));
  return run?.['fence'] === fence;
}
