import type { BuildOptions } from 'esbuild';
import type { FunctionDeclaration } from '../shared/deployment.ts';

/**
 * How a function becomes one file, for the deployment as for the bench. Chosen by measured cold start:
 * CommonJS (an ESM import of `node:http` alone costs 22 ms and more), no dynamic import, the SDK
 * bundled, and credentials from the environment only.
 * No source map: Node would have to load it on a cold start. Names are shortened, which stack traces
 * show; with the credential chain they were over half of a bundle's bytes.
 */
export const BUNDLE = {
  format: 'cjs',
  target: 'node24',
  mainFields: ['module', 'main'],
  supported: { 'dynamic-import': false },
  minify: true,
  alias: {
    '@aws-sdk/credential-provider-node': './shared/adapters/environment-credentials.ts',
  },
} satisfies BuildOptions;

/** Reading functions have the few operations that they use in place of the SDK's clients: loading
 *  those was most of a cold start. An operation that the stand-ins lack fails the build. */
const READER_BUNDLE = {
  ...BUNDLE,
  alias: {
    ...BUNDLE.alias,
    '@aws-sdk/client-dynamodb': './shared/adapters/light/dynamodb.ts',
    '@aws-sdk/client-lambda': './shared/adapters/light/lambda.ts',
  },
} satisfies BuildOptions;

/** The worker's transactions cost it half as much so. */
const WORKER_BUNDLE = {
  ...BUNDLE,
  alias: {
    ...BUNDLE.alias,
    '@aws-sdk/client-dynamodb': './shared/adapters/light/dynamodb.ts',
    '@aws-sdk/lib-dynamodb': './shared/adapters/light/document.ts',
  },
} satisfies BuildOptions;

/** How a function of that role is bundled. */
export function bundleOf(
  role?: FunctionDeclaration['role'],
): typeof BUNDLE | typeof READER_BUNDLE | typeof WORKER_BUNDLE {
  if (role === 'reader' || role === 'assets') return READER_BUNDLE;
  return role === 'worker' ? WORKER_BUNDLE : BUNDLE;
}

/** Of every function: docs/decisions/0011. */
export const MEMORY_MB = 1024;

/**
 * What a sync keeps is some 20 MB, what it throws away 100 KB a record: a small young generation moves
 * around what is about to be thrown away, and one of V8's own choosing grew with the catalogue. Once an
 * option is about memory, Lambda's start of Node adds none of its own, and V8 would end a run at half of
 * the function's memory: seven eighths are the old generation's, the rest is for what is outside of it.
 */
export const WORKER_NODE_OPTIONS: readonly string[] = [
  '--max-semi-space-size=16',
  `--max-old-space-size=${Math.floor((MEMORY_MB * 7) / 8)}`,
];
