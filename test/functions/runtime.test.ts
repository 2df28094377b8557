import { afterEach, describe, expect, test, vi } from 'vitest';
import { handler as products } from '../../functions/products-synced/index.ts';
import {
  createHandler as createResourceHandler,
  handler as anyResource,
} from '../../functions/resource-synced/index.ts';
import { handler as worker } from '../../functions/scheduled-sync/index.ts';
import { products as productsResource } from '../../shared/resources/products.ts';
import { gatewayRequest, lambdaContext } from '../support/gateway-event.ts';
import { aProduct } from '../support/supplier-records.ts';
import { shop } from '../support/shop.ts';

const { event } = gatewayRequest('/api/inventory/products/synced/');

const READER = {
  TABLE_NAME: 'table',
  WORKER_FUNCTION_NAME: 'worker',
  PUBLIC_READS: 'true',
};

function environment(settings: Record<string, string>): void {
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
}

afterEach(() => vi.unstubAllEnvs());

test('a reading function without its settings fails naming each of them', async () => {
  await expect(products(event, lambdaContext())).rejects.toThrow(
    /TABLE_NAME is missing[^]*WORKER_FUNCTION_NAME is missing[^]*PUBLIC_READS is missing/,
  );
});

test('a malformed setting is named with its form, and never shown', async () => {
  environment({ ...READER, PUBLIC_READS: 'perhaps' });
  await expect(products(event, lambdaContext())).rejects.toThrow(
    /^PUBLIC_READS is malformed: it is true or false\.$/,
  );
});

test('the worker without its settings fails naming each of them', async () => {
  environment({ TABLE_NAME: 'table' });
  await expect(worker({ resource: 'all' }, lambdaContext())).rejects.toThrow(
    /B2B_API_URL is missing[^]*B2B_SECRET_ARN is missing/,
  );
});

describe('the worker of several sources', () => {
  const BOTH = {
    TABLE_NAME: 'table',
    B2B_SECRET_ARN: 'arn-of-main',
    B2B_API_URL: 'https://main.example',
    SYNC_INTERVALS: 'products=60',
    B2B_SOURCES: 'drinks',
    B2B_SECRET_ARN_DRINKS: 'arn-of-drinks',
    B2B_API_URL_DRINKS: 'https://drinks.example',
    B2B_CONCURRENCY_DRINKS: '8',
    SYNC_INTERVALS_DRINKS: 'products=30',
  };
  const fresh = async (settings: Record<string, string>) => {
    environment(settings);
    vi.resetModules();
    return (await import('../../functions/scheduled-sync/services.ts')).syncServices();
  };

  test('gives each its own catalogue, concurrency, interval and fingerprint', async () => {
    const { sources, portsOf, settingsOf } = await fresh(BOTH);
    expect(sources).toEqual(['main', 'drinks']);
    const [main, drinks] = ['main', 'drinks'].map((name) => portsOf(productsResource, name, 2));
    expect(main?.ref).toEqual({ source: 'main', resource: 'products' });
    expect(drinks?.ref).toEqual({ source: 'drinks', resource: 'products' });
    expect([main?.source.concurrency, drinks?.source.concurrency]).toEqual([16, 4]);
    const [ofMain, ofDrinks] = ['main', 'drinks'].map((name) => settingsOf(productsResource, name));
    expect([ofMain?.intervalMs, ofDrinks?.intervalMs]).toEqual([3_600_000, 1_800_000]);
    expect(ofMain?.configuration).not.toBe(ofDrinks?.configuration);
  });

  test('remembers which details it has read only where that is asked for', async () => {
    const usual = (await fresh(BOTH)).portsOf(productsResource, 'main', 1);
    expect(usual.verified).toBeUndefined();
    const incremental = await fresh({ ...BOTH, B2B_INCREMENTAL: 'true' });
    expect(incremental.portsOf(productsResource, 'main', 1).verified).toBeDefined();
  });

  test('that is asked for once, of all sources: none has a spelling of its own for it', async () => {
    const all = await fresh({ ...BOTH, B2B_INCREMENTAL: 'true', B2B_INCREMENTAL_DRINKS: 'never' });
    expect(all.portsOf(productsResource, 'drinks', 1).verified).toBeDefined();
  });

  test('a wrong setting of one source is named as it spells it, and stops no other', async () => {
    const { portsOf } = await fresh({ ...BOTH, B2B_API_URL_DRINKS: 'drinks' });
    expect(() => portsOf(productsResource, 'drinks', 1)).toThrow(
      /^B2B_API_URL_DRINKS is malformed: it is the supplier's base URL/,
    );
    expect(portsOf(productsResource, 'main', 1).ref.source).toBe('main');
  });
});

test('a function for any resource serves the one in its settings, and says so when there is none', async () => {
  environment({ ...READER, RESOURCE: 'shops' });
  await expect(anyResource(event, lambdaContext())).rejects.toThrow(
    /RESOURCE is missing or unknown/,
  );
  const open = shop({ products: [aProduct(3)] });
  await open.sync('products');
  const own = createResourceHandler(() => open.services, productsResource);
  expect((await own(event, lambdaContext())).statusCode).toBe(200);
});

test('what is no HTTP request is no request', async () => {
  environment(READER);
  await expect(products({ resource: 'all', force: true }, lambdaContext())).rejects.toThrow(
    /routeKey/,
  );
});
