import { build } from 'esbuild';
import { expect, test } from 'vitest';

async function packagesOf(entryPoint: string): Promise<Set<string>> {
  const { metafile } = await build({
    entryPoints: [entryPoint],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    packages: 'external',
  });
  const imported = Object.values(metafile.inputs).flatMap(({ imports }) => imports);
  return new Set(imported.filter(({ external }) => external).map(({ path }) => path));
}

test('readers start quickly: they bring neither the document client nor the writer', async () => {
  const reader = await packagesOf('shared/adapters/dynamodb/reader.ts');
  const installed = [...reader].filter((name) => !name.startsWith('node:'));
  expect(installed.toSorted()).toEqual(['@aws-sdk/client-dynamodb', 'zod']);
  const writer = await packagesOf('shared/adapters/dynamodb/store.ts');
  expect(writer).toContain('@aws-sdk/lib-dynamodb');
});
