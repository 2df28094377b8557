import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb/reader.ts';
import type { CatalogRef } from '../../shared/core/control.ts';
import { LeaseLostError } from '../../shared/core/errors.ts';
import type { CatalogStore } from '../../shared/core/ports.ts';
import { storeOver, TABLE_NAME, useDynamoDB } from '../support/dynamodb-under-test.ts';
import { countedUnits } from '../support/counted-units.ts';
import { ENGINE_NAME, missingEngine } from '../support/test-engine.ts';
import { cancelled, plannedFaults, serverFault } from '../support/faults.ts';
import {
  chunkOf,
  commitNext,
  ended,
  hashOf,
  holdOf,
  LATER_AT,
  newCatalog,
  NO_ENDING,
  NOW_MS,
  start,
  STORED_AT,
  summaryOf,
  tombstone,
  upsert,
} from './catalog-fixture.ts';

const DAY_SECONDS = 24 * 60 * 60;
const entryOf = (id: number) => ({ hash: hashOf(`${id}`), missing: false });

describe.skipIf(missingEngine())(`the rows of the store, on ${ENGINE_NAME}`, () => {
  const { client } = useDynamoDB();

  async function rowOf(pk: string, sk: string) {
    const Key = { pk: { S: pk }, sk: { S: sk } };
    const { Item } = await client().send(new GetItemCommand({ TableName: TABLE_NAME, Key }));
    return Item;
  }

  async function keysIn(partition: string, { source, resource }: CatalogRef): Promise<string[]> {
    const query = new QueryCommand({
      TableName: TABLE_NAME,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: `${partition}#${source}#${resource}` } },
    });
    const { Items = [] } = await client().send(query);
    return Items.map(({ sk }) => sk?.S ?? '');
  }

  test('a record is read as it is stored now: a lagging copy would stay, under a newer tag', async () => {
    const ref = newCatalog();
    const reading = client('read');
    const counted = countedUnits(reading);
    const reader = createDynamoDBReader(reading, TABLE_NAME);
    await reader.record(ref, '1');
    // A consistent read of up to 4 KB is one unit, another half of one.
    expect(counted.reset()).toBe(1);
  });

  test('a row that is no record is an error, and not a record that there is none of', async () => {
    const ref = newCatalog();
    const key = { pk: { S: `${ref.source}#products` }, sk: { S: 'n011' } };
    const Item = { ...key, synced_at: { S: STORED_AT } };
    await client().send(new PutItemCommand({ TableName: TABLE_NAME, Item }));
    const reader = createDynamoDBReader(client('read'), TABLE_NAME);
    await expect(reader.record(ref, '1')).rejects.toThrow(/body/);
    expect(await reader.record(ref, '2')).toBeNull();
  });

  test('a tombstone expires after 30 days; alive again it does not, and keeps when it was first stored', async () => {
    const store = storeOver(client());
    const ref = newCatalog();
    const record = () => rowOf(`${ref.source}#products`, 'n011');
    const first = await start(store, ref, 'run-1');
    const second = await commitNext(store, ref, first, chunkOf([upsert('1', 'old')]));
    const gone = chunkOf([tombstone('1')], { storedAt: LATER_AT });
    const third = await commitNext(store, ref, second, gone);
    const expiresAt = Date.UTC(2026, 11, 22, 12) / 1000;
    expect(await record()).toMatchObject({
      body: { S: '{"title":"old"}' },
      removed_at: { S: LATER_AT },
      expires_at: { N: `${expiresAt}` },
    });
    const back = chunkOf([upsert('1', 'new', { isNew: true })], { storedAt: LATER_AT });
    await commitNext(store, ref, { ...third, removedCount: 1 }, back);
    const alive = await record();
    expect(alive).toMatchObject({ created_at: { S: STORED_AT }, hash: { S: hashOf('new') } });
    expect(alive).not.toHaveProperty('removed_at');
    expect(alive).not.toHaveProperty('expires_at');
  });

  test('a new record’s row is as that of a record written over', async () => {
    const store = storeOver(client());
    const ref = newCatalog();
    const first = await start(store, ref, 'run-1');
    const writes = [upsert('1', 'same', { isNew: true }), upsert('2', 'same')];
    await commitNext(store, ref, first, chunkOf(writes));
    const [one, two] = [
      await rowOf(`${ref.source}#products`, 'n011'),
      await rowOf(`${ref.source}#products`, 'n012'),
    ];
    expect(one).toMatchObject({ created_at: { S: STORED_AT }, synced_at: { S: STORED_AT } });
    expect({ ...one, sk: two?.['sk'] }).toEqual(two);
  });

  test('an unchanged chunk writes the control record and what was seen, no more', async () => {
    const faulty = client();
    const sent = plannedFaults(faulty, 'TransactWriteItemsCommand', []);
    const store = storeOver(faulty);
    const ref = newCatalog();
    const first = await start(store, ref, 'run-1');
    await commitNext(store, ref, first, chunkOf([], { seen: ['1', '2'] }));
    await commitNext(store, ref, (await store.control(ref)) ?? first, chunkOf([]));
    const sizes = sent.map(({ input }) => JSON.stringify(input).split('"TableName"').length - 1);
    expect(sizes).toEqual([2, 1]);
  });

  test('what a run had seen expires', async () => {
    const store = storeOver(client());
    const ref = newCatalog();
    const first = await start(store, ref, 'run-1');
    await commitNext(store, ref, first, chunkOf([upsert('1')], { seen: ['2'] }));
    const [seen = ''] = await keysIn('seen', ref);
    const twoWeeks = Date.parse(STORED_AT) / 1000 + 14 * DAY_SECONDS;
    expect(await rowOf(`seen#${ref.source}#products`, seen)).toMatchObject({
      expires_at: { N: `${twoWeeks}` },
    });
  });

  /** A run that adds a record and ends with a manifest of its own. */
  async function withManifest(store: CatalogStore, ref: CatalogRef, runId: string) {
    const active = await start(store, ref, runId);
    const { fence: manifestVersion } = active;
    const last = await commitNext(store, ref, active, chunkOf([upsert(runId)]));
    await store.writeManifest(ref, manifestVersion, new Map([[runId, entryOf(1)]]));
    const after = ended(last, { manifestVersion });
    await store.finish(ref, holdOf(last), after, NO_ENDING);
    return after;
  }

  test('what lies before a manifest goes once another takes its place', async () => {
    const store = storeOver(client());
    const ref = newCatalog();
    await withManifest(store, ref, 'run-1');
    // Nobody reads the change any more: it waits.
    const [change, base] = await keysIn('manifest', ref);
    expect(change).toBe('000000000000#delta#000000000001#00000001');
    expect(base).toBe('000000000001#base#00000000');
    await withManifest(store, ref, 'run-2');
    expect(await keysIn('manifest', ref)).toEqual(['000000000002#base#00000000']);
  });

  test('a manifest of which a part is missing is no manifest: all in it would be new, or gone', async () => {
    const store = storeOver(client());
    const ref = newCatalog();
    const first = await start(store, ref, 'run-1');
    const many = Array.from({ length: 30_000 }, (_, id) => [`${id}`, entryOf(id)] as const);
    await store.writeManifest(ref, 1, new Map(many));
    const after = ended(first, { manifestVersion: 1 });
    await store.finish(ref, holdOf(first), after, NO_ENDING);
    expect((await store.ledger(ref, after)).manifest.size).toBe(30_000);
    const [, part = ''] = await keysIn('manifest', ref);
    const Key = { pk: { S: `manifest#${ref.source}#products` }, sk: { S: part } };
    await client().send(new DeleteItemCommand({ TableName: TABLE_NAME, Key }));
    await expect(store.ledger(ref, after)).rejects.toThrow(/of its \d+ parts/);
  });

  test('what is removed lies over the manifest as well, until it is written anew', async () => {
    const store = storeOver(client());
    const ref = newCatalog();
    const first = await start(store, ref, 'run-1');
    const second = await commitNext(store, ref, first, chunkOf([upsert('1'), upsert('2')]));
    const third = await commitNext(store, ref, second, chunkOf([tombstone('1')]));
    expect((await store.ledger(ref, third)).overBase).toBe(3);
  });

  test('a finish under the same manifest keeps it, with its changes', async () => {
    const store = storeOver(client());
    const ref = newCatalog();
    const first = await start(store, ref, 'run-1');
    const second = await commitNext(store, ref, first, chunkOf([upsert('1')]));
    await store.finish(ref, holdOf(second), ended(second), NO_ENDING);
    expect(await keysIn('manifest', ref)).toHaveLength(1);
  });

  test('a finish stands although its leftovers can’t be deleted, which go with the next', async () => {
    const ref = newCatalog();
    const faulty = client();
    plannedFaults(faulty, 'BatchWriteItemCommand', [{ refuse: serverFault() }]);
    const store = storeOver(faulty);
    await withManifest(store, ref, 'run-1');
    const after = await withManifest(store, ref, 'run-2');
    expect(await store.control(ref)).toEqual(after);
    expect((await keysIn('manifest', ref)).length).toBeGreaterThan(1);
    await withManifest(store, ref, 'run-3');
    expect(await keysIn('manifest', ref)).toEqual(['000000000003#base#00000000']);
  });

  test('a finish that is refused leaves no held ids in force', async () => {
    const ref = newCatalog();
    const faulty = client();
    const store = storeOver(faulty);
    const first = await start(store, ref, 'run-1');
    plannedFaults(faulty, 'TransactWriteItemsCommand', [
      { refuse: cancelled('ConditionalCheckFailed') },
    ]);
    const held = { runId: 'run-1', reason: 'half is gone', count: 1, atMs: NOW_MS };
    const finish = store.finish(ref, holdOf(first), ended(first, { held }), {
      summary: summaryOf('run-1'),
      held: ['1'],
    });
    await expect(finish).rejects.toThrow(LeaseLostError);
    expect(await store.heldIds(ref, 'run-1')).toBeNull();
  });

  const expiryOf = async (pk: string, sk: string) => (await rowOf(pk, sk))?.['expires_at']?.N;

  test('runs and rejects expire, records and the control record do not', async () => {
    const store = storeOver(client());
    const ref = newCatalog();
    const first = await start(store, ref, 'run-1');
    const bad = { kind: 'reject', key: 'k', reason: 'r', payload: '{}' } as const;
    const second = await commitNext(store, ref, first, chunkOf([upsert('1'), bad]));
    const ending = { summary: summaryOf('run-1'), held: null };
    await store.finish(ref, holdOf(second), ended(second), ending);
    const startSeconds = NOW_MS / 1000;
    const name = `${ref.source}#products`;
    expect(await expiryOf(`runs#${name}`, 'run-1')).toBe(`${startSeconds + 5 + 90 * DAY_SECONDS}`);
    expect(await expiryOf(`rejects#${name}`, 'k')).toBe(`${startSeconds + 30 * DAY_SECONDS}`);
    expect(await expiryOf(`control#${name}`, 'control')).toBeUndefined();
    expect(await expiryOf(name, 'n011')).toBeUndefined();
  });
});
