import { afterEach, beforeEach } from 'vitest';
import * as z from 'zod';
import { fixedCredentials, type Credentials } from '../../shared/adapters/credentials.ts';
import { createHttpSource, type HttpSourceSettings } from '../../shared/adapters/http/source.ts';
import { createRedactor } from '../../shared/adapters/redaction.ts';
import type { JsonObject } from '../../shared/core/json.ts';
import type { CatalogSource, Log } from '../../shared/core/ports.ts';
import { defineResource, hours } from '../../shared/core/resource.ts';
import { createInstantClock, type InstantClock } from './instant-clock.ts';
import { products, startSupplier, SUPPLIER_KEY, type Supplier } from './supplier.ts';

/** A resource with the paths of upstream's products, and no rules of its own. */
export const productsResource = defineResource({
  name: 'products',
  listPath: 'b2c/products/',
  detailPath: (id) => `b2c/products/${id}/`,
  wire: z.looseObject({}),
  toRecord: (_wire, id): JsonObject => ({ id }),
  interval: hours(2),
});

export const categoriesResource = defineResource({
  name: 'categories',
  listPath: 'b2c/categories/',
  detailPath: (id) => `b2c/categories/${id}/`,
  wire: z.looseObject({}),
  toRecord: (_wire, id): JsonObject => ({ id }),
  interval: hours(2),
});

export interface TestSource {
  readonly source: CatalogSource;
  readonly clock: InstantClock;
  /** Events logged, with their fields. */
  readonly logged: { readonly event: string; readonly fields: object }[];
}

/** A source of that base URL whose waits take no time. */
export function aSource(
  baseUrl: string,
  settings: Partial<HttpSourceSettings> = {},
  credentials: Credentials = fixedCredentials(SUPPLIER_KEY),
  ...keys: readonly string[]
): TestSource {
  const clock = createInstantClock();
  const logged: { event: string; fields: object }[] = [];
  const keep = (event: string, fields: object = {}): void => void logged.push({ event, fields });
  const log: Log = { info: keep, warn: keep, error: keep };
  const { redact } = createRedactor(keys.length > 0 ? keys : [SUPPLIER_KEY]);
  const source = createHttpSource(
    { baseUrl, pageSize: 100, concurrency: 8, timeoutMs: 5_000, ...settings },
    { credentials, clock, log, redact },
  );
  return { source, clock, logged };
}

/** A supplier of so many products on loopback, a new one for each test. */
export function useSupplier(count: number): () => Supplier {
  let supplier: Supplier | undefined;
  beforeEach(async () => {
    supplier = await startSupplier({ products: products(1, count) });
  });
  afterEach(() => supplier?.stop());
  return () => {
    if (supplier === undefined) throw new Error('a supplier runs within a test only');
    return supplier;
  };
}
