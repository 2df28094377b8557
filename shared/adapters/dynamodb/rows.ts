import { BatchWriteCommand, GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { StoreUnavailableError } from '../../core/errors.ts';
import type { Row, StoreContext } from './context.ts';
import { callStore } from './errors.ts';
import { namesIn } from './expressions.ts';
import type { RowKey } from './keys.ts';

/** One row as it is now. @throws StoreUnavailableError */
export async function strongRead(
  { client, tableName }: StoreContext,
  key: RowKey,
): Promise<Row | undefined> {
  const get = new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true });
  const { Item } = await callStore(() => client.send(get));
  return Item;
}

/** Which rows of a partition, and which of their attributes (default: all). */
export interface RowRange {
  readonly startsWith?: string;
  readonly before?: string;
  /** With `before`: the first key there may be. */
  readonly from?: string;
  readonly attributes?: readonly string[];
}

/** All rows of a range in the order of their keys, strongly consistent. @throws StoreUnavailableError */
export function queryRows(
  { client, tableName }: StoreContext,
  partition: string,
  range: RowRange = {},
): Promise<Row[]> {
  const { key, values } = keysIn(range);
  const projection = range.attributes?.map((name) => `#${name}`).join(', ');
  const pages = paginateQuery(
    { client },
    {
      TableName: tableName,
      ConsistentRead: true,
      KeyConditionExpression: key,
      ...(projection === undefined ? {} : { ProjectionExpression: projection }),
      ExpressionAttributeNames: namesIn(key, projection ?? ''),
      ExpressionAttributeValues: { ':pk': partition, ...values },
    },
  );
  return callStore(async () => {
    const rows: Row[] = [];
    for await (const { Items = [] } of pages) rows.push(...Items);
    return rows;
  });
}

/** The key condition of a range, with its values but the partition's. */
function keysIn({ startsWith, before, from }: RowRange) {
  if (startsWith !== undefined)
    return { key: '#pk = :pk AND begins_with(#sk, :start)', values: { ':start': startsWith } };
  if (before === undefined) return { key: '#pk = :pk', values: {} };
  if (from === undefined)
    return { key: '#pk = :pk AND #sk < :before', values: { ':before': before } };
  // BETWEEN takes both ends in; no row's key is `before` itself, which is the start of longer ones.
  const values = { ':from': from, ':before': before };
  return { key: '#pk = :pk AND #sk BETWEEN :from AND :before', values };
}

export const KEY_ATTRIBUTES = ['pk', 'sk'];

const BATCH = 25;
const ATTEMPTS = 6;

/** Rows that lie under versions by their keys. */
export interface Versioned {
  readonly partition: string;
  /** What the keys of a version's rows start with. */
  readonly prefix: (version: number) => string;
}

/**
 * What the versions before `inForce` have left. What the first sync of all put before there was any (version
 * 0) waits for the first one that is replaced: it is a row for each of its commits, nobody reads them, and
 * letting them go at its end would hold up that sync alone.
 */
export async function replacedRows(
  context: StoreContext,
  { partition, prefix }: Versioned,
  inForce: number,
  attributes: readonly string[],
): Promise<Row[]> {
  const from = prefix(1);
  const replaced = await queryRows(context, partition, {
    from,
    before: prefix(inForce),
    attributes,
  });
  if (replaced.length === 0) return [];
  const first = await queryRows(context, partition, { before: from, attributes });
  return [...first, ...replaced];
}

/** Deletes all rows whose keys start so. @throws StoreUnavailableError with rows left. */
export async function deleteRows(
  context: StoreContext,
  partition: string,
  startsWith: string,
): Promise<void> {
  await deleteKeys(
    context,
    await queryRows(context, partition, { startsWith, attributes: KEY_ATTRIBUTES }),
  );
}

/** Deletes rows by their keys. @throws StoreUnavailableError with rows left. */
export async function deleteKeys(context: StoreContext, rows: readonly Row[]): Promise<void> {
  for (let at = 0; at < rows.length; at += BATCH) {
    await deleteBatch(context, rows.slice(at, at + BATCH));
  }
}

async function deleteBatch({ client, tableName, clock }: StoreContext, keys: Row[]): Promise<void> {
  let left = keys.map((Key) => ({ DeleteRequest: { Key: { ...Key } } }));
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const batch = new BatchWriteCommand({ RequestItems: { [tableName]: left } });
    const { UnprocessedItems = {} } = await callStore(() => client.send(batch));
    const refused = new Set((UnprocessedItems[tableName] ?? []).map(keyText));
    left = left.filter((request) => refused.has(keyText(request)));
    if (left.length === 0) return;
    await clock.sleep(clock.random() * 50 * 2 ** attempt);
  }
  throw new StoreUnavailableError(`DynamoDB left ${left.length} rows undeleted`);
}

const keyText = ({ DeleteRequest }: { DeleteRequest?: { Key: Row | undefined } | undefined }) =>
  `${String(DeleteRequest?.Key?.['pk'])} ${String(DeleteRequest?.Key?.['sk'])}`;
