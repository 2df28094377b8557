import type {
  AttributeValue,
  BatchGetItemCommandInput,
  BatchGetItemCommandOutput,
  GetItemCommandInput,
  GetItemCommandOutput,
  QueryCommandInput,
  QueryCommandOutput,
  UpdateItemCommandInput,
  UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { allPages } from './all-pages.ts';
import { createSignedCalls, type LightSettings, type SignedCalls } from './signed-calls.ts';

/**
 * Stands in for `@aws-sdk/client-dynamodb` in the bundles of reading functions and of the worker
 * (`infra/bundling.ts`): the four operations that both use, under the SDK's names. An operation that is not
 * here does not bundle. Keys and values that are sent by them hold texts and numbers only; bytes are read.
 */
export class DynamoDBClient {
  /** It has no middlewares to take out. */
  readonly middlewareStack = { remove: (_name: string): boolean => false };
  readonly #calls: SignedCalls;

  constructor(settings: LightSettings) {
    this.#calls = createSignedCalls('dynamodb', settings);
  }

  async send<Output>(command: Operation<unknown, Output>): Promise<Output> {
    return command.read(JSON.parse(await this.call(command.operation, command.input)));
  }

  /** The answer's JSON to an operation with its input as it travels. */
  call(operation: string, input: unknown): Promise<string> {
    return this.#calls.call({
      path: '/',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
      },
      body: Buffer.from(JSON.stringify(input)),
    });
  }

  destroy(): void {
    this.#calls.destroy();
  }
}

type Row = Record<string, AttributeValue>;

abstract class Operation<Input, Output> {
  abstract readonly operation: string;
  readonly input: Input;

  constructor(input: Input) {
    this.input = input;
  }

  /** Makes bytes of the base64 in which they travel. */
  read(answer: Output): Output {
    return answer;
  }
}

export class GetItemCommand extends Operation<GetItemCommandInput, GetItemCommandOutput> {
  readonly operation = 'GetItem';

  override read(answer: GetItemCommandOutput): GetItemCommandOutput {
    const { Item } = answer;
    return Item === undefined ? answer : { ...answer, Item: withBytes(Item) };
  }
}

export class QueryCommand extends Operation<QueryCommandInput, QueryCommandOutput> {
  readonly operation = 'Query';

  override read(answer: QueryCommandOutput): QueryCommandOutput {
    const { Items } = answer;
    return Items === undefined ? answer : { ...answer, Items: Items.map(withBytes) };
  }
}

export class BatchGetItemCommand extends Operation<
  BatchGetItemCommandInput,
  BatchGetItemCommandOutput
> {
  readonly operation = 'BatchGetItem';

  override read(answer: BatchGetItemCommandOutput): BatchGetItemCommandOutput {
    const tables = Object.entries(answer.Responses ?? {});
    const Responses = Object.fromEntries(tables.map(([name, rows]) => [name, rows.map(withBytes)]));
    return { ...answer, Responses };
  }
}

export class UpdateItemCommand extends Operation<UpdateItemCommandInput, UpdateItemCommandOutput> {
  readonly operation = 'UpdateItem';
}

/** Stands in for the SDK's paginator. */
export const paginateQuery = (
  { client }: { readonly client: DynamoDBClient },
  input: QueryCommandInput,
): AsyncGenerator<QueryCommandOutput> =>
  allPages(input, (asked) => client.send(new QueryCommand(asked)));

/** Bytes travel as base64. */
export function withBytes(row: Row): Row {
  for (const value of Object.values(row)) {
    const { B }: { readonly B?: unknown } = value;
    if (typeof B === 'string') value.B = Buffer.from(B, 'base64');
  }
  return row;
}
