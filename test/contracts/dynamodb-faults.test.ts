import {
  GetItemCommand,
  TransactionCanceledException,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { describe, expect, test } from 'vitest';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb/reader.ts';
import type { CatalogRef } from '../../shared/core/control.ts';
import { LeaseLostError, StoreUnavailableError } from '../../shared/core/errors.ts';
import { storeOver, TABLE_NAME, useDynamoDB } from '../support/dynamodb-under-test.ts';
import { ENGINE_NAME, missingEngine } from '../support/test-engine.ts';
import { createInstantClock } from '../support/instant-clock.ts';
import {
  cancelled,
  clientFault,
  plannedFaults,
  serverFault,
  timeout,
  type Fault,
} from '../support/faults.ts';
import {
  advanced,
  chunkOf,
  ended,
  holdOf,
  leased,
  newCatalog,
  NEW_CONTROL,
  NOW_MS,
  runOf,
  start,
  summaryOf,
  upsert,
} from './catalog-fixture.ts';

/** What any lease that is over meets. */
const AT_ONCE = { nowMs: NOW_MS, goneHolder: null };

const tokenOf = (input: unknown): string =>
  z.object({ ClientRequestToken: z.string().max(36) }).parse(input).ClientRequestToken;

describe.skipIf(missingEngine())(`the store under faults, on ${ENGINE_NAME}`, () => {
  const { client } = useDynamoDB();

  /** A run that has the lease, and a store whose transactions fail as planned. */
  async function withFaults(faults: readonly Fault[]) {
    const ref = newCatalog();
    const control = await start(storeOver(client()), ref, 'run-1');
    const faulty = client();
    const sent = plannedFaults(faulty, 'TransactWriteItemsCommand', faults);
    const reader = createDynamoDBReader(client('read'), TABLE_NAME);
    const bad = { kind: 'reject', key: '9', reason: 'no title', payload: '{}' } as const;
    const chunk = chunkOf([upsert('1'), bad]);
    const store = storeOver(faulty, createInstantClock());
    const commit = () => store.commit(ref, holdOf(control), advanced(control), chunk);
    return { ref, control, store, sent, reader, commit };
  }

  test('a commit applied with its reply lost counts as applied, once', async () => {
    for (const error of [timeout(), serverFault()]) {
      const { ref, commit, store, reader, control } = await withFaults([{ loseReply: error }]);
      await commit();
      expect(await store.control(ref)).toEqual(advanced(control));
      expect(await reader.rejects(ref, 10)).toMatchObject([{ attempts: 1 }]);
    }
  });

  test('a commit applied with its reply lost is recognised when its repetition is refused', async () => {
    const { commit, sent } = await withFaults([
      { loseReply: cancelled('ConditionalCheckFailed', 'None') },
    ]);
    await commit();
    expect(sent).toHaveLength(1);
  });

  test('a commit cancelled by a conflict or a throttle is sent again, the same under the same token', async () => {
    const { commit, sent, reader, ref } = await withFaults([
      { refuse: cancelled('None', 'TransactionConflict') },
      { refuse: cancelled('ThrottlingError', 'None', 'TransactionConflict') },
      { refuse: cancelled('ProvisionedThroughputExceeded') },
      { refuse: cancelled('TransactionConflict', 'None') },
      { refuse: clientFault('TransactionInProgressException') },
    ]);
    await commit();
    expect(sent).toHaveLength(6);
    expect(new Set(sent.map(({ input }) => tokenOf(input))).size).toBe(1);
    expect(new Set(sent.map(({ input }) => JSON.stringify(input))).size).toBe(1);
    expect(await reader.record(ref, '1')).not.toBeNull();
  });

  test('a commit that is cancelled for a fault of its own is not sent again', async () => {
    const { commit, sent } = await withFaults([
      { refuse: cancelled('None', 'TransactionConflict', 'ValidationError') },
    ]);
    await expect(commit()).rejects.toThrow(TransactionCanceledException);
    expect(sent).toHaveLength(1);
  });

  test('a commit that never reached the store is sent again', async () => {
    const { commit, sent, reader, ref } = await withFaults([{ refuse: timeout() }]);
    await commit();
    expect(sent).toHaveLength(2);
    expect(await reader.record(ref, '1')).not.toBeNull();
  });

  test('what is not known to be written is tried twice, after all the SDK’s own attempts', async () => {
    for (const unknown of [timeout(), serverFault(), cancelled('None')]) {
      const { commit, sent } = await withFaults(
        Array.from({ length: 9 }, () => ({ refuse: unknown })),
      );
      await expect(commit()).rejects.toThrow(StoreUnavailableError);
      expect(sent).toHaveLength(2);
    }
  });

  test('a commit that keeps being refused gives up with nothing written', async () => {
    const always = Array.from({ length: 50 }, () => ({ refuse: cancelled('TransactionConflict') }));
    const { commit, sent, reader, ref } = await withFaults(always);
    await expect(commit()).rejects.toThrow(StoreUnavailableError);
    expect(sent.length).toBeLessThan(20);
    expect(await reader.record(ref, '1')).toBeNull();
  });

  test('a lost reply is no excuse for another’s write: a newer holder still wins', async () => {
    const { commit, ref, control } = await withFaults([{ refuse: timeout() }]);
    const next = leased(control, runOf('run-1', { chunks: 1, cursor: 'page-2' }));
    const other = storeOver(client());
    await other.acquire(ref, control, next, { nowMs: NOW_MS, goneHolder: control.leaseHolder });
    await expect(commit()).rejects.toThrow(LeaseLostError);
    expect(await other.control(ref)).toEqual(next);
  });

  test('a chunk whose content differs from the one applied in its place is refused', async () => {
    const { commit, store, ref, control } = await withFaults([]);
    await commit();
    const other = advanced(control, { version: 99 });
    const moved = { ...other, run: other.run && { ...other.run, cursor: 'elsewhere' } };
    const again = store.commit(ref, holdOf(control), moved, chunkOf([upsert('2')]));
    await expect(again).rejects.toThrow(LeaseLostError);
  });

  test('a transaction of which one write fails writes nothing', async () => {
    const { store, ref, control, reader } = await withFaults([]);
    const tooLarge = upsert('2', 'x'.repeat(450_000));
    const chunk = chunkOf([upsert('1'), tooLarge]);
    const commit = store.commit(ref, holdOf(control), advanced(control), chunk);
    await expect(commit).rejects.toMatchObject({
      name: expect.stringMatching(/^(?:ValidationException|TransactionCanceledException)$/),
    });
    expect(await reader.record(ref, '1')).toBeNull();
    expect(await store.control(ref)).toEqual(control);
  });

  test('a finish applied with its reply lost counts as done, also when the next run has begun', async () => {
    const { store, ref, control } = await withFaults([
      { loseReply: timeout() },
      { loseReply: timeout() },
    ]);
    const ending = { summary: summaryOf('run-1'), held: null };
    await store.finish(ref, holdOf(control), ended(control), ending);
    expect(await store.control(ref)).toEqual(ended(control));
    await start(storeOver(client()), ref, 'run-2');
    const again = client();
    plannedFaults(again, 'TransactWriteItemsCommand', [
      { refuse: cancelled('ConditionalCheckFailed') },
    ]);
    const late = storeOver(again).finish(ref, holdOf(control), ended(control), ending);
    await expect(late).resolves.toBeUndefined();
  });

  test('a finish that never reached the store is sent again', async () => {
    const { store, ref, control, sent } = await withFaults([{ refuse: timeout() }]);
    const ending = { summary: summaryOf('run-1'), held: null };
    await store.finish(ref, holdOf(control), ended(control), ending);
    expect(sent).toHaveLength(2);
    expect(await store.control(ref)).toEqual(ended(control));
  });

  test('a pause applied with its reply lost counts as done', async () => {
    const { store, ref, control } = await withFaults([
      { loseReply: cancelled('ConditionalCheckFailed') },
    ]);
    const paused = { ...control, leaseHolder: null, leaseExpiresAtMs: 0 };
    await store.finish(ref, holdOf(control), paused, { summary: null, held: null });
    expect(await store.control(ref)).toEqual(paused);
  });

  test('a pause whose lease another has taken since is lost', async () => {
    const { store, ref, control } = await withFaults([{ refuse: timeout() }]);
    const next = leased(control, runOf('run-1'));
    const condition = { nowMs: NOW_MS, goneHolder: control.leaseHolder };
    await storeOver(client()).acquire(ref, control, next, condition);
    const paused = { ...control, leaseHolder: null, leaseExpiresAtMs: 0 };
    const pause = store.finish(ref, holdOf(control), paused, { summary: null, held: null });
    await expect(pause).rejects.toThrow(LeaseLostError);
  });

  /** Acquires through the SDK's own retries, after a first attempt that came to no reply. */
  async function acquiredAfter(first: (ref: CatalogRef, send: () => Promise<unknown>) => unknown) {
    const ref = newCatalog();
    const losing = client();
    let attempts = 0;
    losing.middlewareStack.add(
      (next, context) => async (call) => {
        if (context.commandName !== 'UpdateItemCommand') return next(call);
        attempts += 1;
        if (attempts > 1) return next(call);
        await first(ref, () => next(call));
        throw timeout();
      },
      // Inside the SDK's retries, so that it sends the request again.
      { step: 'finalizeRequest', priority: 'low', name: 'loseFirstReply' },
    );
    const after = leased(NEW_CONTROL, runOf('run-1'));
    const isAcquired = await storeOver(losing).acquire(ref, NEW_CONTROL, after, AT_ONCE);
    expect(attempts).toBe(2);
    return isAcquired;
  }

  test('an acquire that the SDK repeated after a lost reply knows its own lease', async () => {
    expect(await acquiredAfter((_ref, send) => send())).toBe(true);
  });

  test('an acquire that is repeated after another was quicker is none', async () => {
    const other = leased(NEW_CONTROL, runOf('run-2'), { leaseHolder: 'another' });
    const isQuicker = (ref: CatalogRef) =>
      storeOver(client()).acquire(ref, NEW_CONTROL, other, AT_ONCE);
    expect(await acquiredAfter(isQuicker)).toBe(false);
  });

  test('a control record of a run under way takes one write unit: 1 KB at most', async () => {
    const ref = newCatalog();
    const store = storeOver(client());
    const run = runOf('01KAMXJ2V8Q0Z3T5W7Y9B1D3F5', {
      cursor: '?page=1234&page_size=100',
      chunks: 1234,
      pagesRead: 12_345,
      rowsRead: 123_456,
      expected: 123_456,
      configuration: 'AAAAAAAAAAAAAAAA',
    });
    const leaseHolder = 'lambda:01KAMXJ2V8Q0Z3T5W7Y9B1D3F5';
    const after = leased(NEW_CONTROL, run, { leaseHolder, lastSuccessAtMs: NOW_MS, version: 1234 });
    await store.acquire(ref, NEW_CONTROL, after, { nowMs: NOW_MS, goneHolder: null });
    const Key = { pk: { S: `control#${ref.source}#products` }, sk: { S: 'control' } };
    const touch = new UpdateItemCommand({
      TableName: TABLE_NAME,
      Key,
      UpdateExpression: 'SET #t = :t',
      ExpressionAttributeNames: { '#t': 'trigger_claimed_until_ms' },
      ExpressionAttributeValues: { ':t': { N: `${NOW_MS}` } },
      ReturnConsumedCapacity: 'TOTAL',
    });
    const { ConsumedCapacity } = await client().send(touch);
    const { Item } = await client().send(new GetItemCommand({ TableName: TABLE_NAME, Key }));
    expect(Item?.['run_id']?.S).toBe(run.runId);
    expect(ConsumedCapacity?.CapacityUnits).toBe(1);
  });
});
