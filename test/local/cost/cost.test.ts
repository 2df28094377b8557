import { createServer, request as ask } from 'node:http';
import {
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { createClient } from '../../../shared/adapters/dynamodb/client.ts';
import { countUsage } from '../../../local/cost/counting-client.ts';
import { measure } from '../../../local/cost/measured.ts';
import { monthlyCost } from '../../../local/cost/model.ts';
import { reportOf } from '../../../local/cost/report.ts';
import { synthesized } from '../../infra/synthesized.ts';
import { TABLE_NAME, useDynamoDB } from '../../support/dynamodb-under-test.ts';
import { listening } from '../../support/listening.ts';

const { client } = useDynamoDB();

/** A proxy before the engine that counts what really arrives there. */
async function countingProxy(target: URL) {
  let arrived = 0;
  const server = createServer((incoming, outgoing) => {
    arrived += 1;
    const { method, headers, url } = incoming;
    const forwarded = ask(new URL(url ?? '/', target), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(forwarded);
  });
  const port = await listening(server);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    arrived: () => arrived,
    close: () => server.close(),
  };
}

test('the requests counted are those that arrive at the engine, and its units are theirs', async () => {
  const { hostname = '127.0.0.1', port = 0 } = (await client().config.endpoint?.()) ?? {};
  const proxy = await countingProxy(new URL(`http://${hostname}:${port}`));
  const counted = createClient({ endpoint: proxy.endpoint });
  const used = countUsage(counted);
  const key = { pk: { S: 'main#things' }, sk: { S: 'n011' } };
  const body = { S: 'x'.repeat(1500) };
  await counted.send(new PutItemCommand({ TableName: TABLE_NAME, Item: { ...key, body } }));
  await counted.send(new GetItemCommand({ TableName: TABLE_NAME, Key: key, ConsistentRead: true }));
  const Put = { TableName: TABLE_NAME, Item: { ...key, body: { S: 'x' } } };
  await counted.send(new TransactWriteItemsCommand({ TransactItems: [{ Put }] }));
  // 1.5 KB is two units; a strong read of under 4 KB one; a transaction writes twice, the bigger row.
  expect(used()).toEqual({ requests: proxy.arrived(), readUnits: 1, writeUnits: 2 + 2 * 2 });
  expect(proxy.arrived()).toBe(3);
  expect(used()).toEqual({ requests: 0, readUnits: 0, writeUnits: 0 });
  proxy.close();
  counted.destroy();
});

test('the model is fed by a real run: its supplier requests, its writes, its reads', async () => {
  const { first, usual, tick, coldRead, warmRead } = await measure({
    products: 60,
    changedPerRun: 3,
  });
  // A page, a detail for each product; the categories whole, and three more to know that this was all.
  expect(first.supplierRequests).toBe(1 + 60 + 4);
  expect(usual.supplierRequests).toBe(first.supplierRequests);
  expect(first.writeUnits).toBeGreaterThan(2 * 60);
  expect(usual.writeUnits).toBeLessThan(first.writeUnits / 3);
  expect(tick).toMatchObject({ supplierRequests: 0, writeUnits: 0 });
  expect(tick.requests).toBe(2);
  // The control records of products and categories come by one call.
  expect(warmRead.requests).toBe(1);
  expect(coldRead.requests).toBeGreaterThan(warmRead.requests);
  const month = {
    intervalMinutes: 60,
    reads: 10,
    supplierLatencyMs: 100,
    concurrency: 10,
    isWatched: true,
  };
  const report = reportOf(
    { sources: 1, products: 60, first, usual, tick, coldRead, warmRead },
    month,
  ).join('\n');
  expect(report).toMatch(/usual sync +\d+ .* 65$/m);
  expect(report).toMatch(/Total +\$\d+\.\d\d/);
  const alarms = synthesized().ofType('AWS::CloudWatch::Alarm').length;
  expect(report).toContain(`${alarms} alarms`);
});

test('of two sources everything is counted twice, and each has its secret, metrics and alarms', async () => {
  const size = { products: 30, changedPerRun: 1 };
  const [one, two] = [await measure(size), await measure({ ...size, sources: 2 })];
  expect(two).toMatchObject({ sources: 2, products: 60 });
  expect(two.usual.supplierRequests).toBe(2 * one.usual.supplierRequests);
  expect(two.tick.requests).toBe(2 * one.tick.requests);
  // Control records of all sources come by one request.
  expect(two.warmRead.requests).toBe(1);
  const month = {
    intervalMinutes: 60,
    reads: 10,
    supplierLatencyMs: 100,
    concurrency: 10,
    isWatched: true,
  };
  const sources = { drinks: { supplierUrl: 'https://drinks.example/api/v1' } };
  const alarms = synthesized({ sources }).ofType('AWS::CloudWatch::Alarm').length;
  const report = reportOf(two, month).join('\n');
  expect(report).toContain(`${alarms} alarms`);
  expect(report).toContain('3 secrets');
  expect(report).toContain('with 60 products in 2 sources, all together');
});

test('each count is multiplied with how often it happens in a month, and with its price', () => {
  const nothing = { requests: 0, readUnits: 0, writeUnits: 0, supplierRequests: 0, logBytes: 0 };
  const measured = {
    sources: 1,
    products: 0,
    first: nothing,
    usual: { ...nothing, writeUnits: 1000, supplierRequests: 6000 },
    tick: { ...nothing, readUnits: 2 },
    coldRead: nothing,
    warmRead: { ...nothing, readUnits: 1 },
  };
  const month = {
    intervalMinutes: 43_830,
    reads: 1e6,
    supplierLatencyMs: 100,
    concurrency: 10,
    isWatched: false,
  };
  const dollars = Object.fromEntries(
    monthlyCost(measured, month).map(({ service, what, dollars: price }) => [
      `${service} ${what}`,
      price,
    ]),
  );
  // One run a month, 8,766 ticks, a million reads.
  expect(dollars['DynamoDB 1,000 write units']).toBeCloseTo(0.000625, 9);
  expect(dollars['DynamoDB 1,017,532 read units']).toBeCloseTo(1_017_532 * 0.125e-6, 9);
  expect(dollars['API Gateway 1,000,000 requests']).toBeCloseTo(1, 9);
  // 60 s of waiting, 0.2 s a tick, 0.1 s a read, at one GB.
  expect(dollars['Lambda 101,813 GB seconds']).toBeCloseTo(
    (60 + 1753.2 + 100_000) * 0.0000133334,
    6,
  );
});
