import * as sdk from '@aws-sdk/client-dynamodb';
import * as sdkLambda from '@aws-sdk/client-lambda';
import * as sdkDocument from '@aws-sdk/lib-dynamodb';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as lightDocument from '../../../../shared/adapters/light/document.ts';
import * as light from '../../../../shared/adapters/light/dynamodb.ts';
import * as lightLambda from '../../../../shared/adapters/light/lambda.ts';
import { listening } from '../../../support/listening.ts';

interface Seen {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

const ROW = { pk: { S: 'p' }, sk: { S: 's' }, n: { N: '7' }, b: { B: 'AAEC' } };
const seen: Seen[] = [];
const answers: { status: number; body: string }[] = [];

const service = createServer((request, response) => void answer(request, response));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url: path, headers } = request;
  seen.push({ method, path, headers, body: JSON.parse(await text(request)) });
  const next = answers.shift() ?? { status: 200, body: '{}' };
  response.writeHead(next.status, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(next.body);
}

let endpoint = '';
beforeEach(async () => {
  endpoint = `http://127.0.0.1:${await listening(service)}`;
  vi.stubEnv('AWS_REGION', 'eu-west-3');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'a-secret');
  vi.stubEnv('AWS_SESSION_TOKEN', 'a-token');
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'b2b-catalog-home');
  vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0');
});
afterEach(() => {
  vi.unstubAllEnvs();
  seen.length = 0;
  answers.length = 0;
  service.closeAllConnections();
  service.close();
});

/** What of a request the service goes by. */
function essence({ method, path, headers, body }: Seen | undefined = noRequest()) {
  const { host, authorization = '' } = headers;
  const named = Object.entries(headers).filter(([name]) =>
    /^x-amz-(target|security|invo)|^x-amzn-trace/.test(name),
  );
  const [, scope] = /Credential=[^/]+\/\d{8}(\/\S+),/.exec(authorization) ?? [];
  const type = headers['content-type']?.replace('octet-stream', 'json');
  return { method, path, body, host, type, scope, named: Object.fromEntries(named) };
}

function noRequest(): never {
  throw new Error('no request came');
}

const key = { pk: { S: 'control#main#products' }, sk: { S: 'control' } };
const query = {
  TableName: 'catalog',
  KeyConditionExpression: '#pk = :pk',
  ExpressionAttributeNames: { '#pk': 'pk' },
  ExpressionAttributeValues: { ':pk': { S: 'published#main#products — été' } },
  ConsistentRead: true,
  ScanIndexForward: false,
  Limit: 10,
};
const update = {
  TableName: 'catalog',
  Key: key,
  UpdateExpression: 'SET #a = :a',
  ExpressionAttributeNames: { '#a': 'a' },
  ExpressionAttributeValues: { ':a': { N: '1764000000000' } },
};

