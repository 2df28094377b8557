import { afterEach, expect, test, vi } from 'vitest';
import { createReadServices } from '../../functions/runtime.ts';
import { syncServices } from '../../functions/scheduled-sync/services.ts';
import { parseEnvironment, readerEnvironment } from '../../shared/environment.ts';
import { products } from '../../shared/resources/products.ts';
import { TABLE_NAME, useDynamoDB } from '../support/dynamodb-under-test.ts';

const { client } = useDynamoDB();
const ref = { source: 'main', resource: 'products' };

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** The lines that a function writes on its standard output. */
function outputLines(): string[] {
  const lines: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  return lines;
}

async function endpoint(): Promise<string> {
  const { hostname = '', port = 0 } = (await client().config.endpoint?.()) ?? {};
  return `http://${hostname}:${port}`;
}

test('the worker of a named deployment writes how the resource is, whenever it looks', async () => {
  vi.stubEnv('TABLE_NAME', TABLE_NAME);
  vi.stubEnv('DYNAMODB_ENDPOINT', await endpoint());
  vi.stubEnv('B2B_SECRET_ARN', 'arn');
  vi.stubEnv('B2B_API_URL', 'https://supplier.example/api/v1');
  vi.stubEnv('DEPLOYMENT', 'b2b-catalog');
  const lines = outputLines();
  await syncServices().portsOf(products, 'main', 1).store.control(ref);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { Deployment: 'b2b-catalog', Source: 'main', Resource: 'products', ConsecutiveFailures: 0 },
  ]);
});

test.each([
  ['b2b-catalog', 1],
  [undefined, 0],
])(
  'a reader of the deployment %s writes %i lines for a start that it claims',
  async (name, count) => {
    const environment = parseEnvironment(readerEnvironment, {
      TABLE_NAME,
      DYNAMODB_ENDPOINT: await endpoint(),
      WORKER_FUNCTION_NAME: 'worker',
      PUBLIC_READS: 'true',
      DEPLOYMENT: name,
    });
    const { gate, clock } = createReadServices(environment);
    const lines = outputLines();
    const resource = `products-${count}`;
    const nowMs = clock.nowMs();
    expect(await gate.claimTrigger({ ...ref, resource }, nowMs, nowMs + 30_000)).toBe(true);
    expect(lines).toHaveLength(count);
  },
);
