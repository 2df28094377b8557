import { CfnOutput, type Stack } from 'aws-cdk-lib';
import type { CatalogApi } from './constructs/catalog-api.ts';
import type { CatalogTable } from './constructs/catalog-table.ts';
import type { ChangeEvents } from './constructs/change-events.ts';
import type { Identity } from './constructs/identity.ts';
import type { SupplierKeys } from './constructs/supplier-key.ts';
import type { Watching } from './constructs/watching.ts';
import type { Worker } from './constructs/worker.ts';
import { outputSuffix } from './sources.ts';

/** What people and the command line need to know once it is deployed. */
export function tell(
  stack: Stack,
  parts: {
    readonly api: CatalogApi;
    readonly table: CatalogTable;
    readonly worker: Worker;
    readonly keys: SupplierKeys;
    readonly identity: Identity;
    readonly watching: Watching | null;
    readonly events: ChangeEvents | null;
  },
): void {
  const { api, table, worker, keys, identity, watching, events } = parts;
  const outputs = {
    ApiUrl: api.url,
    TableName: table.table.tableName,
    WorkerFunctionName: worker.fn.functionName,
    LostStartsQueueUrl: worker.lostStarts.queueUrl,
    ...Object.fromEntries([...keys.arns].flatMap(keyOutputs)),
    SessionSecretArn: identity.sessionSecretArn,
    ...(identity.staff !== null && { StaffPoolId: identity.staff.poolId }),
    ...(watching !== null && { AlarmTopicArn: watching.alarms.topic.topicArn }),
    ...(events !== null && { EventBusName: events.bus.eventBusName }),
  };
  for (const [name, value] of Object.entries(outputs)) new CfnOutput(stack, name, { value });
}

/** Of each source: where its key is, and how to set it. */
function keyOutputs([source, arn]: readonly [string, string]): [string, string][] {
  const suffix = outputSuffix(source);
  const command = `aws secretsmanager put-secret-value --secret-id ${arn} --secret-string file://supplier-key.txt`;
  return [
    [`SupplierKeySecretArn${suffix}`, arn],
    [`SetSupplierKeyCommand${suffix}`, command],
  ];
}
