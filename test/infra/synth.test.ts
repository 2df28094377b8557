import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { functionDeclarations } from '../../shared/deployment.ts';
import { projectRoot } from './synthesized.ts';

const SLOW_MS = 120_000;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'b2b-catalog-synth-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** `npx cdk synth` as on a machine that knows nothing of AWS. */
async function synth(
  cwd: string,
  ...args: string[]
): Promise<{ code: number | null; text: string }> {
  const child = spawn('npx', ['--no', 'cdk', 'synth', '--quiet', ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, CI: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => (text += part));
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('close', resolve).on('error', reject);
  });
  return { code, text };
}

const findingsIn = (text: string): string[] => text.match(/(?:ERROR|WARNING).*/g) ?? [];

/** Of the address that cdk.json comes with; no other is in order. */
const PLACEHOLDER = expect.stringContaining('catalog.supplierUrl is a placeholder');

test(
  'npx cdk synth bundles every function without credentials, and finds nothing but the placeholder of cdk.json',
  async () => {
    const output = join(folder, 'cdk.out');
    const { code, text } = await synth(projectRoot, '--output', output);
    expect(findingsIn(text)).toEqual([PLACEHOLDER]);
    expect(code).toBe(0);
    const template: unknown = JSON.parse(
      await readFile(join(output, 'b2b-catalog.template.json'), 'utf8'),
    );
    const { Resources } = z
      .object({ Resources: z.record(z.string(), z.object({ Type: z.string() })) })
      .parse(template);
    const functions = Object.values(Resources).filter(
      ({ Type }) => Type === 'AWS::Lambda::Function',
    );
    expect(functions).toHaveLength(functionDeclarations.length);
  },
  SLOW_MS,
);

test(
  'npx cdk synth -c stage=dev is as clean, beside production',
  async () => {
    const output = join(folder, 'cdk.out.dev');
    const { code, text } = await synth(projectRoot, '-c', 'stage=dev', '--output', output);
    expect(findingsIn(text)).toEqual([PLACEHOLDER]);
    expect(code).toBe(0);
    expect(await readFile(join(output, 'b2b-catalog-dev.template.json'), 'utf8')).toContain(
      '"DeletionPolicy": "Delete"',
    );
  },
  SLOW_MS,
);

test(
  'npx cdk synth stops on a wrong setting with its message and no stack trace',
  async () => {
    const project = join(folder, 'project');
    for (const part of ['infra', 'shared', 'package.json']) {
      await cp(join(projectRoot, part), join(project, part), { recursive: true });
    }
    await symlink(join(projectRoot, 'node_modules'), join(project, 'node_modules'));
    const context = { catalog: { supplierUrl: 'supplier.example' } };
    await writeFile(
      join(project, 'cdk.json'),
      JSON.stringify({ app: 'node infra/app.ts', context }),
    );
    const { code, text } = await synth(project, '--output', join(folder, 'none'));
    expect(code).not.toBe(0);
    expect(text).toContain(
      "cdk.json: catalog.supplierUrl is malformed: it is the supplier's base URL",
    );
    expect(text).not.toMatch(/^\s+at .*infra\//m);
  },
  SLOW_MS,
);
