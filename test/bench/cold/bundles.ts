import { statSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundleOf } from '../../../infra/bundling.ts';
import { bundled } from '../../support/bundled.ts';
import type { Figure } from '../goals.ts';

export interface Bundle {
  readonly file: string;
  readonly bytes: number;
  /** With gzip 9, about as Lambda's zip keeps it. */
  readonly compressedBytes: number;
}

/** A function's bundle exactly as it is deployed. */
export async function bundleFunction(folder: string, directory: string): Promise<Bundle> {
  const entry = `functions/${folder}/index.ts`;
  return sized(await bundled(entry, join(directory, `${folder}.cjs`), bundleOf('reader')));
}

/** A bundle's sizes beside their goals. */
export function sizesOf(folder: string, { bytes, compressedBytes }: Bundle): Figure[] {
  return [
    { name: `${folder}: bundle, bytes`, value: bytes, atMost: 270_000, kind: 'counted' },
    {
      name: `${folder}: bundle compressed, bytes`,
      value: compressedBytes,
      atMost: 90_000,
      kind: 'counted',
    },
  ];
}

/** The handler to compare with, as esbuild makes it when told no more than it needs. */
export async function bundleBare(directory: string): Promise<Bundle> {
  // What CommonJS packages need inside an ES module.
  const banner = {
    js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
  };
  const options = { format: 'esm', target: 'node24', banner } as const;
  return sized(await bundled('test/bench/cold/bare.ts', join(directory, 'bare.mjs'), options));
}

function sized(file: string): Bundle {
  const compressedBytes = gzipSync(readFileSync(file), { level: 9 }).length;
  return { file, bytes: statSync(file).size, compressedBytes };
}
