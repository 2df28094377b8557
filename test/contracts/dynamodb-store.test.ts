import { describe } from 'vitest';
import { createClient } from '../../shared/adapters/dynamodb/client.ts';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb/reader.ts';
import { storeOver, TABLE_NAME, useDynamoDB } from '../support/dynamodb-under-test.ts';
import { ENGINE_NAME, missingEngine } from '../support/test-engine.ts';
import { describeAnswers } from './answers-contract.ts';
import type { StoreUnderTest } from './catalog-fixture.ts';
import { describeStore } from './store-contract.ts';

const missing = missingEngine();

describe.skipIf(missing)(`the store on ${ENGINE_NAME}${missing ? ` (${missing})` : ''}`, () => {
  const { client } = useDynamoDB();
  let opened: StoreUnderTest | undefined;
  describeStore(
    () =>
      (opened ??= {
        store: storeOver(client()),
        reader: createDynamoDBReader(client('read'), TABLE_NAME),
      }),
  );
});

describe('the store over the SDK’s clients', () => {
  describeAnswers((endpoint) => createClient({ endpoint }));
});
