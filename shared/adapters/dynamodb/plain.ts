import {
  GetItemCommand,
  QueryCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { callStore } from './errors.ts';
import { namesIn } from './expressions.ts';
import type { RowKey } from './keys.ts';

export interface Table {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

/** One row, eventually consistent unless it says otherwise. @throws StoreUnavailableError */
export async function readPlainRow(
  { client, tableName }: Table,
  { pk, sk }: RowKey,
  { consistent = false }: { readonly consistent?: boolean } = {},
) {
  const get = new GetItemCommand({
    TableName: tableName,
    Key: { pk: { S: pk }, sk: { S: sk } },
    ...(consistent && { ConsistentRead: true }),
  });
  const { Item } = await callStore(() => client.send(get));
  return Item === undefined ? undefined : plainAttributes(Item);
}

/** The first rows of a partition in the order of their keys. @throws StoreUnavailableError */
export async function queryPlainRows(
  { client, tableName }: Table,
  partition: string,
  { limit, descending = false }: { readonly limit: number; readonly descending?: boolean },
) {
  const query = new QueryCommand({
    TableName: tableName,
    KeyConditionExpression: IN_PARTITION,
    ExpressionAttributeNames: namesIn(IN_PARTITION),
    ExpressionAttributeValues: { ':pk': { S: partition } },
    ScanIndexForward: !descending,
    Limit: limit,
  });
  const { Items = [] } = await callStore(() => client.send(query));
  return Items.map(plainAttributes);
}

/** Plain values of the three kinds of attributes that rows have: texts, numbers, bytes. */
export function plainAttributes(
  attributes: Record<string, AttributeValue>,
): Record<string, unknown> {
  const values = Object.entries(attributes).map(([name, { S, N, B }]) => {
    return [name, S ?? B ?? (N === undefined ? undefined : Number(N))];
  });
  return Object.fromEntries(values);
}

const IN_PARTITION = '#pk = :pk';
