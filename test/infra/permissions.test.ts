import type { DynamoDBClient, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { DynamoDBClient as Client } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createTriggerGate } from '../../shared/adapters/dynamodb/trigger-gate.ts';
import { functionDeclarations } from '../../shared/deployment.ts';
import { synthesized } from './synthesized.ts';

const texts = z.union([z.string().transform((text) => [text]), z.array(z.string())]);
const policy = z.object({
  Roles: z.array(z.string()),
  PolicyDocument: z.object({
    Statement: z.array(
      z.object({
        Effect: z.string(),
        Action: texts,
        Resource: texts,
        Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
      }),
    ),
  }),
});

const template = synthesized();

function statementsOf(role: string) {
  return template
    .ofType('AWS::IAM::Policy')
    .map((each) => policy.parse(each))
    .filter(({ Roles }) => Roles.includes(role))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

const allow = (Action: string[], Resource: string, Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource: [Resource],
  ...(Condition && { Condition }),
});

const claimOnly = {
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['control#*'] },
  'ForAllValues:StringEquals': {
    'dynamodb:Attributes': [
      'pk',
      'sk',
      'trigger_claimed_until_ms',
      'lease_holder',
      'lease_expires_at_ms',
    ],
  },
  Null: { 'dynamodb:LeadingKeys': 'false', 'dynamodb:Attributes': 'false' },
};

const readers = functionDeclarations.filter(
  ({ role, startsNothing }) => role === 'reader' && startsNothing !== true,
);

describe('least privilege', () => {
  test.each(readers)(
    '$name reads the table, claims a start, starts the worker, and no more',
    (one) => {
      expect(statementsOf(`${one.name}/Role`)).toEqual([
        allow(['logs:CreateLogStream', 'logs:PutLogEvents'], `${one.name}/Logs.Arn`),
        allow(['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'], 'Table/Catalog.Arn'),
        allow(['dynamodb:UpdateItem'], 'Table/Catalog.Arn', claimOnly),
        allow(['lambda:InvokeFunction'], 'Worker/Sync/Function.Arn'),
      ]);
    },
  );

  test('status reads the table, and no more', () => {
    expect(statementsOf('status/Role')).toEqual([
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], 'status/Logs.Arn'),
      allow(['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'], 'Table/Catalog.Arn'),
    ]);
  });

  const only = (...keys: string[]) => ({
    'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': keys },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  });

  test('staff pages read, start the worker, and keep forces and answers', () => {
    const own = allow(
      ['dynamodb:DeleteItem', 'dynamodb:PutItem'],
      'Table/Catalog.Arn',
      only('forces', 'answers'),
    );
    expect(statementsOf('staff/Role').slice(1)).toEqual([
      ...statementsOf('home/Role').slice(1),
      own,
    ]);
  });

  test('the authorizer looks up tokens and reads the session secret; the login only the secret', () => {
    const logs = (name: string) =>
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], `${name}/Logs.Arn`);
    const secret = allow(['secretsmanager:GetSecretValue'], 'Identity/SessionSecret');
    expect(statementsOf('authorizer/Role')).toEqual([
      logs('authorizer'),
      allow(['dynamodb:GetItem'], 'Table/Catalog.Arn', only('tokens')),
      secret,
    ]);
    expect(statementsOf('login/Role')).toEqual([logs('login'), secret]);
    expect(statementsOf('assets/Role')).toEqual([logs('assets')]);
  });

  test("only the worker writes records and reads the supplier's key", () => {
    expect(statementsOf('Worker/Sync/Role')).toEqual([
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], 'Worker/Sync/Logs.Arn'),
      allow(
        ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'],
        'Worker/LostStarts.Arn',
      ),
      allow(
        [
          'dynamodb:BatchWriteItem',
          'dynamodb:DeleteItem',
          'dynamodb:GetItem',
          'dynamodb:PutItem',
          'dynamodb:Query',
          'dynamodb:UpdateItem',
        ],
        'Table/Catalog.Arn',
      ),
      allow(['secretsmanager:GetSecretValue'], 'SupplierKey/Secret'),
    ]);
  });

  test('there is one role a function, without managed policies', () => {
    const roles = template.ofType('AWS::IAM::Role');
    expect(roles).toHaveLength(functionDeclarations.length);
    expect(roles.filter((role) => 'ManagedPolicyArns' in role || 'Policies' in role)).toEqual([]);
  });

  test('no policy of a role names every resource or every action', () => {
    const all = template.ofType('AWS::IAM::Policy').flatMap((each) => {
      return policy.parse(each).PolicyDocument.Statement;
    });
    const wide = all.filter(({ Action, Resource }) =>
      [...Action, ...Resource].some((text) => text.endsWith('*')),
    );
    expect(wide).toEqual([]);
  });

  test('the attributes that a reader may name are exactly those of its claim', async () => {
    const claim = await claimRequest();
    const named = [
      ...Object.keys(claim.Key ?? {}),
      ...Object.values(claim.ExpressionAttributeNames ?? {}),
    ];
    const allowed = claimOnly['ForAllValues:StringEquals']['dynamodb:Attributes'];
    expect(named.toSorted()).toEqual(allowed.toSorted());
    expect(claim.Key?.['pk']?.S).toMatch(/^control#/);
    // Asking for the old or new row would name attributes that the policy does not allow.
    expect(claim.ReturnValues).toBeUndefined();
    expect(claim.ReturnValuesOnConditionCheckFailure).toBeUndefined();
  });
});

/** The very request that the adapter sends for a claim, caught before it leaves. */
async function claimRequest(): Promise<UpdateItemCommandInput> {
  const sent: UpdateItemCommandInput[] = [];
  const client: DynamoDBClient = new Client({
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  client.middlewareStack.add(
    () =>
      async ({ input }) => {
        sent.push(
          z.custom<UpdateItemCommandInput>((value) => value instanceof Object).parse(input),
        );
        return { output: { $metadata: {} }, response: {} };
      },
    { step: 'initialize', priority: 'low' },
  );
  const ref = { source: 'main', resource: 'products' };
  await createTriggerGate(client, 'a-table').claimTrigger(ref, 1000, 2000);
  const [request] = sent;
  if (request === undefined) throw new Error('The claim sent nothing.');
  return request;
}
