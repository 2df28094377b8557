import {
  CreateTableCommand,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import {
  PARTITION_KEY,
  SORT_KEY,
  TTL_ATTRIBUTE,
} from '../shared/adapters/dynamodb/table-schema.ts';

const READY_WITHIN_SECONDS = 20;

/** Makes the table as CDK deploys it; one that is there already stays as it is. */
export async function createTable(client: DynamoDBClient, tableName: string): Promise<void> {
  const create = new CreateTableCommand({
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: PARTITION_KEY, KeyType: 'HASH' },
      { AttributeName: SORT_KEY, KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: PARTITION_KEY, AttributeType: 'S' },
      { AttributeName: SORT_KEY, AttributeType: 'S' },
    ],
  });
  try {
    await client.send(create);
  } catch (error) {
    if (error instanceof ResourceInUseException) return;
    throw error;
  }
  const waiting = { client, maxWaitTime: READY_WITHIN_SECONDS, minDelay: 1, maxDelay: 1 };
  await waitUntilTableExists(waiting, { TableName: tableName });
  const TimeToLiveSpecification = { AttributeName: TTL_ATTRIBUTE, Enabled: true };
  await client.send(new UpdateTimeToLiveCommand({ TableName: tableName, TimeToLiveSpecification }));
}
