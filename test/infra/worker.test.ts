import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { schedulesOf } from '../../shared/deployment.ts';
import { resources } from '../../shared/resources/index.ts';
import { synthesized } from './synthesized.ts';

const ruleShape = z.object({
  ScheduleExpression: z.string(),
  State: z.string(),
  Targets: z.tuple([z.object({ Arn: z.string(), Input: z.string() })]),
});

function rulesOf(config?: object) {
  return synthesized(config)
    .ofType('AWS::Events::Rule')
    .map((each) => ruleShape.parse(each))
    .map(({ ScheduleExpression, Targets: [{ Input }] }) => ({
      expression: ScheduleExpression,
      payload: z.record(z.string(), z.unknown()).parse(JSON.parse(Input)),
    }));
}

const workerOf = (config?: object) =>
  synthesized(config)
    .ofType('AWS::Lambda::Function')
    .find((each) => each['FunctionName'] === 'b2b-catalog-scheduled-sync');

const template = synthesized();

describe('rules', () => {
  test('each resource starts hourly, ten minutes apart; the resume tick comes every five', () => {
    expect(rulesOf()).toEqual([
      ...resources.map(({ name }, position) => ({
        expression: `cron(${position * 10} * * * ? *)`,
        payload: { resource: name, trigger: 'schedule' },
      })),
      {
        expression: 'cron(0/5 * * * ? *)',
        payload: { resource: 'all', resume_only: true, trigger: 'schedule' },
      },
    ]);
  });

  test('a deployment may set its own rhythm for one rule and leave the others', () => {
    const rules = rulesOf({ schedules: { products: { everyMinutes: 180, atMinute: 65 } } });
    expect(rules.map(({ expression }) => expression)).toEqual([
      'cron(5 1/3 * * ? *)',
      ...rulesOf()
        .slice(1)
        .map(({ expression }) => expression),
    ]);
  });

  test('every rule calls the worker, gives up within minutes, and keeps what it could not deliver', () => {
    const targets = template.ofType('AWS::Events::Rule').flatMap((rule) => rule['Targets']);
    expect(targets).toHaveLength(schedulesOf(['main']).length);
    for (const target of targets) {
      expect(target).toMatchObject({
        Arn: 'Worker/Sync/Function.Arn',
        DeadLetterConfig: { Arn: 'Worker/LostStarts.Arn' },
        RetryPolicy: { MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 2 },
      });
    }
  });
});

describe('the worker', () => {
  test('a failed asynchronous start is not repeated, and is kept in the queue', () => {
    expect(template.ofType('AWS::Lambda::EventInvokeConfig')).toEqual([
      {
        FunctionName: 'Worker/Sync/Function',
        Qualifier: '$LATEST',
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: 300,
        DestinationConfig: { OnFailure: { Destination: 'Worker/LostStarts.Arn' } },
      },
    ]);
  });

  test('the queue is encrypted, refuses plain HTTP and keeps what it holds for two weeks', () => {
    const queues = template.ofType('AWS::SQS::Queue');
    expect(queues).toHaveLength(1);
    expect(queues[0]).toMatchObject({
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 14 * 24 * 3600,
    });
    expect(JSON.stringify(template.ofType('AWS::SQS::QueuePolicy'))).toContain(
      '"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"',
    );
  });

  test('it has fifteen minutes and reserved instances, unless the account can spare none', () => {
    expect(workerOf()).toMatchObject({
      Timeout: 900,
      ReservedConcurrentExecutions: resources.length + 2,
    });
    expect(workerOf({ reserveWorkerConcurrency: false })).not.toHaveProperty(
      'ReservedConcurrentExecutions',
    );
  });
});

test('each run of the worker leaves in its log how much memory it took', () => {
  const { LoggingConfig } = z
    .object({ LoggingConfig: z.record(z.string(), z.unknown()) })
    .parse(workerOf());
  // What Lambda reports at the end of an invocation is of the level INFO.
  expect(LoggingConfig['SystemLogLevel']).toBe('INFO');
});

test('a run may fill seven eighths of the worker’s memory, not the half that V8 takes by itself', () => {
  const { MemorySize, Environment } = z
    .object({
      MemorySize: z.number(),
      Environment: z.object({ Variables: z.object({ NODE_OPTIONS: z.string() }) }),
    })
    .parse(workerOf());
  const options = Environment.Variables.NODE_OPTIONS.split(' ');
  expect(options).toContain('--max-semi-space-size=16');
  expect(options).toContain(`--max-old-space-size=${(MemorySize * 7) / 8}`);
});

describe('what must not be lost or leaked', () => {
  test('the table survives the stack, refuses deletion and can be restored to any second', () => {
    const table = template.resources.find(({ Type }) => Type === 'AWS::DynamoDB::Table');
    expect(table).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      },
    });
  });

  test('the secret is made without a value', () => {
    const [secret] = template.ofType('AWS::SecretsManager::Secret');
    expect(Object.keys(secret ?? {})).toEqual(['Description', 'Tags']);
  });

  test('a secret that exists already is used as it is', () => {
    const arn = 'arn:aws:secretsmanager:eu-west-3:111122223333:secret:supplier-key-a1B2c3';
    const other = synthesized({ supplierKeySecretArn: arn });
    const secrets = JSON.stringify(other.ofType('AWS::SecretsManager::Secret'));
    expect(secrets).not.toContain('API key');
    const policies = JSON.stringify(other.ofType('AWS::IAM::Policy'));
    expect(policies.split(arn)).toHaveLength(2);
  });

  test('people and the command line are told the names they need', () => {
    expect(template.outputs).toEqual(
      expect.arrayContaining([
        'ApiUrl',
        'TableName',
        'WorkerFunctionName',
        'LostStartsQueueUrl',
        'SupplierKeySecretArn',
        'SetSupplierKeyCommand',
        'SessionSecretArn',
      ]),
    );
  });
});
