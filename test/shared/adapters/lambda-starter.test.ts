import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLambdaStarter } from '../../../shared/adapters/lambda-starter.ts';
import { stubAwsService } from '../../support/aws-service.ts';
import { listening } from '../../support/listening.ts';

const seen: { readonly path: string; readonly type: unknown; readonly body: string }[] = [];
let status = 202;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const type = request.headers['x-amz-invocation-type'];
  seen.push({ path: request.url ?? '', type, body: await text(request) });
  response.writeHead(status, { 'content-type': 'application/json' }).end(status < 300 ? '' : '{}');
}

const lambda = createServer((request, response) => void answer(request, response));

beforeEach(async () => {
  seen.length = 0;
  status = 202;
  stubAwsService('LAMBDA', `http://127.0.0.1:${await listening(lambda)}`);
});

afterEach(() => {
  vi.unstubAllEnvs();
  lambda.closeAllConnections();
  lambda.close();
});

test('hands the worker its event, and waits for no run', async () => {
  await createLambdaStarter('worker').start({ resource: 'products', trigger: 'read' });
  expect(seen).toEqual([
    {
      path: '/2015-03-31/functions/worker/invocations',
      type: 'Event',
      body: '{"resource":"products","trigger":"read"}',
    },
  ]);
});

test('a start that Lambda refuses is an error, and is not tried again', async () => {
  status = 500;
  await expect(
    createLambdaStarter('worker').start({ resource: 'products', trigger: 'read' }),
  ).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
  expect(seen).toHaveLength(1);
});
