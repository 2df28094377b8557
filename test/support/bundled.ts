import { build, type BuildOptions } from 'esbuild';
import { join } from 'node:path';
import { bundleOf } from '../../infra/bundling.ts';

const ROOT = join(import.meta.dirname, '../..');

/** esbuild's options for a function of that role, or of none, as it is deployed. */
export function deployedAs(role?: Parameters<typeof bundleOf>[0]): BuildOptions {
  const { mainFields, ...options } = bundleOf(role);
  return { ...options, mainFields: [...mainFields] };
}

/** Makes one file of a program. @param entry relative to the project @returns `outfile` */
export async function bundled(
  entry: string,
  outfile: string,
  options: BuildOptions = deployedAs(),
): Promise<string> {
  await build({
    ...options,
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    logLevel: 'error',
  });
  return outfile;
}