describe('the light client of DynamoDB', () => {
  test.each([
    [
      'GetItem',
      new sdk.GetItemCommand({ TableName: 'catalog', Key: key }),
      new light.GetItemCommand({ TableName: 'catalog', Key: key }),
    ],
    ['Query', new sdk.QueryCommand(query), new light.QueryCommand(query)],
    ['UpdateItem', new sdk.UpdateItemCommand(update), new light.UpdateItemCommand(update)],
    [
      'BatchGetItem',
      new sdk.BatchGetItemCommand({ RequestItems: { catalog: { Keys: [key] } } }),
      new light.BatchGetItemCommand({ RequestItems: { catalog: { Keys: [key] } } }),
    ],
  ] as const)('sends %s as the SDK does', async (_, theirs, ours) => {
    const sdkClient: { send(command: object): Promise<unknown> } = new sdk.DynamoDBClient({
      endpoint,
    });
    const lightClient: { send(command: object): Promise<unknown> } = new light.DynamoDBClient({
      endpoint,
    });
    await sdkClient.send(theirs);
    await lightClient.send(ours);
    expect(essence(seen[1])).toEqual(essence(seen[0]));
    expect(seen[1]?.headers['authorization']).toContain('x-amz-security-token');
  });

  test('reads texts, numbers and bytes as the SDK does', async () => {
    for (let time = 0; time < 2; time += 1)
      answers.push({ status: 200, body: JSON.stringify({ Item: ROW }) });
    const get = { TableName: 'catalog', Key: key };
    const theirs = await new sdk.DynamoDBClient({ endpoint }).send(new sdk.GetItemCommand(get));
    const ours = await new light.DynamoDBClient({ endpoint }).send(new light.GetItemCommand(get));
    expect(ours.Item).toEqual({ ...theirs.Item, b: { B: Buffer.from([0, 1, 2]) } });
    expect(theirs.Item?.['b']).toEqual({ B: new Uint8Array([0, 1, 2]) });
  });

  test('queries on from where a page ended', async () => {
    answers.push({ status: 200, body: JSON.stringify({ Items: [ROW], LastEvaluatedKey: key }) });
    answers.push({ status: 200, body: JSON.stringify({ Items: [ROW] }) });
    const client = new light.DynamoDBClient({ endpoint });
    const pages: unknown[] = [];
    for await (const page of light.paginateQuery({ client }, query)) pages.push(page.Items?.length);
    expect(pages).toEqual([1, 1]);
    expect(seen.map(({ body }) => body)).toEqual([query, { ...query, ExclusiveStartKey: key }]);
  });

  test.each([
    ['a throttled request', 400, 'ThrottlingException'],
    ['a fault of the service', 500, 'InternalServerError'],
  ])('tries %s again', async (_, status, name) => {
    answers.push({ status, body: JSON.stringify({ __type: `com.amazonaws#${name}` }) });
    const client = new light.DynamoDBClient({ endpoint, maxAttempts: 2 });
    await client.send(new light.QueryCommand(query));
    expect(seen).toHaveLength(2);
  });

  test('names a refusal as the SDK does, and does not repeat it', async () => {
    const refusal = {
      __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
      message: 'The conditional request failed',
    };
    for (let time = 0; time < 2; time += 1)
      answers.push({ status: 400, body: JSON.stringify(refusal) });
    const errors = await Promise.all([
      new sdk.DynamoDBClient({ endpoint }).send(new sdk.UpdateItemCommand(update)).catch(named),
      new light.DynamoDBClient({ endpoint }).send(new light.UpdateItemCommand(update)).catch(named),
    ]);
    expect(errors[1]).toEqual(errors[0]);
    expect(errors[1]).toEqual({
      name: 'ConditionalCheckFailedException',
      message: refusal.message,
    });
    expect(seen).toHaveLength(2);
  });

  test('gives up on an answer whose body does not end', async () => {
    const stuck = createServer(
      (_request, response) => void response.writeHead(200).write('{"Item"'),
    );
    const port = await listening(stuck);
    const client = new light.DynamoDBClient({
      endpoint: `http://127.0.0.1:${port}`,
      maxAttempts: 1,
      requestHandler: {
        connectionTimeout: 5_000,
        requestTimeout: 1_000,
        throwOnRequestTimeout: true,
      },
    });
    await expect(client.send(new light.QueryCommand(query))).rejects.toThrow('too slow');
    stuck.closeAllConnections();
    stuck.close();
  });

  test('waits for headers and body together no longer than it is told', async () => {
    const slow = createServer((_request, response) => {
      setTimeout(() => response.writeHead(200).write('{"Item"'), 700);
    });
    const port = await listening(slow);
    const requestHandler = {
      connectionTimeout: 5_000,
      requestTimeout: 1_000,
      throwOnRequestTimeout: true,
    };
    const client = new light.DynamoDBClient({
      endpoint: `http://127.0.0.1:${port}`,
      maxAttempts: 1,
      requestHandler,
    });
    const startedMs = performance.now();
    await expect(client.send(new light.QueryCommand(query))).rejects.toThrow('too slow');
    expect(performance.now() - startedMs).toBeLessThan(1_500);
    slow.closeAllConnections();
    slow.close();
  });

  test('says what is missing outside of Lambda', () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', '');
    expect(() => new light.DynamoDBClient({})).toThrow('Lambda sets them');
  });
});

const plainKey = { pk: 'published#main#products', sk: '0001 — été' };
const plainRow = {
  ...plainKey,
  fence: 7,
  found: Buffer.from([0, 1, 254, 255]),
  body: '{"a":"\\""}',
};
const put = { TableName: 'catalog', Item: plainRow };
const change = {
  TableName: 'catalog',
  Key: plainKey,
  UpdateExpression: 'SET #a = :a',
  ConditionExpression: '#b = :b',
  ExpressionAttributeNames: { '#a': 'a', '#b': 'b' },
  ExpressionAttributeValues: { ':a': 1_764_000_000_000.5, ':b': new Uint8Array([7]) },
};
const plainQuery = {
  TableName: 'catalog',
  KeyConditionExpression: '#pk = :pk',
  ExpressionAttributeNames: { '#pk': 'pk' },
  ExpressionAttributeValues: { ':pk': plainKey.pk },
  ExclusiveStartKey: plainKey,
};
const transaction = {
  ClientRequestToken: 'a-token',
  TransactItems: [
    { Update: change },
    { Put: put },
    { Delete: { TableName: 'catalog', Key: plainKey } },
  ],
};
const batch = {
  RequestItems: {
    catalog: [{ DeleteRequest: { Key: plainKey } }, { PutRequest: { Item: plainRow } }],
  },
};

