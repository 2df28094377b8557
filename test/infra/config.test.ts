import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../infra/config.ts';
import { ConfigurationError } from '../../shared/core/errors.ts';

const supplierUrl = 'https://supplier.example/api/v1';

function refusal(context: unknown): string {
  try {
    parseConfig(context);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('the deployment configuration', () => {
  test("the supplier's URL is enough", () => {
    expect(parseConfig({ supplierUrl })).toEqual({
      supplierUrl,
      publicReads: true,
      closedReads: 'token',
      intervals: {},
      schedules: {},
      sources: {},
      domains: [],
      concurrency: 32,
      pageSize: 100,
      timeoutSeconds: 30,
      incremental: false,
      reserveWorkerConcurrency: true,
      logRetentionDays: 30,
      stage: 'prod',
      retainData: true,
      watch: true,
      tracing: false,
      changeEvents: false,
      throttle: { requestsPerSecond: 200, burst: 500 },
      tags: {},
    });
  });

  test('without any, the message names the missing setting, its form and an example', () => {
    expect(refusal(undefined)).toBe(
      "cdk.json: catalog.supplierUrl is missing: it is the supplier's base URL, for example https://supplier.example/api/v1 (https only).",
    );
  });

  test.each([
    ['supplierUrl', { supplierUrl: 'http://supplier.example' }],
    ['supplierUrl', { supplierUrl: 'https://user@supplier.example' }],
    ['imageHosts.0', { imageHosts: ['http://img.example'] }],
    ['imageHosts.0', { imageHosts: ['https://img.example/folder'] }],
    ['domains.0', { domains: ['http://api.shop.example'] }],
    ['domains.0', { domains: ['https://api.shop.example/catalogue'] }],
    ['domains.1', { domains: ['https://api.shop.example', 'shop.example'] }],
    [
      'issuer.groups',
      { issuer: { kind: 'oidc', url: 'https://a.example', clientId: 'x', groups: 3 } },
    ],
    [
      'issuer.url',
      { issuer: { kind: 'oidc', url: 'http://login.example', clientId: 'x', groups: {} } },
    ],
    [
      'issuer.groups.a.0',
      { issuer: { kind: 'oidc', url: 'https://a.example', clientId: 'x', groups: { a: ['all'] } } },
    ],
    ['issuer.domainPrefix', { issuer: { kind: 'cognito', domainPrefix: 'My-Shop' } }],
    ['issuer.domainPrefix', { issuer: { kind: 'cognito', domainPrefix: 'paws-and-claws' } }],
    ['issuer.domainPrefix', { issuer: { kind: 'cognito', domainPrefix: 'amazonia' } }],
    ['issuer.domainPrefix', { issuer: { kind: 'cognito', domainPrefix: 'shop-cognito' } }],
    ['closedReads', { closedReads: 'nobody' }],
    ['siteId', { siteId: '' }],
    ['supplierKeySecretArn', { supplierKeySecretArn: 'supplier-key' }],
    ['stage', { stage: 'Production' }],
    ['publicReads', { publicReads: 'no' }],
    ['intervals.products', { intervals: { products: 0 } }],
    ['schedules.products.everyMinutes', { schedules: { products: { everyMinutes: 7 } } }],
    ['schedules.resume.atMinute', { schedules: { resume: { atMinute: -1 } } }],
    ['concurrency', { concurrency: 257 }],
    ['pageSize', { pageSize: '100' }],
    ['timeoutSeconds', { timeoutSeconds: 0 }],
    ['reserveWorkerConcurrency', { reserveWorkerConcurrency: 1 }],
    ['logRetentionDays', { logRetentionDays: 31 }],
    ['tableName', { tableName: 'my table' }],
    ['tableStreamArn', { tableName: 'restored', tableStreamArn: 'restored' }],
    [
      'tableStreamArn',
      {
        tableName: 'restored',
        tableStreamArn: 'arn:aws:dynamodb:eu-west-3:111122223333:table/restored',
      },
    ],
    ['retainData', { retainData: 'yes' }],
    ['watch', { watch: 1 }],
    ['alarmEmail', { alarmEmail: 'shop' }],
    ['tracing', { tracing: 'on' }],
    ['changeEvents', { changeEvents: 'main' }],
    ['throttle.requestsPerSecond', { throttle: { requestsPerSecond: 0 } }],
    ['tags.cost-center', { tags: { 'cost-center': 7 } }],
    ['tags.cost-center', { tags: { 'cost-center': 'shop, bakery' } }],
    ['tags.cost-center', { tags: { 'cost-center': 'x'.repeat(257) } }],
    ['tags.cost&center', { tags: { 'cost&center': 'shop' } }],
    ['tags.AWS:name', { tags: { 'AWS:name': 'shop' } }],
    ['tags.', { tags: { '': 'shop' } }],
  ])('a malformed %s is named, with its form and an example', (setting, wrong) => {
    const message = refusal({ supplierUrl, ...wrong });
    expect(message).toContain(`cdk.json: catalog.${setting} is malformed: it is `);
    expect(message.split('\n')).toHaveLength(1);
  });

  test.each([
    ['supplierURL', { supplierURL: supplierUrl }],
    ['intervals.produits', { intervals: { produits: 120 } }],
    ['schedules.products.every', { schedules: { products: { every: 5 } } }],
  ])(
    'an unknown %s is named, so that a slip of the pen is not silently ignored',
    (setting, wrong) => {
      expect(refusal({ supplierUrl, ...wrong })).toContain(`catalog.${setting} is unknown: `);
    },
  );

  const streamOf = (tableName: string) =>
    `arn:aws:dynamodb:eu-west-3:111122223333:table/${tableName}/stream/2026-11-22T10:00:00.000`;

  test.each([
    [
      { tableName: 'restored', changeEvents: true },
      'catalog.changeEvents with tableName needs tableStreamArn: it is the ARN of the stream',
    ],
    [
      { tableStreamArn: streamOf('restored'), changeEvents: true },
      'catalog.tableStreamArn needs tableName: it is the ARN of the stream',
    ],
    [
      { tableName: 'restored', tableStreamArn: streamOf('restored-2'), changeEvents: true },
      'catalog.tableStreamArn is of another table than restored: it is the ARN of the stream',
    ],
    [
      { tableName: 'restored', tableStreamArn: streamOf('not-restored') },
      'catalog.tableStreamArn is of another table than restored: it is the ARN of the stream',
    ],
  ])('settings of an existing table that do not go together are refused: %j', (table, words) => {
    expect(refusal({ supplierUrl, ...table })).toContain(`cdk.json: ${words}`);
  });

  test('an existing table with its stream may tell its changes, or not yet', () => {
    const table = { tableName: 'restored', tableStreamArn: streamOf('restored') };
    for (const changeEvents of [true, false]) {
      expect(parseConfig({ supplierUrl, ...table, changeEvents })).toMatchObject(table);
    }
  });

  test('tags take letters of every script, digits, spaces and the signs that AWS takes', () => {
    const tags = { 'équipe: achats/Ouest_1.2': 'a=b+c-d @ boutique', empty: '' };
    expect(parseConfig({ supplierUrl, tags })).toMatchObject({ tags });
  });

  test('every wrong setting is told at once, a line each', () => {
    const lines = refusal({ supplierUrl, pageSize: 0, stage: '' }).split('\n');
    expect(lines).toHaveLength(2);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringContaining('catalog.pageSize'),
        expect.stringContaining('catalog.stage'),
      ]),
    );
  });
});
