import { createLogUpdate } from 'log-update';
import type { Clock } from '../shared/core/ports.ts';

/** How far a run is. */
export interface RunProgress {
  readonly resource: string;
  readonly done: number;
  /** Records that upstream says it has; null when it does not say. */
  readonly expected: number | null;
  readonly perSecond: number | null;
  readonly etaSeconds: number | null;
}

/** Shows runs while they go on: bars on a terminal, else one line each 5 s. */
export interface ProgressPrinter {
  readonly update: (progress: RunProgress) => void;
  /** The run has ended: its last state is printed for good, and it is no longer followed. */
  readonly finish: (resource: string) => void;
  /** Writes a line of its own, above the bars on a terminal. */
  readonly say: (line: string) => void;
  /** Leaves the last state of every run still followed on the screen. */
  readonly stop: () => void;
}

/** Where to print: a terminal says so by `isTTY`. */
export type ProgressStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  /** 0 on a terminal without a size, as some containers have: nothing can be drawn on it. */
  readonly columns?: number;
};

const BAR_CELLS = 24;
const LINE_EVERY_MS = 5000;
const DRAW_EVERY_MS = 100;
const number = new Intl.NumberFormat('en');

export function createProgress(
  stream: ProgressStream,
  clock: Pick<Clock, 'monotonicMs'>,
): ProgressPrinter {
  return stream.isTTY === true && stream.columns !== 0
    ? onTerminal(stream, clock)
    : inLines(stream, clock);
}

function onTerminal(stream: ProgressStream, clock: Pick<Clock, 'monotonicMs'>): ProgressPrinter {
  // Who hides the cursor has to bring it back whatever ends the program, and would keep signals from it.
  const screen = createLogUpdate(stream, { showCursor: true });
  const runs = new Map<string, RunProgress>();
  let drawnAtMs = -Infinity;
  const draw = () => {
    drawnAtMs = clock.monotonicMs();
    const width = Math.max(0, ...[...runs.keys()].map(({ length }) => length));
    screen([...runs.values()].map((run) => barLine(run, width)).join('\n'));
  };
  const say = (line: string) => {
    screen.clear();
    stream.write(`${line}\n`);
    if (runs.size > 0) draw();
  };
  return {
    update(progress) {
      runs.set(progress.resource, progress);
      if (clock.monotonicMs() - drawnAtMs >= DRAW_EVERY_MS) draw();
    },
    finish(resource) {
      const run = runs.get(resource);
      runs.delete(resource);
      if (run) say(barLine(run, resource.length));
    },
    say,
    stop() {
      if (runs.size > 0) draw();
      screen.done();
    },
  };
}

function inLines(stream: ProgressStream, clock: Pick<Clock, 'monotonicMs'>): ProgressPrinter {
  const printed = new Map<string, { readonly atMs: number; readonly line: string }>();
  const latest = new Map<string, string>();
  const print = (resource: string, line: string) => {
    printed.set(resource, { atMs: clock.monotonicMs(), line });
    stream.write(`${line}\n`);
  };
  const finish = (resource: string) => {
    const line = latest.get(resource);
    if (line !== undefined && line !== printed.get(resource)?.line) print(resource, line);
    latest.delete(resource);
    printed.delete(resource);
  };
  return {
    update(progress) {
      const { resource } = progress;
      const line = progressLine(progress);
      latest.set(resource, line);
      const lastAtMs = printed.get(resource)?.atMs ?? -Infinity;
      if (clock.monotonicMs() - lastAtMs >= LINE_EVERY_MS) print(resource, line);
    },
    finish,
    say: (line) => void stream.write(`${line}\n`),
    stop: () => [...latest.keys()].forEach(finish),
  };
}

/** For example `products: 540 of 1,200 (45 %), 310/s, 2 s left`. */
export function progressLine(progress: RunProgress): string {
  return [`${progress.resource}: ${amountOf(progress)}`, ...paceOf(progress)].join(', ');
}

function barLine(progress: RunProgress, nameWidth: number): string {
  const filled = Math.round(shareOf(progress) * BAR_CELLS);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled);
  const words = [amountOf(progress), ...paceOf(progress)].join(', ');
  return `${progress.resource.padEnd(nameWidth)}  ${bar}  ${words}`;
}

function amountOf(progress: RunProgress): string {
  const { done, expected } = progress;
  if (expected === null) return number.format(done);
  const percent = Math.floor(shareOf(progress) * 100);
  return `${number.format(done)} of ${number.format(expected)} (${percent} %)`;
}

/** Between 0 and 1, whatever upstream's count says; 0 when there is none. */
function shareOf({ done, expected }: RunProgress): number {
  if (expected === null) return 0;
  return expected > 0 ? Math.min(1, done / expected) : 1;
}

function paceOf({ perSecond, etaSeconds }: RunProgress): readonly string[] {
  const pace = perSecond === null ? [] : [`${number.format(Math.round(perSecond))}/s`];
  return etaSeconds === null ? pace : [...pace, `${durationOf(Math.ceil(etaSeconds))} left`];
}

function durationOf(seconds: number): string {
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
