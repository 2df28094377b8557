import { build } from 'esbuild';
import type { Assets } from '../functions/services.ts';
import { BROWSER_SOURCES } from '../shared/deployment.ts';
import { basename, join } from 'node:path';

const projectRoot = join(import.meta.dirname, '..');

/** The pages' own files as the deployment bundles them. */
export async function bundledAssets(): Promise<Assets> {
  const { outputFiles } = await build({
    absWorkingDir: projectRoot,
    entryPoints: [...BROWSER_SOURCES],
    bundle: true,
    minify: true,
    format: 'iife',
    outdir: 'out',
    write: false,
  });
  const text = (name: string) =>
    outputFiles.find(({ path }) => basename(path) === name)?.text ?? '';
  return {
    stylesheet: text('style.css'),
    staffScript: text('staff.js'),
    shopScript: text('shop.js'),
  };
}
