import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { parseConfig } from '../../infra/config.ts';
import { resources } from '../../shared/resources/index.ts';
import { synthesized } from './synthesized.ts';

const DRINKS = {
  supplierUrl: 'https://drinks.example/api/v1',
  siteId: '7',
  concurrency: 4,
  timeoutSeconds: 10,
  intervals: { products: 30 },
  schedules: { products: { everyMinutes: 30, atMinute: 3 } },
};
const one = synthesized({ changeEvents: true });
const two = synthesized({ changeEvents: true, sources: { drinks: DRINKS } });

const rule = z.object({
  ScheduleExpression: z.string(),
  Targets: z.tuple([z.looseObject({ Arn: z.string(), Input: z.string() })]),
});
const rulesOf = (template: typeof one) =>
  template
    .ofType('AWS::Events::Rule')
    .map((each) => rule.parse(each))
    .map(({ ScheduleExpression, Targets: [{ Input }] }) => ({
      expression: ScheduleExpression,
      payload: z.record(z.string(), z.unknown()).parse(JSON.parse(Input)),
    }));

const named = z.object({
  FunctionName: z.string(),
  ReservedConcurrentExecutions: z.number().optional(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
});
function functionOf(template: typeof one, name: string) {
  const all = template.ofType('AWS::Lambda::Function').map((each) => named.safeParse(each).data);
  const found = all.find((each) => each?.FunctionName === `b2b-catalog-${name}`);
  if (found === undefined) throw new Error(`no function ${name}`);
  return found;
}

describe('a second source', () => {
  test('renames and retypes nothing of the first: every logical id stays', () => {
    const types = ({ byId }: typeof one) => new Map([...byId].map(([id, { Type }]) => [id, Type]));
    const [before, after] = [types(one), types(two)];
    for (const [id, type] of before) expect(after.get(id), id).toBe(type);
    const added = [...after.keys()].filter((id) => !before.has(id));
    for (const id of added) expect(id).toContain('drinks');
  });

  test('what holds data has the logical id that it was first deployed with', () => {
    for (const { byId } of [one, two]) {
      expect(byId.get('TableCatalog4B4151C5')?.Type ?? 'renamed').toBe('AWS::DynamoDB::Table');
      expect(byId.get('SupplierKeySecretA61CFD93')?.Type ?? 'renamed').toBe(
        'AWS::SecretsManager::Secret',
      );
    }
  });

  test('has rules of its own, apart from the first’s, that are of no other source', () => {
    const [before, after] = [rulesOf(one), rulesOf(two)];
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.slice(before.length)).toEqual([
      {
        expression: 'cron(3/30 * * * ? *)',
        payload: { resource: 'products', source: 'drinks', trigger: 'schedule' },
      },
      {
        expression: 'cron(30 * * * ? *)',
        payload: { resource: 'categories', source: 'drinks', trigger: 'schedule' },
      },
      {
        expression: 'cron(1/5 * * * ? *)',
        payload: { resource: 'all', resume_only: true, source: 'drinks', trigger: 'schedule' },
      },
    ]);
    for (const { payload } of before) expect(payload).not.toHaveProperty('source');
  });

  test('of eight, at most two start in the same minute, and there is an instance for each run', () => {
    const others = Array.from({ length: 7 }, (_, at) => [
      `s${at}`,
      { supplierUrl: DRINKS.supplierUrl },
    ]);
    const all = rulesOf(synthesized({ sources: Object.fromEntries(others) }));
    const starts = all.filter(({ payload }) => payload['resume_only'] === undefined);
    const perMinute = Map.groupBy(starts, ({ expression }) => expression);
    expect(Math.max(...[...perMinute.values()].map(({ length }) => length))).toBeLessThanOrEqual(2);
    expect(
      functionOf(synthesized({ sources: Object.fromEntries(others) }), 'scheduled-sync'),
    ).toHaveProperty('ReservedConcurrentExecutions', 8 * resources.length + 2);
  });

  test('has a key of its own, empty and kept, which the worker alone may read', () => {
    const secrets = two.resources.filter(({ Type }) => Type === 'AWS::SecretsManager::Secret');
    const paths = secrets.map(({ Metadata }) => Metadata['aws:cdk:path']);
    expect(paths).toContain('b2b-catalog/SupplierKey-drinks/Secret');
    const own = secrets[paths.indexOf('b2b-catalog/SupplierKey-drinks/Secret')];
    expect(own?.DeletionPolicy).toBe('Retain');
    expect(own?.Properties).not.toHaveProperty('SecretString');
    const readers = two
      .ofType('AWS::IAM::Policy')
      .filter((policy) => JSON.stringify(policy).includes('SupplierKey-drinks'));
    expect(readers.map((policy) => policy['Roles'])).toEqual([['Worker/Sync/Role']]);
  });

  test('is in the environment under its own spelling, beside the first’s as it was', () => {
    const before = functionOf(one, 'scheduled-sync').Environment.Variables;
    const after = functionOf(two, 'scheduled-sync').Environment.Variables;
    expect(after).toEqual({
      ...before,
      B2B_SOURCES: 'drinks',
      B2B_API_URL_DRINKS: DRINKS.supplierUrl,
      B2B_SITE_ID_DRINKS: '7',
      B2B_CONCURRENCY_DRINKS: '4',
      B2B_TIMEOUT_SECONDS_DRINKS: '10',
      B2B_SECRET_ARN_DRINKS: 'SupplierKey-drinks/Secret',
      SYNC_INTERVALS_DRINKS: 'products=30',
    });
    const reader = functionOf(two, 'products-synced').Environment.Variables;
    expect(reader).toMatchObject({
      B2B_SOURCES: 'drinks',
      SYNC_INTERVALS_DRINKS: 'products=30',
      IMAGE_HOSTS: 'https://supplier.example,https://drinks.example',
    });
    expect(JSON.stringify(reader)).not.toContain('SECRET');
    for (const { Environment } of [functionOf(one, 'scheduled-sync'), functionOf(one, 'status')])
      expect(Object.keys(Environment.Variables).filter((name) => /SOURCE/.test(name))).toEqual([]);
  });

  test('has an instance for each of its runs, so that one that hangs keeps none from another', () => {
    const reserved = ({ ReservedConcurrentExecutions }: ReturnType<typeof functionOf>) =>
      ReservedConcurrentExecutions;
    expect(reserved(functionOf(one, 'scheduled-sync'))).toBe(resources.length + 2);
    expect(reserved(functionOf(two, 'scheduled-sync'))).toBe(2 * resources.length + 2);
  });

  test('has every alarm of each resource, on metrics of its own, at its own interval', () => {
    const alarm = z.looseObject({ AlarmName: z.string(), Threshold: z.number() });
    const of = (template: typeof one) =>
      template.ofType('AWS::CloudWatch::Alarm').map((each) => alarm.parse(each));
    const before = of(one).filter(({ AlarmName }) => AlarmName.includes('-products-'));
    const added = of(two).filter(({ AlarmName }) => AlarmName.includes('-drinks-products-'));
    expect(added.map(({ AlarmName }) => AlarmName.replace('drinks-', ''))).toEqual(
      before.map(({ AlarmName }) => AlarmName),
    );
    for (const each of added) {
      expect(JSON.stringify(each)).toContain('{"Name":"Source","Value":"drinks"}');
      expect(JSON.stringify(each)).not.toContain('"Value":"main"');
    }
    const stale = added.find(({ AlarmName }) => AlarmName.endsWith('stale'));
    expect(stale?.Threshold).toBe(2 * 30 * 60);
  });

  test('is on the dashboard, in the filter of change events, and in the outputs', () => {
    expect(JSON.stringify(two.ofType('AWS::CloudWatch::Dashboard'))).toContain('drinks/products');
    expect(JSON.stringify(two.ofType('AWS::Lambda::EventSourceMapping'))).toContain(
      'runs#drinks#products',
    );
    expect(two.outputs).toEqual(
      expect.arrayContaining(['SupplierKeySecretArnDrinks', 'SetSupplierKeyCommandDrinks']),
    );
  });
});

