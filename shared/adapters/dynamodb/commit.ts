import type { CatalogRef, ControlRecord } from '../../core/control.ts';
import type { Chunk, Hold } from '../../core/ports.ts';
import { chunkActions } from './chunk.ts';
import type { StoreContext } from './context.ts';
import { controlAction, holdValues, isMine } from './control-update.ts';
import { controlKey } from './keys.ts';
import { strongRead } from './rows.ts';
import { writeTransaction } from './transaction.ts';
import { collectGatheredGarbage } from '../garbage.ts';

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
  collectGatheredGarbage();
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