type Library = typeof sdkDocument | typeof lightDocument;

describe('the light document client', () => {
  /** The same by the SDK's client and by ours: what each was answered. */
  async function sentByBoth(command: (library: Library) => object): Promise<unknown[]> {
    const theirs: { send(command: object): Promise<object> } =
      sdkDocument.DynamoDBDocumentClient.from(new sdk.DynamoDBClient({ endpoint }));
    const ours: { send(command: object): Promise<object> } =
      lightDocument.DynamoDBDocumentClient.from(new light.DynamoDBClient({ endpoint }));
    const theirAnswer = await theirs.send(command(sdkDocument));
    // A clone of a buffer is an array of bytes, as the SDK's are.
    const ourAnswer = structuredClone(await ours.send(command(lightDocument)));
    return [{ ...theirAnswer, $metadata: undefined }, ourAnswer];
  }

  test.each<[string, (library: Library) => object]>([
    ['GetItem', ({ GetCommand }) => new GetCommand({ TableName: 'catalog', Key: plainKey })],
    ['Query', ({ QueryCommand }) => new QueryCommand(plainQuery)],
    ['PutItem', ({ PutCommand }) => new PutCommand(put)],
    ['UpdateItem', ({ UpdateCommand }) => new UpdateCommand(change)],
    ['TransactWriteItems', ({ TransactWriteCommand }) => new TransactWriteCommand(transaction)],
    ['BatchWriteItem', ({ BatchWriteCommand }) => new BatchWriteCommand(batch)],
  ])('sends %s as the SDK does', async (operation, command) => {
    await sentByBoth(command);
    expect(essence(seen[1])).toEqual(essence(seen[0]));
    expect(seen[1]?.headers['x-amz-target']).toBe(`DynamoDB_20120810.${operation}`);
  });

  test.each<[string, (library: Library) => object, object]>([
    [
      'a row',
      ({ GetCommand }) => new GetCommand({ TableName: 'catalog', Key: plainKey }),
      { Item: ROW },
    ],
    [
      'rows, and where they go on',
      ({ QueryCommand }) => new QueryCommand(plainQuery),
      { Items: [ROW, ROW], Count: 2, LastEvaluatedKey: key },
    ],
    [
      'what of a batch is left',
      ({ BatchWriteCommand }) => new BatchWriteCommand(batch),
      {
        UnprocessedItems: {
          catalog: [{ DeleteRequest: { Key: key } }, { PutRequest: { Item: ROW } }],
        },
      },
    ],
  ])('reads %s as the SDK does', async (_, command, told) => {
    for (let time = 0; time < 2; time += 1)
      answers.push({ status: 200, body: JSON.stringify(told) });
    const [theirs, ours] = await sentByBoth(command);
    expect(ours).toEqual(theirs);
    expect(JSON.stringify(ours)).toContain('"pk":"');
  });

  test('sends no kind of value that rows don’t have', async () => {
    const client = lightDocument.DynamoDBDocumentClient.from(
      new light.DynamoDBClient({ endpoint }),
    );
    for (const value of [true, null, undefined, ['a'], Number.NaN]) {
      const Item = { ...plainKey, value };
      const sending = client.send(new lightDocument.PutCommand({ TableName: 'catalog', Item }));
      await expect(sending).rejects.toThrow('value: rows hold texts, numbers and bytes only');
    }
    expect(seen).toEqual([]);
  });
});

const named = ({ name, message }: Error) => ({ name, message });

test.each(['worker', 'arn:aws:lambda:eu-west-3:123456789012:function:b2b-catalog-scheduled-sync'])(
  'the light client of Lambda starts %s as the SDK does',
  async (FunctionName) => {
    const input = {
      FunctionName,
      InvocationType: 'Event',
      Payload: '{"resource":"products"}',
    } as const;
    await new sdkLambda.LambdaClient({ endpoint }).send(new sdkLambda.InvokeCommand(input));
    await new lightLambda.LambdaClient({ endpoint }).send(new lightLambda.InvokeCommand(input));
    expect(essence(seen[1])).toEqual(essence(seen[0]));
  },
);