describe('the configuration of sources', () => {
  const supplierUrl = 'https://supplier.example/api/v1';
  const drinks = { supplierUrl: DRINKS.supplierUrl };

  test.each([
    [{ main: drinks }, /catalog\.sources\.main is malformed: it is suppliers or sites beside/],
    [{ Drinks: drinks }, /catalog\.sources\.Drinks is malformed/],
    [{ all: drinks }, /catalog\.sources\.all is malformed/],
    [{ control: drinks }, /catalog\.sources\.control is malformed/],
    [{ 'a-b': drinks, ab: drinks }, /catalog\.sources is malformed/],
    [{ drinks: {} }, /catalog\.sources\.drinks\.supplierUrl is missing: it is the supplier's base/],
    [
      { drinks: { ...drinks, concurrency: 0 } },
      /sources\.drinks\.concurrency is malformed: it is req/,
    ],
    [{ drinks: { ...drinks, publicReads: true } }, /sources\.drinks\.publicReads is unknown/],
    [
      Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`s${at}`, drinks])),
      /catalog\.sources is malformed: .*at most 7/,
    ],
  ])('%j is refused by name, with its form', (sources, message) => {
    expect(() => parseConfig({ supplierUrl, sources })).toThrow(message);
  });

  test('a source inherits nothing of the first', () => {
    const { sources } = parseConfig({ supplierUrl, concurrency: 4, sources: { drinks } });
    expect(sources['drinks']).toMatchObject({ concurrency: 32, pageSize: 100, intervals: {} });
  });
});
