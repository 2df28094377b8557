import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { SteeringStore } from '../../core/force-limit.ts';
import { callStore, ifCondition } from './errors.ts';
import { expiresAt } from './expiry.ts';
import { jsonText } from '../stored-json.ts';

/** The partitions of what staff's requests leave; policies name them. */
const FORCES = { pk: { S: 'forces' }, sk: { S: 'forces' } };
const ANSWERS = 'answers';
const ANSWER_DAYS = 1;

const mark = z.object({ subject: z.string(), atMs: z.number() });
const forcesRow = z.object({ marks: jsonText(z.array(mark)), revision: z.number() });
const answerRow = z.object({ asked: z.string(), run_id: z.string() });

/** Forces and answers in the catalogue's own table. */
export function createDynamoDBSteering(client: DynamoDBClient, tableName: string): SteeringStore {
  const read = async (key: Record<string, AttributeValue>) => {
    const get = new GetItemCommand({ TableName: tableName, Key: key, ConsistentRead: true });
    const { Item } = await callStore(() => client.send(get));
    return Item;
  };
  return {
    forces: async () => {
      const row = await read(FORCES);
      if (row === undefined) return { marks: [], revision: 0 };
      return forcesRow.parse({ marks: row['marks']?.S, revision: Number(row['revision']?.N) });
    },
    replaceForces: (marks, revision) =>
      ifCondition(() =>
        client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: {
              ...FORCES,
              marks: { S: JSON.stringify(marks) },
              revision: { N: `${revision + 1}` },
            },
            ConditionExpression: 'attribute_not_exists(#revision) OR #revision = :seen',
            ExpressionAttributeNames: { '#revision': 'revision' },
            ExpressionAttributeValues: { ':seen': { N: `${revision}` } },
          }),
        ),
      ),
    answer: async (key) => {
      const row = await read(answerKey(key));
      if (row === undefined) return null;
      const { asked, run_id: runId } = answerRow.parse({
        asked: row['asked']?.S,
        run_id: row['run_id']?.S,
      });
      return { asked, runId };
    },
    keepAnswer: (key, { asked, runId }, nowMs) =>
      ifCondition(() =>
        client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: {
              ...answerKey(key),
              asked: { S: asked },
              run_id: { S: runId },
              expires_at: { N: `${expiresAt(nowMs, ANSWER_DAYS)}` },
            },
            ConditionExpression: 'attribute_not_exists(#pk)',
            ExpressionAttributeNames: { '#pk': 'pk' },
          }),
        ),
      ),
    forgetAnswer: async (key) => {
      const Key = answerKey(key);
      await callStore(() => client.send(new DeleteItemCommand({ TableName: tableName, Key })));
    },
  };
}

const answerKey = (key: string) => ({ pk: { S: ANSWERS }, sk: { S: key } });
