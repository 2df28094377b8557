import { describe, expect, test, vi } from 'vitest';
import { freePort } from '../../local/free-port.ts';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb/reader.ts';
import * as light from '../../shared/adapters/light/dynamodb.ts';
import { StoreUnavailableError } from '../../shared/core/errors.ts';
import { storeOver, TABLE_NAME, useDynamoDB } from '../support/dynamodb-under-test.ts';
import { ENGINE_NAME, missingEngine } from '../support/test-engine.ts';
import { describeAnswers } from './answers-contract.ts';
import { newCatalog, NOW_MS, type StoreUnderTest } from './catalog-fixture.ts';
import { describeStore } from './store-contract.ts';

// As in the worker's bundle and in those of readers: the commands are the light ones.
vi.mock(import('@aws-sdk/client-dynamodb'), async (importOriginal) => {
  const { DynamoDBClient: _client, ...commands } =
    await import('../../shared/adapters/light/dynamodb.ts');
  return Object.assign({ ...(await importOriginal()) }, commands);
});
vi.mock(import('@aws-sdk/lib-dynamodb'), async (importOriginal) =>
  Object.assign(
    { ...(await importOriginal()) },
    await import('../../shared/adapters/light/document.ts'),
  ),
);

const missing = missingEngine();
type SdkClient = Parameters<typeof createDynamoDBReader>[0];

function lightClient(endpoint: string, { maxAttempts }: { readonly maxAttempts: number }) {
  const client = new light.DynamoDBClient({
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts,
    requestHandler: { connectionTimeout: 500, requestTimeout: 800, throwOnRequestTimeout: true },
  });
  // oxlint-disable-next-line typescript/consistent-type-assertions, typescript/no-unsafe-type-assertion -- boundary: bundlers put it in the SDK's place by its name
  return client as unknown as SdkClient;
}

const lightReader = (endpoint: string) =>
  createDynamoDBReader(lightClient(endpoint, { maxAttempts: 2 }), TABLE_NAME);

describe.skipIf(missing)(
  `the store over light clients on ${ENGINE_NAME}${missing ? ` (${missing})` : ''}`,
  () => {
    const { endpoint } = useDynamoDB();
    let opened: StoreUnderTest | undefined;
    describeStore(
      () =>
        (opened ??= {
          store: storeOver(lightClient(endpoint(), { maxAttempts: 3 })),
          reader: lightReader(endpoint()),
        }),
    );
  },
);

describe('the store over light clients', () => {
  describeAnswers((endpoint) => lightClient(endpoint, { maxAttempts: 3 }));
});

test('a light reader fails within 2 s when nothing answers', async () => {
  const reader = lightReader(`http://127.0.0.1:${await freePort()}`);
  const startedAtMs = performance.now();
  await expect(reader.claimTrigger(newCatalog(), NOW_MS, NOW_MS)).rejects.toThrow(
    StoreUnavailableError,
  );
  expect(performance.now() - startedAtMs).toBeLessThan(2_000);
});
