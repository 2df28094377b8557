import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { CatalogRef, ControlRecord } from '../../core/control.ts';
import type { CatalogStore, Clock, Hold, Log } from '../../core/ports.ts';
import { acquireLease } from './acquire.ts';
import { readBodies } from './bodies.ts';
import { commitChunk } from './commit.ts';
import type { StoreContext } from './context.ts';
import { controlOf } from './control.ts';
import { finishRun } from './finish.ts';
import { discardHeldRun, readHeldIds } from './held.ts';
import { controlKey, runKey } from './keys.ts';
import { expirePublished, readLivePages, writePublishedPage } from './published.ts';
import { deleteManifests, readLedger, writeManifestBase } from './ledger.ts';
import { strongRead } from './rows.ts';
import { createTriggerGate } from './trigger-gate.ts';

export interface StoreParts {
  /** To wait between attempts. */
  readonly clock: Pick<Clock, 'sleep' | 'random'>;
  /** Told of leftovers that could not be deleted. */
  readonly log: Pick<Log, 'warn'>;
}

/** The store that the sync writes through, on DynamoDB; one table for all catalogues. */
export function createDynamoDBStore(
  client: DynamoDBClient,
  tableName: string,
  { clock, log }: StoreParts,
): CatalogStore {
  // The SDK's logger middleware copies each request and answer, fit to be logged, for a logger that does
  // nothing: a third of what sending a transaction costs.
  client.middlewareStack.remove('loggerMiddleware');
  const context: StoreContext = {
    client: DynamoDBDocumentClient.from(client),
    tableName,
    clock,
  };
  return {
    ...createTriggerGate(client, tableName),
    control: async (ref) => controlOf(await strongRead(context, controlKey(ref))),
    acquire: (ref, before, after, condition) =>
      acquireLease(context, ref, before, after, condition),
    hasRun: async (ref, runId) => (await strongRead(context, runKey(ref, runId))) !== undefined,
    ledger: (ref, control) => readLedger(context, ref, control),
    bodies: (ref, ids) => readBodies(context, ref, ids),
    commit: (ref, hold, after, chunk) => commitChunk(context, ref, hold, after, chunk),
    writeManifest: (ref, version, manifest) => writeManifestBase(context, ref, version, manifest),
    liveRecords: (ref) => readLivePages(context, ref),
    writePage: (ref, base, position, rows) =>
      writePublishedPage(context, ref, base, position, rows),
    finish: async (ref, hold, after, ending) => {
      await finishRun(context, ref, hold, after, ending);
      if (after.run !== null) return;
      await tidy(context, log, ref, hold, after, ending.summary?.finishedAtMs ?? null);
    },
    heldIds: (ref, runId) => readHeldIds(context, ref, runId),
    discardHeld: (...decision) => discardHeldRun(context, ...decision),
  };
}

/** Deletes what a finished run leaves behind, but what it has seen, which expires by itself: deleting
 *  would cost as much as writing did. Whatever stays is in nobody's way, and goes next time. */
async function tidy(
  context: StoreContext,
  log: StoreParts['log'],
  ref: CatalogRef,
  { runId, fence }: Hold,
  { manifestVersion, published }: ControlRecord,
  endedAtMs: number | null,
): Promise<void> {
  const leftovers = [
    ...(manifestVersion === fence ? [deleteManifests(context, ref, fence)] : []),
    ...(published.base === fence && endedAtMs !== null
      ? [expirePublished(context, ref, fence, endedAtMs)]
      : []),
  ];
  const failed = (await Promise.allSettled(leftovers)).filter(
    ({ status }) => status === 'rejected',
  );
  if (failed.length > 0) log.warn('leftovers_not_deleted', { ...ref, run_id: runId });
}
