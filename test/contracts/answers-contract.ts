import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { storeOver } from '../support/dynamodb-under-test.ts';
import { createInstantClock } from '../support/instant-clock.ts';
import { listening } from '../support/listening.ts';
import {
  advanced,
  chunkOf,
  holdOf,
  leased,
  newCatalog,
  NEW_CONTROL,
  NOW_MS,
  runOf,
  upsert,
} from './catalog-fixture.ts';

/** What DynamoDB says to one write: it is done, refused, or its answer gets lost. */
type Said = 'done' | 'lost' | { readonly status: number; readonly name: string } | Cancelled;
type Cancelled = { readonly reasons: readonly string[] };

const refused = (name: string, status = 400): Said => ({ status, name });
const cancelled = (...reasons: string[]): Said => ({ reasons });

const bodyOf = (said: Exclude<Said, 'done' | 'lost'>): object => {
  const named = 'name' in said ? said : { name: 'TransactionCanceledException' };
  const CancellationReasons =
    'reasons' in said ? said.reasons.map((Code) => ({ Code })) : undefined;
  const type = `com.amazonaws.dynamodb.v20120810#${named.name}`;
  return { __type: type, message: 'no', CancellationReasons };
};

/** What a store over this client makes of what DynamoDB answers: the same with every client. */
export function describeAnswers(clientOf: (endpoint: string) => DynamoDBClient): void {
  const says: Said[] = [];
  const writes: string[] = [];
  let row: object = {};
  let reads = 0;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    if (String(request.headers['x-amz-target']).endsWith('.GetItem')) {
      reads += 1;
      response.end(JSON.stringify(row));
      return;
    }
    writes.push(body);
    const said = says.shift() ?? 'done';
    if (said === 'lost') request.socket.destroy();
    else if (said === 'done') response.end('{}');
    else {
      response.statusCode = 'status' in said ? said.status : 400;
      response.end(JSON.stringify(bodyOf(said)));
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  let endpoint = '';
  beforeAll(async () => {
    endpoint = `http://127.0.0.1:${await listening(server)}`;
  });
  afterEach(() => {
    writes.length = 0;
    says.length = 0;
    row = {};
    reads = 0;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const before = leased(NEW_CONTROL, runOf('run-1'));
  const commit = (): Promise<void> => {
    const store = storeOver(clientOf(endpoint), createInstantClock());
    return store.commit(newCatalog(), holdOf(before), advanced(before), chunkOf([upsert('1')]));
  };
  const acquire = (): Promise<boolean> => {
    const store = storeOver(clientOf(endpoint), createInstantClock());
    return store.acquire(newCatalog(), NEW_CONTROL, before, { nowMs: NOW_MS, goneHolder: null });
  };

  test.each<[string, Said]>([
    ['a conflict', cancelled('None', 'TransactionConflict')],
    ['throttling in a transaction', cancelled('ThrottlingError', 'None')],
    ['a transaction in progress', refused('TransactionInProgressException')],
    ['throttling', refused('ThrottlingException')],
    ['a fault of the service', refused('InternalServerError', 500)],
    ['a lost connection', 'lost'],
  ])('a commit that meets %s is sent again, the very same', async (_, said) => {
    says.push(said);
    await commit();
    expect(writes).toHaveLength(2);
    expect(writes[1]).toBe(writes[0]);
  });

  test.each<[string, Said, string]>([
    ['a condition that fails', cancelled('ConditionalCheckFailed', 'None'), 'LeaseLostError'],
    ['a token of another', refused('IdempotentParameterMismatchException'), 'LeaseLostError'],
    [
      'a row that is not allowed',
      cancelled('None', 'ValidationError'),
      'TransactionCanceledException',
    ],
    ['a request that is not allowed', refused('ValidationException'), 'ValidationException'],
    ['no permission', refused('AccessDeniedException'), 'StoreUnavailableError'],
  ])('a commit that meets %s is not sent again', async (_, said, expected) => {
    says.push(said);
    await expect(commit()).rejects.toHaveProperty('name', expected);
    expect(writes).toHaveLength(1);
  });

  test('a lease is not taken where its condition fails, and nothing is read for it', async () => {
    says.push(refused('ConditionalCheckFailedException'));
    expect(await acquire()).toBe(false);
    expect(reads).toBe(0);
  });

  test.each([
    ['is ours where it was taken', before.leaseHolder ?? '', true],
    ['is another’s where it was not', 'another', false],
  ])('a lease whose first answer is lost %s', async (_, holder, isOurs) => {
    says.push('lost', refused('ConditionalCheckFailedException'));
    row = { Item: { fence: { N: String(before.fence) }, lease_holder: { S: holder } } };
    expect(await acquire()).toBe(isOurs);
    expect(writes).toHaveLength(2);
  });
}
