import { join } from 'node:path';
import { bundleOf, WORKER_NODE_OPTIONS } from '../../../infra/bundling.ts';
import { bundled } from '../../support/bundled.ts';
import { startChild, type Child } from '../child.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** How ours is deployed, and how any other program would be. */
const bundles = {
  ours: bundleOnce('ours', bundleOf('worker')),
  others: bundleOnce('others', bundleOf()),
};

function bundleOnce(name: string, options: ReturnType<typeof bundleOf>): () => Promise<string> {
  const outfile = join(ROOT, `node_modules/.cache/bench/${name}.cjs`);
  let made: Promise<string> | undefined;
  return () => (made ??= bundled('test/bench/contenders/main.ts', outfile, options));
}

/** Contenders run as one file, bundled as functions are: what strips types from many files costs
 *  memory and time that no deployment has. */
export async function startContender(kind: string): Promise<Child> {
  // The script and the floor choose their own memory; ours runs as its function does.
  return kind === 'ours'
    ? startChild(await bundles.ours(), { kind }, WORKER_NODE_OPTIONS)
    : startChild(await bundles.others(), { kind }, []);
}
