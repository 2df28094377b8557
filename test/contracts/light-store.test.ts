import { describe, expect, test, vi } from 'vitest';
import { freePort } from '../../local/free-port.ts';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb/reader.ts';
import * as light from '../../shared/adapters/light/dynamodb.ts';
import { StoreUnavailableError } from '../../shared/core/errors.ts';
import { storeOver, TABLE_NAME, useDynamoDB } from '../support/dynamodb-under-test.ts';
import { ENGINE_NAME, missingEngine } from '../support/test-engine.ts';
import { newCatalog, NOW_MS, type StoreUnderTest } from './catalog-fixture.ts';
import { describePublishing } from './publishing-contract.ts';
import { describeReading } from './reading-contract.ts';
import { describeTrigger } from './trigger-contract.ts';

// As in a reading function's bundle: its commands are the light ones. The writer is as ever.
vi.mock(import('@aws-sdk/client-dynamodb'), async (importOriginal) => {
  const { DynamoDBClient: _client, ...commands } =
    await import('../../shared/adapters/light/dynamodb.ts');
  return Object.assign({ ...(await importOriginal()) }, commands);
});

const missing = missingEngine();
type SdkClient = Parameters<typeof createDynamoDBReader>[0];

function lightReader(endpoint: string) {
  const client = new light.DynamoDBClient({
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 500, requestTimeout: 800, throwOnRequestTimeout: true },
  });
  // oxlint-disable-next-line typescript/consistent-type-assertions, typescript/no-unsafe-type-assertion -- boundary: bundlers put it in the SDK's place by its name
  return createDynamoDBReader(client as unknown as SdkClient, TABLE_NAME);
}

describe.skipIf(missing)(
  `a light reader on ${ENGINE_NAME}${missing ? ` (${missing})` : ''}`,
  () => {
    const { client, endpoint } = useDynamoDB();
    const opened: StoreUnderTest[] = [];
    const open = (): StoreUnderTest => {
      const reader = lightReader(endpoint());
      const { claimTrigger, shortenClaim } = reader;
      const store = { ...storeOver(client()), claimTrigger, shortenClaim };
      const [one = { store, reader }] = opened;
      opened[0] = one;
      return one;
    };
    describeTrigger(open);
    describeReading(open);
    describePublishing(open);
  },
);

test('a light reader fails within 2 s when nothing answers', async () => {
  const reader = lightReader(`http://127.0.0.1:${await freePort()}`);
  const startedAtMs = performance.now();
  await expect(reader.claimTrigger(newCatalog(), NOW_MS, NOW_MS)).rejects.toThrow(
    StoreUnavailableError,
  );
  expect(performance.now() - startedAtMs).toBeLessThan(2_000);
});
