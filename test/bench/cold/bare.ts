import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

/** What cold starts are compared with: a handler that makes one GetItem, and nothing else. */
const client = new DynamoDBClient({
  endpoint: process.env['DYNAMODB_ENDPOINT'] ?? '',
  region: 'local',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});

export const handler = async (): Promise<{ readonly statusCode: number }> => {
  const Key = { pk: { S: 'control#main#products' }, sk: { S: 'control' } };
  await client.send(new GetItemCommand({ TableName: process.env['TABLE_NAME'], Key }));
  return { statusCode: 200 };
};
