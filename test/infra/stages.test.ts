import { describe, expect, test } from 'vitest';
import { stageConfig } from '../../infra/stage-config.ts';
import { synthesized } from './synthesized.ts';

const supplierUrl = 'https://supplier.example/api/v1';
const kept = (config: object) =>
  synthesized(config)
    .resources.filter(({ Type }) =>
      ['AWS::DynamoDB::Table', 'AWS::SecretsManager::Secret'].includes(Type),
    )
    .map(({ Type, DeletionPolicy, Properties }) => [
      Type.split('::').at(-1),
      DeletionPolicy,
      Properties['DeletionProtectionEnabled'],
    ]);

describe('stages', () => {
  test('without a stage it is production', () => {
    const config = stageConfig({ catalog: { supplierUrl }, stages: undefined, stage: undefined });
    expect(config).toMatchObject({ stage: 'prod', retainData: true, watch: true });
  });

  test('a stage has the common settings, and its own over them', () => {
    const stages = { dev: { supplierUrl: 'https://supplier.example/test' }, prod: {} };
    const catalog = { supplierUrl, pageSize: 50 };
    expect(stageConfig({ catalog, stages, stage: 'dev' })).toMatchObject({
      stage: 'dev',
      supplierUrl: 'https://supplier.example/test',
      pageSize: 50,
      retainData: false,
      watch: false,
      logRetentionDays: 7,
    });
    expect(stageConfig({ catalog, stages, stage: 'prod' })).toMatchObject({ supplierUrl });
  });

  test('a setting of one’s own wins over what the stage is by default', () => {
    const stages = { dev: { watch: true } };
    const config = stageConfig({ catalog: { supplierUrl }, stages, stage: 'dev' });
    expect(config).toMatchObject({ watch: true, retainData: false });
  });

  test('one stage’s settings never reach another’s stack', () => {
    const stages = { prod: {}, dev: { supplierUrl: 'https://supplier.example/test' } };
    const catalog = { supplierUrl, stage: 'prod' };
    expect(() => stageConfig({ catalog, stages, stage: 'dev' })).toThrow(
      'catalog.stage is prod, and -c stage= says dev',
    );
    const odd = { prod: { stage: 'dev' } };
    expect(() => stageConfig({ catalog, stages: odd, stage: undefined })).toThrow(
      'stages.prod.stage is not possible',
    );
    const dev = stageConfig({ catalog: { supplierUrl, stage: 'dev' }, stages, stage: undefined });
    expect(dev).toMatchObject({ stage: 'dev', supplierUrl: 'https://supplier.example/test' });
  });

  test('a stage that is not among those named is refused with their names', () => {
    const stages = { dev: {}, prod: {} };
    expect(() => stageConfig({ catalog: { supplierUrl }, stages, stage: 'porduction' })).toThrow(
      'there is no stage porduction: choose one of dev, prod',
    );
  });

  test('stages that are no settings are refused with an example', () => {
    const wrong = { catalog: { supplierUrl }, stages: { dev: true }, stage: 'dev' };
    expect(() => stageConfig(wrong)).toThrow(/stages is malformed: .*for example/);
  });

  const drinks = { drinks: { supplierUrl: 'https://drinks.example/api/v1' } };

  test.each([
    ['prod', { prod: { sources: drinks }, drinks: {} }, {}],
    ['drinks', { prod: {}, drinks: {} }, { sources: drinks }],
    ['dev', { prod: { sources: drinks }, dev: {}, drinks: {} }, {}],
    ['drinks', undefined, { sources: drinks }],
    ['soft', { soft: { sources: drinks }, 'soft-drinks': {} }, {}],
  ])(
    'a source whose alarms would have the names of another stage’s is refused: %s of %j',
    (stage, stages, common) => {
      const catalog = { supplierUrl, ...common };
      expect(() => stageConfig({ catalog, stages, stage })).toThrow(
        /^cdk\.json: the source drinks of the stage (?:prod|soft) is not possible beside the stage (?:soft-)?drinks: /,
      );
    },
  );

  test('nor may two sources of two stages have the same names together', () => {
    const settings = { supplierUrl: 'https://drinks.example/api/v1' };
    const stages = {
      prod: { sources: { 'eu-drinks': settings } },
      eu: { sources: { drinks: settings } },
    };
    for (const stage of ['prod', 'eu']) {
      expect(() => stageConfig({ catalog: { supplierUrl }, stages, stage })).toThrow(
        /^cdk\.json: the source eu-drinks of the stage prod is not possible beside the source drinks of the stage eu: their alarms/,
      );
    }
  });

  test('a source may have the name of a stage that is nowhere', () => {
    const catalog = { supplierUrl, sources: drinks };
    for (const stages of [undefined, { prod: {}, dev: {} }]) {
      expect(stageConfig({ catalog, stages, stage: 'prod' })).toHaveProperty('sources.drinks');
    }
  });

  test('production keeps its data when the stack goes; development leaves nothing behind', () => {
    expect(kept({})).toEqual([
      ['Table', 'Retain', true],
      ['Secret', 'Retain', undefined],
      // The sessions' secret: without the stack there is nobody to sign in.
      ['Secret', undefined, undefined],
    ]);
    expect(kept({ stage: 'dev' })).toEqual([
      ['Table', 'Delete', false],
      ['Secret', 'Delete', undefined],
      ['Secret', undefined, undefined],
    ]);
  });

  test('a restored table is used as it is, by readers and worker; none is made', () => {
    const template = synthesized({ tableName: 'b2b-catalog-restored' });
    expect(template.ofType('AWS::DynamoDB::Table')).toEqual([]);
    const functions = JSON.stringify(template.ofType('AWS::Lambda::Function'));
    expect(functions.match(/"TABLE_NAME":"b2b-catalog-restored"/g)?.length).toBeGreaterThan(4);
    expect(JSON.stringify(template.ofType('AWS::IAM::Policy'))).toContain(
      'table/b2b-catalog-restored',
    );
  });

  test('the changes of a restored table are told from the stream that it was given', () => {
    const tableStreamArn =
      'arn:aws:dynamodb:eu-west-3:111122223333:table/b2b-catalog-restored/stream/2026-11-22T10:00:00.000';
    const existing = { tableName: 'b2b-catalog-restored', tableStreamArn };
    const template = synthesized({ ...existing, changeEvents: true });
    expect(template.ofType('AWS::DynamoDB::Table')).toEqual([]);
    expect(template.ofType('AWS::Lambda::EventSourceMapping')).toEqual([
      expect.objectContaining({ EventSourceArn: tableStreamArn }),
    ]);
    const readers = template
      .ofType('AWS::IAM::Policy')
      .filter((policy) => JSON.stringify(policy).includes(`"Resource":"${tableStreamArn}"`));
    expect(readers).toHaveLength(1);
    expect(JSON.stringify(readers)).toContain('dynamodb:GetRecords');
    expect(synthesized(existing).ofType('AWS::Lambda::EventSourceMapping')).toEqual([]);
  });

  test('everything that can be tagged says whose it is', () => {
    const template = synthesized({ stage: 'dev', tags: { 'cost-center': 'shop' } });
    for (const type of ['AWS::DynamoDB::Table', 'AWS::Lambda::Function', 'AWS::SQS::Queue']) {
      for (const each of template.ofType(type)) {
        expect(each['Tags']).toEqual([
          { Key: 'cost-center', Value: 'shop' },
          { Key: 'service', Value: 'b2b-catalog-sync' },
          { Key: 'stage', Value: 'dev' },
        ]);
      }
    }
  });
});

test('the dashboard is named after its region too: an account has each name once', () => {
  const [dashboard] = synthesized({ stage: 'staging' }).ofType('AWS::CloudWatch::Dashboard');
  expect(dashboard?.['DashboardName']).toBe('b2b-catalog-staging-AWS::Region');
});

describe('the API’s stage', () => {
  test('every route is throttled, as configured, and every request is logged', () => {
    const settings = (config: object) => synthesized(config).ofType('AWS::ApiGatewayV2::Stage')[0];
    expect(settings({})).toMatchObject({
      DefaultRouteSettings: { ThrottlingRateLimit: 200, ThrottlingBurstLimit: 500 },
      AccessLogSettings: { Format: expect.stringContaining('$context.routeKey') },
    });
    // Nothing of a route's own stands over the default.
    expect(settings({})).not.toHaveProperty('RouteSettings');
    expect(settings({ throttle: { requestsPerSecond: 20 } })).toMatchObject({
      DefaultRouteSettings: { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 500 },
    });
  });
});

test('with tracing, every function is traced', () => {
  for (const each of synthesized({ tracing: true }).ofType('AWS::Lambda::Function')) {
    expect(each).toMatchObject({ TracingConfig: { Mode: 'Active' } });
  }
});
