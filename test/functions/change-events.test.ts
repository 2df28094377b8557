import { isDeepStrictEqual } from 'node:util';
import { ScanCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createHandler } from '../../functions/change-events/index.ts';
import { createTable } from '../../local/create-table.ts';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb/reader.ts';
import { createDynamoDBStore } from '../../shared/adapters/dynamodb/store.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import { CHANGE_EVENTS, type ChangeEvent } from '../../shared/core/change-event.ts';
import { UpstreamError } from '../../shared/core/errors.ts';
import { useDynamoDB } from '../support/dynamodb-under-test.ts';
import { intercepted } from '../support/failing-store.ts';
import { many } from '../support/fake-source.ts';
import { REF, syncBench } from '../support/sync-bench.ts';

type Row = Record<string, AttributeValue>;
const rowKey = ({ pk, sk }: Row): string => `${pk?.S} ${sk?.S}`;

async function rowsOf(client: DynamoDBClient, TableName: string): Promise<Map<string, Row>> {
  const { Items = [], LastEvaluatedKey } = await client.send(new ScanCommand({ TableName }));
  expect(LastEvaluatedKey).toBeUndefined();
  return new Map(Items.map((row) => [rowKey(row), row]));
}

let eventIds = 0;

/** What the table's stream would say of a write, from the rows before and after it. */
function streamOf(before: Map<string, Row>, after: Map<string, Row>): object[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  return keys
    .filter((key) => !isDeepStrictEqual(before.get(key), after.get(key)))
    .map((key) => {
      const row = after.get(key) ?? before.get(key);
      const images = { OldImage: before.get(key), NewImage: after.get(key) };
      return {
        eventID: `event-${(eventIds += 1)}`,
        dynamodb: { Keys: { pk: row?.['pk'], sk: row?.['sk'] }, ...images },
      };
    });
}

let tables = 0;

/** Real syncs on a real table; after each of its writes, the real function is given the changes. */
async function publishing(client: DynamoDBClient, rows = many(6)) {
  const tableName = `events-${(tables += 1)}`;
  await createTable(client, tableName);
  const parts = { clock: createSystemClock(), log: { warn: () => {} } };
  const store = {
    ...createDynamoDBReader(client, tableName),
    ...createDynamoDBStore(client, tableName, parts),
  };
  const published: ChangeEvent[] = [];
  const batches: object[] = [];
  const handler = createHandler(() => ({
    publish: async (events) => void published.push(...events),
  }));
  let seen = await rowsOf(client, tableName);
  const follow = async () => {
    const now = await rowsOf(client, tableName);
    const batch = { Records: streamOf(seen, now) };
    batches.push(batch);
    seen = now;
    await handler(batch);
  };
  const bench = syncBench(
    intercepted(store, () => {}, follow),
    rows,
  );
  const run = async () => {
    published.length = 0;
    await bench.sync();
    bench.untilDue();
    return published.map((event) => told(event));
  };
  return { bench, run, published, batches, handler, follow };
}

/** An event in short, checked against its documented form. */
function told({ type, detail }: ChangeEvent): string {
  CHANGE_EVENTS[type].parse(detail);
  const what = 'id' in detail ? detail.id : detail.trigger;
  return [type, what, ...('changed' in detail ? detail.changed : [])].join(' ');
}

describe('change events', () => {
  const { client } = useDynamoDB();

  test('a first sync tells its start, each record, and its end', async () => {
    const { run, published } = await publishing(client());
    const events = await run();
    expect(events[0]).toBe('Run Started schedule');
    expect(events.at(-1)).toBe('Run Finished schedule');
    expect(events.slice(1, -1).toSorted()).toEqual(
      [1, 2, 3, 4, 5, 6].map((id) => `Record Created ${id}`),
    );
    expect(published.at(-1)?.detail).toMatchObject({ outcome: 'completed', stats: { created: 6 } });
  });

  test('a first sync that a read asked for tells its start, too: the claim is all that was there', async () => {
    const { bench, run, follow } = await publishing(client());
    const nowMs = bench.clock.nowMs();
    expect(await bench.store.claimTrigger(REF, nowMs, nowMs + 30_000)).toBe(true);
    await follow();
    expect((await run())[0]).toBe('Run Started schedule');
  });

  test('a change tells which fields, a removal and a return the record; what is unchanged says nothing', async () => {
    const { bench, run } = await publishing(client());
    await run();
    expect(await run()).toEqual(['Run Started schedule', 'Run Finished schedule']);
    bench.source.rows = many(5, (id) => ({ size: id === 3 ? 9 : 0 }));
    expect((await run()).slice(1, -1)).toEqual(['Record Updated 3 size', 'Record Removed 6']);
    bench.source.rows = [{ id: 6, name: 'Back' }, ...bench.source.rows];
    expect((await run()).slice(1, -1)).toEqual(['Record Created 6']);
  });

  test('later changes of a record have higher fences', async () => {
    const { bench, run, published } = await publishing(client());
    const fences: number[] = [];
    for (const size of [1, 2, 3]) {
      bench.source.rows = many(6, () => ({ size }));
      await run();
      const of2 = published.filter(({ detail }) => 'id' in detail && detail.id === '2');
      fences.push(...of2.map(({ detail }) => detail.fence));
    }
    expect(fences).toHaveLength(3);
    expect(fences).toEqual(fences.toSorted((a, b) => a - b));
    expect(new Set(fences).size).toBe(3);
  });

  test('a run that fails and one that is held say so, and quote nothing of the supplier', async () => {
    const { bench, run, published } = await publishing(client());
    await run();
    bench.source.rows = [];
    expect((await run()).at(-1)).toBe('Run Held schedule');
    bench.source.before = () => {
      throw new UpstreamError('invalid', 'the supplier said: secret words');
    };
    expect((await run()).at(-1)).toBe('Run Failed schedule');
    expect(JSON.stringify(published)).not.toContain('secret words');
  });

  test('a batch that is given again is published again, with the same event ids', async () => {
    const { run, batches, handler, published } = await publishing(client());
    await run();
    const first = published.map(({ detail }) => detail.event_id);
    published.length = 0;
    for (const batch of batches) await handler(batch);
    expect(published.map(({ detail }) => detail.event_id)).toEqual(first);
  });

  test('a row that time deletes is no event: its removal was told when it happened', async () => {
    const published: ChangeEvent[] = [];
    const handler = createHandler(() => ({ publish: async (all) => void published.push(...all) }));
    const row = { pk: { S: 'main#things' }, sk: { S: 'n011' } };
    await handler({ Records: [{ eventID: 'e', dynamodb: { Keys: row, OldImage: row } }] });
    expect(published).toEqual([]);
    await expect(handler({ Records: [{}] })).rejects.toThrow(z.ZodError);
  });
});
