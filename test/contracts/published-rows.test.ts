import { describe, expect, test } from 'vitest';
import { NOT_PUBLISHED } from '../../shared/core/published.ts';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb-reader.ts';
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

  test('of a base that was replaced expire a day after it, those of the new one never', async () => {
    const writing = client();
    const expired = plannedFaults(writing, 'UpdateItemCommand', []);
    const store = storeOver(writing);
    const ref = newCatalog();
    const first = await start(store, ref, 'run-1');
    const before = await commitNext(store, ref, first, chunkOf([upsert('1'), upsert('2')]));
    await store.writePage(ref, before.fence, 0, [
      { id: '1', syncedAt: '2026-11-22T10:00:00.000Z', body: {}, fixed: null, search: '' },
    ]);
    const published = { ...NOT_PUBLISHED, base: before.fence, pages: 1, version: 1 };
    const summary = summaryOf('run-1');
    const after = ended(before, { published });
    await store.finish(ref, holdOf(before), after, { summary, held: null });
    const atSeconds = (summary.finishedAtMs + DAY_MS) / 1000;
    const updates = expired.filter(({ input }) => JSON.stringify(input).includes('published#'));
    expect(updates).toHaveLength(1);
    expect(JSON.stringify(updates[0]?.input)).toContain(`${atSeconds}`);
    expect(JSON.stringify(updates[0]?.input)).toContain('000000000000#change#000000000001#0000');
    const reader = createDynamoDBReader(client('read'), TABLE_NAME);
    expect((await reader.snapshot(ref, before)).records).toHaveLength(2);
    expect((await reader.snapshot(ref, after)).records).toHaveLength(1);
  });
});
