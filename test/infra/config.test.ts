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
    ['retainData', { retainData: 'yes' }],
    ['watch', { watch: 1 }],
    ['alarmEmail', { alarmEmail: 'shop' }],
    ['tracing', { tracing: 'on' }],
    ['changeEvents', { changeEvents: 'main' }],
    ['throttle.requestsPerSecond', { throttle: { requestsPerSecond: 0 } }],
    ['tags.cost-center', { tags: { 'cost-center': 7 } }],
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
