import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ProgressStream } from '../../local/progress.ts';
import { PassThrough } from 'node:stream';
import { freePort } from '../../local/free-port.ts';
import { startLocalRun, type LocalRun } from '../../local/local-run.ts';

/** A folder that goes with the test. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'catalog-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Settings of a local run of its own: free ports, an empty copy. */
export async function localSettings(
  supplier: { readonly url: string; readonly key: string },
  folder = testFolder(),
) {
  return {
    PORT: String(await freePort()),
    SUPPLIER_PORT: String(await freePort()),
    DYNAMODB_PORT: String(await freePort()),
    LOCAL_DIR: folder,
    B2B_API_URL: supplier.url,
    B2B_API_KEY: supplier.key,
  };
}

/** The whole service in this program, for one test; no rule fires in the middle of it. */
export async function localService(
  environment: Awaited<ReturnType<typeof localSettings>> & Readonly<Record<string, string>>,
): Promise<LocalRun> {
  const stream: ProgressStream = new PassThrough().resume();
  const run = await startLocalRun({ ...process.env, ...environment }, stream, { rules: [] });
  onTestFinished(() => run.stop());
  return run;
}
