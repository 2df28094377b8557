import { describe, expect, test } from 'vitest';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb/reader.ts';
import { StoreUnavailableError } from '../../shared/core/errors.ts';
import { storeOver, TABLE_NAME, useDynamoDB } from '../support/dynamodb-under-test.ts';
import { plannedFaults, serverFault } from '../support/faults.ts';
import { NEW_CONTROL, newCatalog, start } from './catalog-fixture.ts';

describe('control records that are read at the same time', () => {
  const { client } = useDynamoDB();

  async function twoCatalogs() {
    const store = storeOver(client());
    const [first, second] = [newCatalog(), newCatalog()];
    const controls = [await start(store, first, 'run-1'), await start(store, second, 'run-2')];
    return { refs: [first, second, newCatalog()], controls: [...controls, NEW_CONTROL] };
  }

  test('come by one request, each its own; one that is not there yet is new', async () => {
    const { refs, controls } = await twoCatalogs();
    const reading = client('read');
    const batches = plannedFaults(reading, 'BatchGetItemCommand', []);
    const reader = createDynamoDBReader(reading, TABLE_NAME);
    expect(await Promise.all(refs.map((ref) => reader.control(ref)))).toEqual(controls);
    expect(batches).toHaveLength(1);
  });

  test('the same one asked for many times is read by itself', async () => {
    const { refs, controls } = await twoCatalogs();
    const reading = client('read');
    const batches = plannedFaults(reading, 'BatchGetItemCommand', []);
    const reader = createDynamoDBReader(reading, TABLE_NAME);
    const [ref = newCatalog()] = refs;
    expect(await Promise.all([reader.control(ref), reader.control(ref)])).toEqual([
      controls[0],
      controls[0],
    ]);
    expect(batches).toHaveLength(0);
  });

  test('a store that is down is told to each of them', async () => {
    const { refs } = await twoCatalogs();
    const reading = client('read');
    plannedFaults(reading, 'BatchGetItemCommand', [{ refuse: serverFault() }]);
    const reader = createDynamoDBReader(reading, TABLE_NAME);
    const read = await Promise.allSettled(refs.map((ref) => reader.control(ref)));
    const reasons = read.map(
      (one) => one.status === 'rejected' && one.reason instanceof StoreUnavailableError,
    );
    expect(reasons).toEqual([true, true, true]);
  });
});
