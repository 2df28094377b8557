import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { place, serveTasks } from './tasks.ts';

/** What people would use instead: a Query of the records as a script stores them, an attribute a field,
 *  through the document client, and all of them as JSON. */
const { endpoint, tableName } = place.parse(JSON.parse(process.argv[2] ?? '{}'));
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const client = DynamoDBDocumentClient.from(
  new DynamoDBClient({ endpoint, region: 'local', credentials }),
);

async function list(): Promise<string> {
  const results: unknown[] = [];
  const pages = paginateQuery(
    { client },
    {
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': 'plain' },
      ScanIndexForward: false,
    },
  );
  for await (const { Items = [] } of pages) results.push(...Items);
  return JSON.stringify({ count: results.length, results });
}

serveTasks({ list });
