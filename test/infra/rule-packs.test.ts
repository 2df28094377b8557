import { Stack, type App } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, test } from 'vitest';
import { CatalogStack } from '../../infra/catalog-stack.ts';
import { parseConfig } from '../../infra/config.ts';
import { ACKNOWLEDGED, useRulePacks } from '../../infra/rule-packs.ts';
import { withApp } from './synthesized.ts';

const supplierUrl = 'https://supplier.example/api/v1';

function synth(fill: (app: App) => void): void {
  withApp((app) => {
    useRulePacks(app);
    fill(app);
    app.synth();
  });
}

const CONFIGURATIONS: readonly [string, object][] = [
  ['production', { alarmEmail: 'shop@example.com' }],
  ['development', { stage: 'dev' }],
  ['closed reads', { publicReads: false }],
  ['tracing', { tracing: true }],
  ['change events', { changeEvents: true }],
];

describe('the rule packs AwsSolutions and Serverless', () => {
  test.each(CONFIGURATIONS)('find nothing that is not acknowledged: %s', (_name, config) => {
    expect(() =>
      synth((app) => new CatalogStack(app, parseConfig({ supplierUrl, ...config }))),
    ).not.toThrow();
  });

  test('do run: a queue that takes plain HTTP is refused', () => {
    const wrong = (app: App) => new Queue(new Stack(app, 'Wrong'), 'Queue');
    expect(() => synth(wrong)).toThrow(/SSL|DLQ|redrive/);
  });

  test('six findings at most are acknowledged, each with a reason; one more only when traced', () => {
    const ids = Object.keys(ACKNOWLEDGED);
    const traced = ids.filter((id) => id.includes('IAM5'));
    expect(ids.length - traced.length).toBeLessThanOrEqual(6);
    // With tracing the acknowledgement of its absence goes: six again.
    expect(traced).toHaveLength(1);
    for (const reason of Object.values(ACKNOWLEDGED)) expect(reason.length).toBeGreaterThan(60);
  });
});
