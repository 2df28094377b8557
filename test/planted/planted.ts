import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { Sabotage } from './sabotages.ts';

const ROOT = join(import.meta.dirname, '../..');
/** What is not code, and what a copy makes for itself. */
const LEFT_OUT = new Set(['node_modules', '.git', '.local', 'cdk.out', 'coverage']);
/** A planted bug that hangs the tests is noticed as well; milliseconds. */
const PATIENCE_MS = 150_000;

/** What became of one planted bug. */
export interface Verdict {
  readonly name: string;
  /** The first test that went red, or null: it survived. */
  readonly red: Red | null;
  readonly tookMs: number;
}

/** A test that failed: its file and name, and what it said (a property's seed, for one). */
export interface Red {
  readonly test: string;
  readonly said: string;
}

const report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string().default(''),
      status: z.string(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).default([]),
        }),
      ),
    }),
  ),
});

/** A copy of the code to break, and to run tests in. */
export interface Copy {
  readonly folder: string;
  remove(): void;
}

export function copyOfTheCode(): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'planted-'));
  cpSync(ROOT, folder, {
    recursive: true,
    filter: (path) => !LEFT_OUT.has(path.slice(ROOT.length + 1).split('/')[0] ?? ''),
  });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  // Tests that were just ended may still be writing into it.
  const settled = { recursive: true, force: true, maxRetries: 10, retryDelay: 200 };
  return { folder, remove: () => rmSync(folder, settled) };
}

/** Plants one bug in the copy, runs its tests, and takes it out again.
 *  @throws Error when the text to replace is not there exactly once */
export async function tryOut({ folder }: Copy, sabotage: Sabotage): Promise<Verdict> {
  const { name, edits, tests } = sabotage;
  const startedAtMs = performance.now();
  const originals = new Map<string, string>();
  for (const { file, find, replace } of edits) {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    if (!originals.has(path)) originals.set(path, text);
    const found = text.split(find).length - 1;
    if (found !== 1) {
      throw new Error(`"${name}": ${file} holds this ${found} times, not once:\n${find}`);
    }
    writeFileSync(
      path,
      text.replace(find, () => replace),
    );
  }
  try {
    const red = await firstRed(folder, tests);
    return { name, red, tookMs: performance.now() - startedAtMs };
  } finally {
    for (const [path, text] of originals) writeFileSync(path, text);
  }
}

/** The first test that fails in the copy, or null when all pass. */
export async function firstRed(folder: string, tests: readonly string[]): Promise<Red | null> {
  const output = join(folder, 'planted-report.json');
  rmSync(output, { force: true });
  const words = ['node_modules/vitest/vitest.mjs', 'run', ...tests, '--bail=1'];
  const ended = await new Promise<boolean>((resolve) => {
    const reporters = ['--reporter=json', `--outputFile=${output}`];
    const options = {
      cwd: folder,
      timeout: PATIENCE_MS,
      env: { ...process.env, CI: 'true', HISTORIES: '6000' },
    };
    execFile(process.execPath, [...words, ...reporters], options, (error) =>
      resolve(error === null || !error.killed),
    );
  });
  if (!ended) return { test: '(the tests did not end)', said: '' };
  return firstRedOf(readFileSync(output, 'utf8'));
}

function firstRedOf(text: string): Red | null {
  const { testResults } = report.parse(JSON.parse(text));
  for (const { name, assertionResults } of testResults) {
    const failed = assertionResults.find((one) => one.status === 'failed');
    if (failed === undefined) continue;
    const test = `${name.split('/test/').at(-1) ?? name}: ${failed.fullName}`;
    return { test, said: failed.failureMessages.join('\n') };
  }
  // A file that could not even be loaded; those that the first failure stopped say nothing.
  const unread = testResults.find(({ status, message }) => status === 'failed' && message !== '');
  if (unread !== undefined) return { test: unread.name, said: unread.message };
  return testResults.length === 0 ? { test: '(no test ran)', said: '' } : null;
}
