import { PassThrough } from 'node:stream';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { onTestFinished } from 'vitest';
import type { Page } from 'playwright-core';
import { LOCAL_TABLE } from '../../../local/catalog.ts';
import { startLocalRun, type LocalRun } from '../../../local/local-run.ts';
import { createClient } from '../../../shared/adapters/dynamodb/client.ts';
import type { JsonObject } from '../../../shared/core/json.ts';
import { localSettings } from '../../support/local-service.ts';
import {
  aCategory,
  aProduct,
  startSupplier,
  SUPPLIER_KEY,
  type Supplier,
} from '../../support/supplier.ts';

export interface Service {
  readonly run: LocalRun;
  readonly supplier: Supplier;
  /** Syncs for real, now. */
  sync(resource?: string): Promise<unknown>;
  /** Writes fields of a control record, as if the service had. */
  stage(fields: Readonly<Record<string, string | number>>, resource?: string): Promise<void>;
  /** Signs in by the printed link. */
  signIn(page: Page): Promise<void>;
}

export interface ServiceSettings {
  readonly products?: readonly JsonObject[];
  readonly environment?: (port: string) => Promise<Record<string, string>>;
}

export const manyProducts = (count: number, overrides: JsonObject = {}): JsonObject[] =>
  Array.from({ length: count }, (_, at) => aProduct(at + 1, overrides));

async function writeControl(
  endpoint: string,
  resource: string,
  fields: Readonly<Record<string, string | number>>,
): Promise<void> {
  const client = createClient({ endpoint });
  const names = Object.keys(fields);
  await client.send(
    new UpdateItemCommand({
      TableName: LOCAL_TABLE,
      Key: { pk: { S: `control#main#${resource}` }, sk: { S: 'control' } },
      UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(
        Object.entries(fields).map(([name, value]) => [
          `:${name}`,
          typeof value === 'number' ? { N: `${value}` } : { S: value },
        ]),
      ),
    }),
  );
  client.destroy();
}

/** The whole service with its real handlers over a supplier that can misbehave, for one test. */
export async function service({ products, environment }: ServiceSettings = {}): Promise<Service> {
  const supplier = await startSupplier({
    products: products ?? manyProducts(60),
    categories: [aCategory(1), aCategory(2)],
  });
  onTestFinished(() => supplier.stop());
  const settings = await localSettings({ url: supplier.url, key: SUPPLIER_KEY });
  const more = await environment?.(settings.PORT);
  const quick = { B2B_TIMEOUT_SECONDS: '1' };
  const run = await startLocalRun(
    { ...process.env, ...settings, ...quick, ...more },
    new PassThrough().resume(),
    { rules: [] },
  );
  onTestFinished(() => run.stop());
  return {
    run,
    supplier,
    sync: (resource = 'all') => run.worker.invoke({ resource, force: true, trigger: 'schedule' }),
    stage: (fields, resource = 'products') => writeControl(run.endpoint, resource, fields),
    signIn: async (page) => {
      await page.goto(run.loginUrl());
    },
  };
}
