import { Validations, type App } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';

/** Runs the rule packs over the app whenever it is synthesized: any finding fails it. */
export function useRulePacks(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
}

/** The findings that are as they should be, each with its reason; every other one is an error. */
export const ACKNOWLEDGED = {
  'AwsSolutions::AwsSolutions-APIG4':
    'A shop’s catalogue is public and its clients send no token; a deployment closes its reads with publicReads: false.',
  'AwsSolutions::AwsSolutions-SMG4':
    'Only the supplier can make a new key, and a new session secret signs everybody out: people replace both, without a deployment (docs/deploy.md).',
  'AwsSolutions::AwsSolutions-SQS3':
    'This queue is where what failed ends: it is a dead-letter queue itself, of rules and of asynchronous starts.',
  'Serverless::Serverless-SQSRedrivePolicy':
    'This queue is where what failed ends; an alarm tells people as soon as it holds anything.',
  'Serverless::Serverless-LambdaDLQ':
    'Readers are called synchronously and have nothing to keep; the worker has an on-failure destination, which also holds the reason.',
  'Serverless::Serverless-LambdaTracing':
    'Tracing is an option (tracing: true): its cost and its cold start are paid knowingly.',
  'AwsSolutions::AwsSolutions-IAM5[Resource::*]':
    'Only with tracing: X-Ray knows no resources, so that its two actions can be allowed on * alone.',
} as const;

/** Acknowledges these findings of one construct and of what is in it. */
export function acknowledge(
  construct: IConstruct,
  ...ids: readonly (keyof typeof ACKNOWLEDGED)[]
): void {
  for (const id of ids) Validations.of(construct).acknowledge({ id, reason: ACKNOWLEDGED[id] });
}
