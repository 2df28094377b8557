import { build, type BuildOptions } from 'esbuild';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Makes one file of a program. @param entry relative to the project @param options for example
 *  `bundleOf(role)`, as a function of that role is deployed @returns `outfile` */
export async function bundled(
  entry: string,
  outfile: string,
  options: BuildOptions,
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
