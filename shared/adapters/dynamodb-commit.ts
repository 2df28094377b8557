import type { CatalogRef, ControlRecord } from '../core/control.ts';
import type { Chunk, Hold } from '../core/ports.ts';
import { chunkActions } from './dynamodb-chunk.ts';
import type { StoreContext } from './dynamodb-context.ts';
import { controlAction, holdValues, isMine } from './dynamodb-control-update.ts';
import { controlKey } from './dynamodb-keys.ts';
import { strongRead } from './dynamodb-rows.ts';
import { writeTransaction } from './dynamodb-transaction.ts';
import { collectGarbage } from './garbage.ts';

/** Left to itself, V8 lets what a large catalogue leaves behind grow to twice what a small one takes. */
const CHUNKS_UNTIL_FREED = 40;

/** Writes one chunk and the control record; see `CatalogStore.commit`. */
export async function commitChunk(
  context: StoreContext,
  ref: CatalogRef,
  hold: Hold,
  after: ControlRecord,
  chunk: Chunk,
): Promise<void> {
  const { tableName } = context;
  if (after.run === null) throw new TypeError('a commit needs a run');
  const { chunks } = after.run;
  const isNext = '#chunks = :chunks_before';
  const control = controlAction(tableName, ref, after, `${isMine} AND ${isNext}`, {
    ...holdValues(hold),
    ':chunks_before': chunks - 1,
  });
  if (chunks % CHUNKS_UNTIL_FREED === 0) collectGarbage();
  const ours = JSON.stringify(after.run);
  await writeTransaction(context, {
    actions: [control, ...chunkActions({ tableName, ref, hold, after, chunk })],
    identity: [ref.source, ref.resource, hold.runId, hold.fence, chunks],
    applied: async () => {
      const row = await strongRead(context, controlKey(ref));
      return row?.['fence'] === hold.fence && row['run'] === ours;
    },
  });
}
