import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { schedulesOf } from '../../shared/deployment.ts';
import { synthesized } from './synthesized.ts';

/** Of 20 characters, the most that a name has. */
const OTHERS = [
  'drinks-and-preserves',
  'cellar-of-the-north1',
  'groceries-north-west',
  'flowers-of-all-kinds',
  'hardware-paris-south',
  'toys-for-young-folks',
  'office-supplies-east',
];
const ACCOUNT = '111122223333';
const REGION = 'ap-southeast-1';

/** Everything that a source can have of its own, an address of 60 characters among it. */
const settingsOf = (name: string) => ({
  supplierUrl: `https://${name}.supplier.example/api/v1/sites/`.padEnd(60, '0'),
  siteId: '12',
  intervals: { products: 120, categories: 1440 },
});

const template = synthesized({
  ...settingsOf('main'),
  alarmEmail: 'shop@example.com',
  changeEvents: true,
  incremental: true,
  sources: Object.fromEntries(OTHERS.map((name) => [name, settingsOf(name)])),
});

const policy = z.object({
  PolicyDocument: z.object({ Statement: z.array(z.record(z.string(), z.unknown())) }),
});

/** The longest that AWS makes of the paths in a text. */
const resolved = (text: string): string =>
  text
    .replaceAll(
      'Worker/LostStarts.Arn',
      `arn:aws:sqs:${REGION}:${ACCOUNT}:b2b-catalog-WorkerLostStarts4B5AE0E2-AbCdEfGhIjKl`,
    )
    .replaceAll(
      'Watching/Alarms/Topic',
      `arn:aws:sns:${REGION}:${ACCOUNT}:b2b-catalog-WatchingAlarmsTopic4B5AE0E2-AbCdEfGhIjKl`,
    )
    .replaceAll('AWS::AccountId', ACCOUNT)
    .replaceAll('Table/Catalog', 'b2b-catalog-TableCatalog4B4151C5-1ABCDEFGHIJKL')
    .replaceAll(
      /(SupplierKey)-?([\w-]*)\/Secret/g,
      (_path, key: string, name: string) =>
        `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${key}${name.replaceAll('-', '')}Secret4B4151C5-AbCdEfGhIjKl-a1B2c3`,
    );

describe('eight sources, the most there can be', () => {
  test('stay within what a queue’s policy takes: 20 statements, 8,192 bytes', () => {
    const policies = template.ofType('AWS::SQS::QueuePolicy').map((each) => policy.parse(each));
    expect(policies).toHaveLength(1);
    for (const { PolicyDocument } of policies) {
      expect(PolicyDocument.Statement.length).toBeLessThanOrEqual(20);
      // Less than half, so that a longer name of anything breaks nothing.
      expect(resolved(JSON.stringify(PolicyDocument)).length).toBeLessThan(4096);
    }
  });

  test('each rule leaves in the queue what it could not deliver, and may: those of this account, and no other', () => {
    const rules = template.ofType('AWS::Events::Rule');
    expect(rules).toHaveLength(schedulesOf(['main', ...OTHERS]).length);
    for (const { Targets } of rules) {
      expect(Targets).toEqual([
        expect.objectContaining({ DeadLetterConfig: { Arn: 'Worker/LostStarts.Arn' } }),
      ]);
    }
    const statements = template
      .ofType('AWS::SQS::QueuePolicy')
      .flatMap((each) => policy.parse(each).PolicyDocument.Statement);
    const ofRules = statements.filter((each) => JSON.stringify(each).includes('events.amazonaws'));
    expect(ofRules).toEqual([
      {
        Sid: 'RulesMaySend',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: 'Worker/LostStarts.Arn',
        Condition: { StringEquals: { 'aws:SourceAccount': 'AWS::AccountId' } },
      },
    ]);
  });

  test('stay within the 4 KB that Lambda takes of variables, as it measures them: as JSON', () => {
    const functions = template.ofType('AWS::Lambda::Function');
    const sizes = functions.map(({ FunctionName, Environment }) => {
      const { Variables } = z
        .object({ Variables: z.record(z.string(), z.string()) })
        .parse(Environment);
      return [FunctionName, Buffer.byteLength(resolved(JSON.stringify(Variables)))];
    });
    expect(sizes.filter(([, bytes]) => Number(bytes) > 4096)).toEqual([]);
    expect(resolved(JSON.stringify(functions))).not.toMatch(/"(?:SupplierKey|Table\/)/);
  });
});
