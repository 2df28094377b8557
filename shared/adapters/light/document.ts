import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type {
  BatchWriteCommandInput,
  BatchWriteCommandOutput,
  GetCommandInput,
  GetCommandOutput,
  PutCommandInput,
  PutCommandOutput,
  QueryCommandInput,
  QueryCommandOutput,
  TransactWriteCommandInput,
  TransactWriteCommandOutput,
  UpdateCommandInput,
  UpdateCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import { plainAttributes } from '../dynamodb/plain.ts';
import { allPages } from './all-pages.ts';
import { withBytes, type DynamoDBClient } from './dynamodb.ts';

/**
 * Stands in for `@aws-sdk/lib-dynamodb` in the worker's bundle (`infra/bundling.ts`): the operations that the
 * writing store uses, under the SDK's names. Rows hold texts, numbers and bytes.
 */
export class DynamoDBDocumentClient {
  readonly #client: DynamoDBClient;

  private constructor(client: DynamoDBClient) {
    this.#client = client;
  }

  static from(client: DynamoDBClient): DynamoDBDocumentClient {
    return new DynamoDBDocumentClient(client);
  }

  async send<Output>(command: DocumentOperation<object, Output>): Promise<Output> {
    const answer = await this.#client.call(command.operation, command.onWire());
    return command.read(JSON.parse(answer));
  }
}

/** A request by the names of its parts: some are rows. */
type Parts = Readonly<Record<string, unknown>>;
type WireRow = Record<string, AttributeValue>;

abstract class DocumentOperation<Input extends object, Output> {
  abstract readonly operation: string;
  readonly input: Input;

  constructor(input: Input) {
    this.input = input;
  }

  /** The input as it travels. */
  onWire(): object {
    return withWireRows(this.input);
  }

  /** Makes plain values of the answer's rows. */
  read(answer: Output): Output {
    return answer;
  }
}

export class GetCommand extends DocumentOperation<GetCommandInput, GetCommandOutput> {
  readonly operation = 'GetItem';

  override read({ Item, ...answer }: GetCommandOutput): GetCommandOutput {
    return Item === undefined ? answer : { ...answer, Item: plainRow(Item) };
  }
}

export class QueryCommand extends DocumentOperation<QueryCommandInput, QueryCommandOutput> {
  readonly operation = 'Query';

  override read({ Items, LastEvaluatedKey, ...answer }: QueryCommandOutput): QueryCommandOutput {
    return {
      ...answer,
      ...(Items !== undefined && { Items: Items.map(plainRow) }),
      ...(LastEvaluatedKey !== undefined && { LastEvaluatedKey: plainRow(LastEvaluatedKey) }),
    };
  }
}

export class PutCommand extends DocumentOperation<PutCommandInput, PutCommandOutput> {
  readonly operation = 'PutItem';
}

export class UpdateCommand extends DocumentOperation<UpdateCommandInput, UpdateCommandOutput> {
  readonly operation = 'UpdateItem';
}

export class TransactWriteCommand extends DocumentOperation<
  TransactWriteCommandInput,
  TransactWriteCommandOutput
> {
  readonly operation = 'TransactWriteItems';

  override onWire(): object {
    return { ...this.input, TransactItems: (this.input.TransactItems ?? []).map(withWireWrites) };
  }
}

export class BatchWriteCommand extends DocumentOperation<
  BatchWriteCommandInput,
  BatchWriteCommandOutput
> {
  readonly operation = 'BatchWriteItem';

  override onWire(): object {
    const tables = Object.entries(this.input.RequestItems ?? {});
    const RequestItems = tables.map(([name, writes]) => [name, writes.map(withWireWrites)]);
    return { ...this.input, RequestItems: Object.fromEntries(RequestItems) };
  }

  override read(answer: BatchWriteCommandOutput): BatchWriteCommandOutput {
    const tables = Object.entries(answer.UnprocessedItems ?? {});
    const left = tables.map(([name, writes]) => [
      name,
      writes.map(({ DeleteRequest, PutRequest }) => ({
        ...(DeleteRequest && { DeleteRequest: { Key: plainRow(DeleteRequest.Key ?? {}) } }),
        ...(PutRequest && { PutRequest: { Item: plainRow(PutRequest.Item ?? {}) } }),
      })),
    ]);
    return { ...answer, UnprocessedItems: Object.fromEntries(left) };
  }
}

/** Stands in for the SDK's paginator. */
export const paginateQuery = (
  { client }: { readonly client: DynamoDBDocumentClient },
  input: QueryCommandInput,
): AsyncGenerator<QueryCommandOutput> =>
  allPages(input, (asked) => client.send(new QueryCommand(asked)));

const plainRow = (row: WireRow): Parts => plainAttributes(withBytes(row));

/** Each write of a transaction or a batch is one part, named after what it does. */
const withWireWrites = (write: object): object =>
  Object.fromEntries(
    Object.entries(write).map(([kind, parts]: [string, object]) => [kind, withWireRows(parts)]),
  );

/** Which parts of a request are rows. */
const ROWS = new Set(['Item', 'Key', 'ExpressionAttributeValues', 'ExclusiveStartKey']);

const withWireRows = (parts: object): object =>
  Object.fromEntries(
    Object.entries(parts).map(([name, part]: [string, object]) => [
      name,
      ROWS.has(name) ? wireRow(part) : part,
    ]),
  );

const wireRow = (row: object): object =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]: [string, unknown]) => [name, wireValue(name, value)]),
  );

function wireValue(name: string, value: unknown): object {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number' && Number.isFinite(value)) return { N: String(value) };
  if (value instanceof Uint8Array) return { B: base64(value) };
  throw new TypeError(`${name}: rows hold texts, numbers and bytes only`);
}

const base64 = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');
