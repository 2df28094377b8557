import { build } from 'esbuild';
import { BROWSER_SOURCES } from '../shared/deployment.ts';
import { join } from 'node:path';

const projectRoot = join(import.meta.dirname, '..');

/** The pages' own files as the deployment bundles them. */
export async function bundledAssets(): Promise<{
  readonly stylesheet: string;
  readonly script: string;
}> {
  const { outputFiles } = await build({
    absWorkingDir: projectRoot,
    entryPoints: [...BROWSER_SOURCES],
    bundle: true,
    minify: true,
    format: 'iife',
    outdir: 'out',
    write: false,
  });
  const text = (ending: string) =>
    outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  return { stylesheet: text('.css'), script: text('.js') };
}
