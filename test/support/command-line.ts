import { PassThrough } from 'node:stream';
import { onTestFinished } from 'vitest';
import { runCommandLine } from '../../cli/run.ts';
import { startDemoSupplier } from '../../local/demo-supplier/server.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import { localSettings, testFolder } from './local-service.ts';

/** Runs commands one after another in this program, against one supplier and one copy. */
export async function commandLine(folder = testFolder()) {
  const supplier = await startDemoSupplier({ port: 0, clock: createSystemClock(), products: 60 });
  onTestFinished(() => supplier.stop());
  const settings = await localSettings(supplier, folder);
  return { supplier, run: commandsWith(settings), settings };
}

/** Runs commands with these settings; answers what each printed and its exit code. */
export function commandsWith(settings: Readonly<Record<string, string>>) {
  return async (line: string, change: Readonly<Record<string, string>> = {}) => {
    let stdout = '';
    let stderr = '';
    const code = await runCommandLine(line.split(' ').filter(Boolean), {
      environment: { ...settings, ...change },
      stdout: { write: (text) => (stdout += text) },
      stderr: Object.assign(new PassThrough(), {
        write: (text: string) => {
          stderr += text;
          return true;
        },
      }),
    });
    return { code, stdout, stderr };
  };
}
