import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { functionDeclarations, type FunctionDeclaration } from '../../shared/deployment.ts';
import {
  parseEnvironment,
  readerEnvironment,
  workerEnvironment,
} from '../../shared/environment.ts';
import { synthesized } from './synthesized.ts';

const functionShape = z.object({
  FunctionName: z.string(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }).default({ Variables: {} }),
});

const config = {
  supplierUrl: 'https://supplier.example/base',
  siteId: '3',
  publicReads: false,
  intervals: { products: 90, categories: 45 },
  concurrency: 16,
  pageSize: 50,
  timeoutSeconds: 20,
  incremental: true,
  logRetentionDays: 14,
};
const template = synthesized(config);
const functions = template.ofType('AWS::Lambda::Function');

function variablesOf({ name }: FunctionDeclaration): Record<string, string> {
  const all = functions.map((each) => functionShape.parse(each));
  const found = all.find(({ FunctionName }) => FunctionName === `b2b-catalog-${name}`);
  return found?.Environment.Variables ?? {};
}

const intervals = new Map([
  ['products', 90 * 60_000],
  ['categories', 45 * 60_000],
]);

describe('functions', () => {
  test.each(functionDeclarations.filter(({ role }) => role === 'reader'))(
    "$name's environment keeps its contract and carries the configuration",
    (declaration) => {
      expect(parseEnvironment(readerEnvironment, variablesOf(declaration))).toMatchObject({
        TABLE_NAME: 'Table/Catalog',
        WORKER_FUNCTION_NAME: 'Worker/Sync/Function',
        DEPLOYMENT: 'b2b-catalog',
        PUBLIC_READS: false,
        SYNC_INTERVALS: intervals,
      });
      expect(variablesOf(declaration)['RESOURCE']).toBe(declaration.resource);
    },
  );

  test.each(functionDeclarations.filter(({ role }) => role === 'worker'))(
    "$name's environment keeps its contract and carries the configuration",
    (declaration) => {
      expect(parseEnvironment(workerEnvironment, variablesOf(declaration))).toEqual({
        TABLE_NAME: 'Table/Catalog',
        DEPLOYMENT: 'b2b-catalog',
        SYNC_INTERVALS: intervals,
        B2B_SOURCES: ['main'],
        B2B_API_URL: 'https://supplier.example/base',
        B2B_SITE_ID: '3',
        B2B_PAGE_SIZE: 50,
        B2B_CONCURRENCY: 16,
        B2B_TIMEOUT_SECONDS: 20,
        B2B_INCREMENTAL: true,
        B2B_SECRET_ARN: 'SupplierKey/Secret',
      });
    },
  );

  test('no reader is told of the supplier or its key', () => {
    for (const declaration of functionDeclarations.filter(({ role }) => role === 'reader')) {
      expect(
        Object.keys(variablesOf(declaration)).filter((name) => name.startsWith('B2B')),
      ).toEqual([]);
    }
  });

  test('settings left out leave the functions their own defaults', () => {
    const plain = synthesized().ofType('AWS::Lambda::Function');
    for (const { Environment } of plain.map((each) => functionShape.parse(each))) {
      expect(Environment.Variables).not.toHaveProperty('SYNC_INTERVALS');
      expect(Environment.Variables).not.toHaveProperty('B2B_SITE_ID');
    }
  });

  test('all run on Node 24 and arm64, log as JSON, and are not traced', () => {
    expect(functions).toHaveLength(functionDeclarations.length);
    for (const each of functions) {
      expect(each).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        LoggingConfig: { LogFormat: 'JSON' },
      });
      expect(each).not.toHaveProperty('TracingConfig');
    }
  });

  test('whoever waits for them waits longer than they may take: 30 s of an HTTP API, 10 s before its authorizer', () => {
    const timeouts = new Map(
      functions.map(({ FunctionName, Timeout }) => [String(FunctionName), Number(Timeout)]),
    );
    expect(timeouts.get('b2b-catalog-authorizer')).toBe(10);
    for (const { name, role } of functionDeclarations) {
      if (role === 'worker' || role === 'authorizer') continue;
      expect(timeouts.get(`b2b-catalog-${name}`), name).toBe(29);
    }
  });

  test('every log, also of the API, forgets after the configured days', () => {
    const days = template.ofType('AWS::Logs::LogGroup').map((each) => each['RetentionInDays']);
    expect(days).toEqual(Array.from({ length: functionDeclarations.length + 1 }, () => 14));
    const logs = functions.map((each) => JSON.stringify(each['LoggingConfig']));
    expect(new Set(logs).size).toBe(functionDeclarations.length);
  });
});
