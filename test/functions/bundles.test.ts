import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { functionDeclarations } from '../../shared/deployment.ts';

const readers = functionDeclarations.filter(({ role }) => role === 'reader');

/** What only syncing needs. */
const WORKERS_OWN =
  /client-secrets-manager|lib-dynamodb|adapters\/http\/|credentials\.ts|run-sync|drive\.ts|dynamodb\/store|adapters\/memory\/|scheduled-sync/;

/** The sources that end up in a function's bundle. */
async function sourcesOf(folder: string): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [`functions/${folder}/index.ts`],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    treeShaking: true,
    metafile: true,
    write: false,
  });
  const [output] = Object.values(metafile.outputs);
  const inputs = Object.entries(output?.inputs ?? {});
  return inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
}

test.each([...new Set(readers.map(({ folder }) => folder)), 'resource-synced'])(
  'the reading function %s carries nothing that only the worker needs',
  async (folder) => {
    const sources = await sourcesOf(folder);
    expect(sources).toContain('functions/read-handler.ts');
    expect(sources.filter((path) => WORKERS_OWN.test(path))).toEqual([]);
  },
);

test('the worker carries what the readers may not', async () => {
  const sources = await sourcesOf('scheduled-sync');
  expect(sources.filter((path) => WORKERS_OWN.test(path)).length).toBeGreaterThan(5);
});

const folderOf = (name: string) =>
  functionDeclarations.find((declared) => declared.name === name)?.folder ?? name;

test.each([
  // It stands before other functions, so that its cold start is added to theirs.
  [
    'authorizer',
    /client-lambda|lambda-starter|dynamodb-reader|shared\/resources|functions\/pages|hono/,
  ],
  ['login', /client-lambda|client-dynamodb|dynamodb-reader|dynamodb-tokens/],
  ['assets', /@aws-sdk|jose|openid-client|dynamodb/],
  ['staff', /jose|openid-client|client-secrets-manager/],
])('%s carries nothing that it does not need', async (name, needless) => {
  const sources = await sourcesOf(folderOf(name));
  expect(sources.filter((path) => needless.test(path))).toEqual([]);
});
