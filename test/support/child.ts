import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** One of the project's programs, in a process of its own. */
export interface Child {
  readonly process: ChildProcess;
  /** All that it printed so far. */
  output(): string;
  /** Resolves with what it printed once the text is in it. */
  until(text: string): Promise<string>;
  /** Resolves with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** Runs `node <file> …` with these settings; ends it with the test. */
export function startProgram(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Child {
  const child = spawn(process.execPath, words, {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const take = (text: string) => {
    printed += text;
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  const ended = once(child, 'close').then(() => child.signalCode ?? child.exitCode);
  onTestFinished(() => void child.kill('SIGKILL'));
  const until = async (text: string): Promise<string> => {
    while (!printed.includes(text)) {
      if (child.exitCode !== null) throw new Error(`ended without "${text}":\n${printed}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return printed;
  };
  return { process: child, output: () => printed, until, ended };
}
