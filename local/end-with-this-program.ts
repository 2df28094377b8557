import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

let isStoppedBySignals = false;

/** This program has a shutdown of its own for these signals. */
export function stopOnSignals(stop: (signal: NodeJS.Signals) => void): void {
  isStoppedBySignals = true;
  for (const signal of SIGNALS) process.on(signal, stop);
}

/**
 * Ends a child when this program ends, however it does (but for SIGKILL, which nobody can see). Where
 * the program handles a signal itself, its own shutdown goes first. The child keeps nobody waiting.
 * @returns what undoes this.
 */
export function endWithThisProgram(child: ChildProcess): () => void {
  child.unref();
  if (child.stderr instanceof Socket) child.stderr.unref();
  const end = () => void child.kill('SIGKILL');
  const onSignal = (signal: NodeJS.Signals) => {
    // Others that only look, as those who hide a terminal's cursor do, leave it to us in their turn.
    if (isStoppedBySignals) return;
    end();
    release();
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  };
  const release = () => {
    process.off('exit', end);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  process.on('exit', end);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return release;
}
