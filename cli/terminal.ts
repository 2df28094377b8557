import type { WriteStream } from 'node:tty';
import type { ProgressStream } from '../local/progress.ts';

/** Where a command reads its settings and writes its answers. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Answers: what a script reads. */
  readonly stdout: { write(text: string): unknown };
  /** Progress and complaints: what a person reads. */
  readonly stderr: WriteStream | ProgressStream;
}

export function print(terminal: Terminal, text: string): void {
  terminal.stdout.write(`${text}\n`);
}

export function printJson(terminal: Terminal, value: unknown): void {
  print(terminal, JSON.stringify(value, null, 2));
}

/** Times as people read them: `2026-11-22 10:42:05 UTC`. */
export function timeOf(ms: number | null): string {
  return ms === null ? 'never' : `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** So many of a thing: `1 attempt`, `2 attempts`. */
export const counted = (count: number, thing: string): string =>
  `${count} ${thing}${count === 1 ? '' : 's'}`;
