import { join } from 'node:path';
import { build } from 'esbuild';
import { BUNDLE, WORKER_NODE_OPTIONS } from '../../../infra/bundling.ts';
import { startChild, type Child } from '../child.ts';

const ROOT = join(import.meta.dirname, '../../..');
const FILE = join(ROOT, 'node_modules/.cache/bench/contender.cjs');

let bundled: Promise<unknown> | undefined;

/** All contenders run as one file, bundled as functions are: what strips types from many files costs
 *  memory and time that no deployment has. */
export async function startContender(kind: string): Promise<Child> {
  bundled ??= build({
    ...BUNDLE,
    mainFields: [...BUNDLE.mainFields],
    absWorkingDir: ROOT,
    entryPoints: ['test/bench/contenders/main.ts'],
    outfile: FILE,
    bundle: true,
    platform: 'node',
    logLevel: 'error',
  });
  await bundled;
  // The script and the floor choose their own memory; ours runs as its function does.
  return startChild(FILE, { kind }, kind === 'ours' ? WORKER_NODE_OPTIONS : []);
}
