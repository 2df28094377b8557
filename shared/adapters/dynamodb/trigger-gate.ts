import { UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { CatalogRef } from '../../core/control.ts';
import type { TriggerGate } from '../../core/ports.ts';
import { ifCondition } from './errors.ts';
import { namesIn } from './expressions.ts';
import { controlKey } from './keys.ts';

/** No lease is in force at `:now`. */
export const noLease = '(attribute_not_exists(#lease_holder) OR #lease_expires_at_ms <= :now)';
const noClaim =
  '(attribute_not_exists(#trigger_claimed_until_ms) OR #trigger_claimed_until_ms <= :now)';
const isStillClaimed = '#trigger_claimed_until_ms = :claimed_until';
const claim = 'SET #trigger_claimed_until_ms = :until';

/** Lets one reader start the worker; also for a resource that was never synced. */
export function createTriggerGate(client: DynamoDBClient, tableName: string): TriggerGate {
  const claimIf = (
    ref: CatalogRef,
    condition: string,
    values: Readonly<Record<string, number>>,
  ) => {
    const { pk, sk } = controlKey(ref);
    const given = Object.entries(values).map(([name, value]) => [name, { N: `${value}` }]);
    const update = new UpdateItemCommand({
      TableName: tableName,
      Key: { pk: { S: pk }, sk: { S: sk } },
      UpdateExpression: claim,
      ConditionExpression: condition,
      ExpressionAttributeNames: namesIn(claim, condition),
      ExpressionAttributeValues: Object.fromEntries(given),
    });
    return ifCondition(() => client.send(update));
  };
  return {
    claimTrigger: (ref, nowMs, untilMs) =>
      claimIf(ref, `${noClaim} AND ${noLease}`, { ':now': nowMs, ':until': untilMs }),
    shortenClaim: async (ref, untilMs, soonerMs) => {
      await claimIf(ref, isStillClaimed, { ':claimed_until': untilMs, ':until': soonerMs });
    },
  };
}
