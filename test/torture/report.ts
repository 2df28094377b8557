import { appendFileSync } from 'node:fs';

/** What one part of the torture came to. */
export interface Outcome {
  readonly part: string;
  /** What was wrong, in words; empty when nothing was. */
  readonly faults: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

/** One part: runs until its own measure is full or its time is over. */
export type Part = (timeMs: number, say: (line: string) => void) => Promise<Outcome>;

export const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Adds one JSON line to the file, when one was asked for. */
export function note(file: string | undefined, line: object): void {
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(line)}\n`);
}

/** One line a part: its name, whether it held, its figures. */
export function tableOf(outcomes: readonly Outcome[]): string {
  return outcomes
    .map(({ part, faults, figures }) => {
      const words = Object.entries(figures).map(([name, value]) => `${name} ${rounded(value)}`);
      return `${faults.length === 0 ? 'held  ' : 'BROKEN'}  ${part.padEnd(18)}  ${words.join(', ')}`;
    })
    .join('\n');
}

const rounded = (value: number): string =>
  Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(2);
