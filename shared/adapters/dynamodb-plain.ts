import {
  GetItemCommand,
  paginateQuery,
  QueryCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { CatalogRef } from '../core/control.ts';
import type { StoredRecord } from '../core/resource.ts';
import { callStore } from './dynamodb-errors.ts';
import { namesIn } from './dynamodb-expressions.ts';
import { recordPartition, type RowKey } from './dynamodb-keys.ts';
import { liveRow, storedRecord } from './stored-record.ts';

export interface Table {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

/** One row, eventually consistent. @throws StoreUnavailableError */
export async function readPlainRow({ client, tableName }: Table, { pk, sk }: RowKey) {
  const get = new GetItemCommand({ TableName: tableName, Key: { pk: { S: pk }, sk: { S: sk } } });
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

/** All live records of a catalogue, newest id first. @throws StoreUnavailableError */
export function readLiveRecords(
  { client, tableName }: Table,
  ref: CatalogRef,
): Promise<StoredRecord[]> {
  const pages = paginateQuery(
    { client },
    {
      TableName: tableName,
      // Or a copy older than the control record would be kept in memory under the newer version.
      ConsistentRead: true,
      KeyConditionExpression: IN_PARTITION,
      FilterExpression: IS_LIVE,
      ProjectionExpression: RECORD_ATTRIBUTES,
      ExpressionAttributeNames: namesIn(IN_PARTITION, IS_LIVE, RECORD_ATTRIBUTES),
      ExpressionAttributeValues: { ':pk': { S: recordPartition(ref) } },
      ScanIndexForward: false,
    },
  );
  return callStore(async () => {
    const records: StoredRecord[] = [];
    for await (const { Items = [] } of pages) {
      for (const row of Items) records.push(storedRecord(ref, liveRow.parse(plainAttributes(row))));
    }
    return records;
  });
}

const IN_PARTITION = '#pk = :pk';
const IS_LIVE = 'attribute_not_exists(#removed_at)';
const RECORD_ATTRIBUTES = '#sk, #body, #synced_at';

/** Plain values of the three kinds of attributes that rows have: texts, numbers, bytes. */
function plainAttributes(attributes: Record<string, AttributeValue>): Record<string, unknown> {
  const values = Object.entries(attributes).map(([name, { S, N, B }]) => {
    return [name, S ?? B ?? (N === undefined ? undefined : Number(N))];
  });
  return Object.fromEntries(values);
}
