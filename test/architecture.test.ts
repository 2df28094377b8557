import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const FILES = globSync('{infra,functions,shared,cli,local}/**/*.ts', { cwd: ROOT });

interface Import {
  readonly from: string;
  /** A path inside the project, or a package's name. */
  readonly to: string;
  readonly isTypeOnly: boolean;
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'|import\(\s*['`]([^'`]+)['`]/g;

const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');

function importsOf(file: string): Import[] {
  return [...textOf(file).matchAll(IMPORT)].map(([, type, from = '', dynamic = '']) => {
    const target = from || dynamic;
    const to = target.startsWith('.') ? normalize(join(dirname(file), target)) : packageOf(target);
    return { from: file, to, isTypeOnly: type !== undefined };
  });
}

const packageOf = (name: string) =>
  name.startsWith('node:')
    ? name
    : name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/');

const IMPORTS = FILES.flatMap(importsOf);
const within = (folder: string) => (file: string) => file.startsWith(`${folder}/`);

/** Imports of files in `folder` that `allowed` does not take. */
function violations(folder: string, allowed: (to: string, one: Import) => boolean): string[] {
  return IMPORTS.filter(({ from }) => within(folder)(from))
    .filter((one) => !allowed(one.to, one))
    .map(({ from, to }) => `${from} → ${to}`);
}

const isAws = (to: string) => to.startsWith('@aws-sdk/') || to.startsWith('@smithy/');
const isHttp = (to: string) => to.startsWith('node:');

test('the imports are read at all', () => {
  expect(FILES.length).toBeGreaterThan(80);
  expect(IMPORTS).toContainEqual({
    from: 'shared/core/drive.ts',
    to: 'shared/core/closing.ts',
    isTypeOnly: false,
  });
});

test('the core imports the core and zod, nothing else', () => {
  expect(violations('shared/core', (to) => within('shared/core')(to) || to === 'zod')).toEqual([]);
});

test('resources import the core and zod', () => {
  const allowed = (to: string) =>
    within('shared/core')(to) || within('shared/resources')(to) || to === 'zod';
  expect(violations('shared/resources', allowed)).toEqual([]);
});

test('reads are pure: the core, resources and zod', () => {
  const allowed = (to: string) =>
    ['shared/core', 'shared/resources', 'shared/reads'].some((folder) => within(folder)(to)) ||
    to === 'zod';
  expect(violations('shared/reads', allowed)).toEqual([]);
});

test('adapters import the core, the AWS SDK, HTTP and what Node has', () => {
  const allowed = (to: string) =>
    within('shared/core')(to) ||
    within('shared/adapters')(to) ||
    isAws(to) ||
    isHttp(to) ||
    ['zod', 'ulid'].includes(to);
  expect(violations('shared/adapters', allowed)).toEqual([]);
});

test('the supplier’s side and the stores know nothing of each other', () => {
  const sides = ['http', 'dynamodb', 'memory'].map((name) => `shared/adapters/${name}`);
  for (const side of sides) {
    const others = sides.filter((other) => other !== side);
    expect(violations(side, (to) => !others.some((other) => within(other)(to)))).toEqual([]);
  }
});

test('shared imports nothing of what uses it', () => {
  const users = ['infra', 'functions', 'cli', 'local', 'test'];
  expect(violations('shared', (to) => !users.some((folder) => within(folder)(to)))).toEqual([]);
});

test('functions import shared and libraries', () => {
  const others = ['infra', 'cli', 'local', 'test'];
  expect(violations('functions', (to) => !others.some((folder) => within(folder)(to)))).toEqual([]);
});

test('nothing imports functions but functions, local and tests', () => {
  for (const folder of ['infra', 'shared', 'cli']) {
    expect(violations(folder, (to) => !within('functions')(to))).toEqual([]);
  }
});

test('infra takes from shared only names and types', () => {
  const named = new Set([
    'shared/deployment.ts',
    'shared/core/access.ts',
    'shared/core/errors.ts',
    'shared/environment.ts',
    'shared/resources/index.ts',
    'shared/adapters/dynamodb/table-schema.ts',
    'shared/adapters/emf-metrics.ts',
    'shared/core/metrics.ts',
    'shared/core/source-names.ts',
    'shared/source-settings.ts',
  ]);
  const allowed = (to: string, { isTypeOnly }: Import) =>
    !within('shared')(to) || isTypeOnly || named.has(to);
  expect(violations('infra', allowed)).toEqual([]);
});

test('a reading function loads nothing that only the worker needs', () => {
  const worker = [
    'shared/core/run-sync.ts',
    'shared/adapters/dynamodb/store.ts',
    'shared/adapters/http/source.ts',
    '@aws-sdk/lib-dynamodb',
    '@aws-sdk/client-secrets-manager',
  ];
  for (const entry of FILES.filter((file) =>
    /^functions\/(?!scheduled-sync|login|authorizer)[^/]+\/index\.ts$/.test(file),
  )) {
    expect(
      worker.filter((one) => reachable(entry).has(one)),
      entry,
    ).toEqual([]);
  }
});

/** Everything that loading a file loads. */
function reachable(entry: string): ReadonlySet<string> {
  const found = new Set<string>([entry]);
  for (const file of found) {
    for (const { from, to, isTypeOnly } of IMPORTS) if (from === file && !isTypeOnly) found.add(to);
  }
  return found;
}

/** Files of these folders in which the pattern stands. */
const using = (pattern: RegExp, ...folders: string[]) =>
  FILES.filter(
    (file) => folders.some((folder) => within(folder)(file)) && pattern.test(textOf(file)),
  );

test('the environment is read in the composition roots only', () => {
  // The SDK reads its own part of it by itself; so does what stands in for it.
  const sdk = 'shared/adapters/light/lambda-environment.ts';
  const found = using(/process\.env/, 'shared', 'functions').filter((file) => file !== sdk);
  expect(found).toEqual(['functions/runtime.ts']);
});

test('time and chance come in through the clock', () => {
  const uses = /Date\.now\(|Math\.random\(|randomUUID\(|new Date\(\)/;
  expect(
    using(uses, 'shared', 'functions', 'local', 'cli').filter(
      (file) => !within('shared/adapters')(file),
    ),
  ).toEqual([]);
});
