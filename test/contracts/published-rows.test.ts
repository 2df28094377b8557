import { describe, expect, test } from 'vitest';
import type { CatalogRef, ControlRecord } from '../../shared/core/control.ts';
import { VersionGoneError } from '../../shared/core/errors.ts';
import type { CatalogStore } from '../../shared/core/ports.ts';
import { NOT_PUBLISHED } from '../../shared/core/published.ts';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb/reader.ts';
import { storeOver, TABLE_NAME, useDynamoDB } from '../support/dynamodb-under-test.ts';
import { plannedFaults } from '../support/faults.ts';
import {
  chunkOf,
  commitNext,
  ended,
  holdOf,
  newCatalog,
  start,
  summaryOf,
  upsert,
} from './catalog-fixture.ts';

const DAY_MS = 86_400_000;

describe('rows of published versions', () => {
  const { client } = useDynamoDB();

  /** Publishes one page as the base of a new run, over what was there. */
  const withBase = async (
    store: CatalogStore,
    ref: CatalogRef,
    runId: string,
    finishedAtMs = summaryOf(runId).finishedAtMs,
  ) => {
    const active = await start(store, ref, runId);
    const before = await commitNext(store, ref, active, chunkOf([upsert('1'), upsert('2')]));
    await store.writePage(ref, before.fence, 0, [
      { id: '1', syncedAt: '2026-11-22T10:00:00.000Z', body: {}, fixed: null, search: '' },
    ]);
    const { fence, version } = before;
    const after = ended(before, {
      published: { ...NOT_PUBLISHED, base: fence, pages: 1, version },
    });
    const summary = { ...summaryOf(runId), finishedAtMs };
    await store.finish(ref, holdOf(before), after, { summary, held: null });
    return { before, after };
  };
  const underTest = () => {
    const writing = client();
    const updates = plannedFaults(writing, 'UpdateItemCommand', []);
    const expired = () =>
      updates
        .map(({ input }) => JSON.stringify(input))
        .filter((text) => text.includes('published#'));
    return { store: storeOver(writing), expired };
  };

  test('of a base that was replaced expire a day after it, what came before the first base with them', async () => {
    const { store, expired } = underTest();
    const ref = newCatalog();
    const first = await withBase(store, ref, 'run-1');
    const second = await withBase(store, ref, 'run-2');
    const atSeconds = (summaryOf('run-2').finishedAtMs + DAY_MS) / 1000;
    const base = String(first.after.published.base).padStart(12, '0');
    const keys = ['000000000000#change#000000000001#0000', `${base}#base#00000000`];
    expect(expired()).toHaveLength(3);
    expect(expired()[0]).toContain(`${atSeconds}`);
    for (const key of keys) expect(expired().join()).toContain(key);
    expect(expired().join()).toContain(`${base}#change#`);
    const readAt = (nowMs: number, control: ControlRecord) =>
      createDynamoDBReader(client('read'), TABLE_NAME, () => nowMs).snapshot(ref, control);
    expect((await readAt(atSeconds * 1000 - 1, first.after)).records).toHaveLength(1);
    expect((await readAt(atSeconds * 1000, second.after)).records).toHaveLength(1);
    // Then they go one by one, in any order: what is left of them is no version.
    await expect(readAt(atSeconds * 1000, first.after)).rejects.toThrow(VersionGoneError);
    const allGone = { ...first.after, published: { ...NOT_PUBLISHED, base: 77, version: 1 } };
    await expect(readAt(0, allGone)).rejects.toThrow(VersionGoneError);
  });

  test('expire a day after they were replaced, however often something is published since', async () => {
    const { store, expired } = underTest();
    const ref = newCatalog();
    await withBase(store, ref, 'run-1');
    await withBase(store, ref, 'run-2');
    const once = expired().length;
    await withBase(store, ref, 'run-3');
    // What the second put, and its base: not what was replaced by it.
    expect(expired().length).toBeLessThan(2 * once);
    expect(new Set(expired()).size).toBe(expired().length);
  });

  test('are left to a walk for a day, and deleted then where DynamoDB has not', async () => {
    const { store } = underTest();
    const ref = newCatalog();
    const first = await withBase(store, ref, 'run-1');
    await withBase(store, ref, 'run-2');
    await withBase(store, ref, 'run-3');
    const read = () =>
      createDynamoDBReader(client('read'), TABLE_NAME, () => 0).snapshot(ref, first.after);
    expect((await read()).records).toHaveLength(1);
    await withBase(store, ref, 'run-4', summaryOf('run-4').finishedAtMs + 2 * DAY_MS);
    await expect(read()).rejects.toThrow(VersionGoneError);
  });

  test('are read back as they are stored now when a base is written from them', async () => {
    const { store } = underTest();
    const ref = newCatalog();
    await withBase(store, ref, 'run-1');
    const reading = client();
    const sent = plannedFaults(reading, 'QueryCommand', []);
    for await (const records of storeOver(reading).liveRecords(ref)) {
      expect(records).toHaveLength(2);
    }
    expect(sent.map(({ input }) => JSON.stringify(input)).join()).toContain(
      '"ConsistentRead":true',
    );
  });

  test('that a first sync put before there was a base stay until one is replaced', async () => {
    const { store, expired } = underTest();
    const ref = newCatalog();
    const { before, after } = await withBase(store, ref, 'run-1');
    expect(expired()).toEqual([]);
    const reader = createDynamoDBReader(client('read'), TABLE_NAME);
    expect((await reader.snapshot(ref, before)).records).toHaveLength(2);
    expect((await reader.snapshot(ref, after)).records).toHaveLength(1);
  });
});
