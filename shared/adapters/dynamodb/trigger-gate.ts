import { UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { TriggerGate } from '../../core/ports.ts';
import { ifCondition } from './errors.ts';
import { namesIn } from './expressions.ts';
import { controlKey } from './keys.ts';

/** One conditional update; its names are what must hold. */
export const noLease = '(attribute_not_exists(#lease_holder) OR #lease_expires_at_ms <= :now)';
const noClaim =
  '(attribute_not_exists(#trigger_claimed_until_ms) OR #trigger_claimed_until_ms <= :now)';
const claim = 'SET #trigger_claimed_until_ms = :until';

/** Lets one reader start the worker; also for a resource that was never synced. */
export function createTriggerGate(client: DynamoDBClient, tableName: string): TriggerGate {
  return {
    claimTrigger: (ref, nowMs, untilMs) => {
      const { pk, sk } = controlKey(ref);
      const update = new UpdateItemCommand({
        TableName: tableName,
        Key: { pk: { S: pk }, sk: { S: sk } },
        UpdateExpression: claim,
        ConditionExpression: `${noClaim} AND ${noLease}`,
        ExpressionAttributeNames: namesIn(claim, noClaim, noLease),
        ExpressionAttributeValues: { ':now': { N: `${nowMs}` }, ':until': { N: `${untilMs}` } },
      });
      return ifCondition(() => client.send(update));
    },
  };
}
