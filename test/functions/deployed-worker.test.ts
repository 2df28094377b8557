import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { bundleOf } from '../../infra/bundling.ts';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb/reader.ts';
import type { WorkerAnswer } from '../../functions/scheduled-sync/answer.ts';
import { stubAwsService } from '../support/aws-service.ts';
import { bundled } from '../support/bundled.ts';
import { TABLE_NAME, useDynamoDB } from '../support/dynamodb-under-test.ts';
import { listening } from '../support/listening.ts';
import { products, startSupplier } from '../support/supplier.ts';
import { missingEngine } from '../support/test-engine.ts';

const FILE = join(import.meta.dirname, '../../node_modules/.cache/test/deployed-worker.cjs');
const KEY = 'the-key-of-the-supplier';

afterEach(() => vi.unstubAllEnvs());

/** The worker's one file, as it is deployed. */
async function deployedHandler(): Promise<
  (event: object, context: object) => Promise<WorkerAnswer>
> {
  await bundled('functions/scheduled-sync/index.ts', FILE, bundleOf('worker'));
  const loaded: { handler: (event: object, context: object) => Promise<WorkerAnswer> } =
    createRequire(import.meta.url)(FILE);
  await rm(FILE);
  return loaded.handler;
}

describe.skipIf(missingEngine())('the worker as it is deployed', () => {
  const { client, endpoint } = useDynamoDB();

  test('brings a catalogue, and then its changes alone', async () => {
    const secrets = createServer((_request, response) => {
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.end(JSON.stringify({ ARN: 'a-secret', SecretString: KEY }));
    });
    stubAwsService('SECRETS_MANAGER', `http://127.0.0.1:${await listening(secrets)}`);
    const supplier = await startSupplier({ products: products(1, 70), key: KEY });
    vi.stubEnv('TABLE_NAME', TABLE_NAME);
    vi.stubEnv('DYNAMODB_ENDPOINT', endpoint());
    vi.stubEnv('B2B_API_URL', supplier.url);
    vi.stubEnv('B2B_SECRET_ARN', 'a-secret');
    const handler = await deployedHandler();
    const context = { awsRequestId: 'a-request', getRemainingTimeInMillis: () => 900_000 };
    const event = { resource: 'products', force: true };

    expect(await handler(event, context)).toMatchObject({ success: true, stats: { created: 70 } });
    supplier.products = products(2, 70);
    Object.assign(supplier.products[0] ?? {}, { name: 'Newer' });
    expect(await handler(event, context)).toMatchObject({
      success: true,
      stats: { created: 0, updated: 1, unchanged: 68, removed: 1 },
    });
    const reader = createDynamoDBReader(client('read'), TABLE_NAME);
    const ref = { source: 'main', resource: 'products' };
    expect((await reader.record(ref, '70'))?.body).toMatchObject({ title: 'Newer' });
    expect(await reader.record(ref, '1')).toBeNull();
    secrets.close();
    await supplier.stop();
  });
});
