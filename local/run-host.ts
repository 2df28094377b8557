import { hostname } from 'node:os';
import type { ActiveControl } from '../shared/core/control.ts';
import type { RunHost } from '../shared/core/sync-request.ts';
import type { RunProgress } from './progress.ts';

/** `local#<machine>#<process id>#<start of the process>#<run>`: process ids are used again, starts are
 *  not; and no two runs of one process are the same holder. */
const MACHINE = `local#${hostname()}#`;
const PROGRAM = `${MACHINE}${process.pid}#${Math.round(performance.timeOrigin)}#`;
let runs = 0;

/** This program as a run's host. Of another program on this machine it can tell whether it is gone: its
 *  lease need not be waited for, and the fence keeps what is left of it from writing. */
export function localHost(observe: (control: ActiveControl) => void): RunHost {
  return { holder: `${PROGRAM}${(runs += 1)}`, shouldStop: () => false, isGone, observe };
}

function isGone(holder: string): boolean {
  if (!holder.startsWith(MACHINE) || holder.startsWith(PROGRAM)) return false;
  const pid = Number(holder.slice(MACHINE.length).split('#')[0]);
  return pid === process.pid || !isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Turns commits into progress: the pace is of this program's part of the run. */
export function progressObserver(
  resource: string,
  monotonicMs: () => number,
  update: (progress: RunProgress) => void,
): (control: ActiveControl) => void {
  let first: { readonly done: number; readonly atMs: number } | null = null;
  return ({ run }) => {
    const done = run.stats.total;
    first ??= { done, atMs: monotonicMs() };
    const seconds = (monotonicMs() - first.atMs) / 1000;
    const perSecond = done > first.done && seconds > 0 ? (done - first.done) / seconds : null;
    const left = run.expected === null ? null : Math.max(0, run.expected - done);
    const etaSeconds = left !== null && perSecond ? left / perSecond : null;
    update({ resource, done, expected: run.expected, perSecond, etaSeconds });
  };
}
