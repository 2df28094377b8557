import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

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
    const isHandledByOthers = process.listenerCount(signal) > 1;
    if (isHandledByOthers) return;
    end();
    release();
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
