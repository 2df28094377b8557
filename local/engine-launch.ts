import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigurationError } from '../shared/core/errors.ts';
import type { Log } from '../shared/core/ports.ts';
import type { EngineCommand } from './engine-command.ts';
import { endWithThisProgram } from './end-with-this-program.ts';

/** DynamoDB Local takes some 3 s; a busy machine several times that. */
const READY_WITHIN_MS = 30_000;
const POLL_MS = 20;
const STOP_WITHIN_MS = 3_000;

export interface LaunchedEngine {
  readonly pid: number;
  readonly stop: () => Promise<void>;
  /** Lets it outlive this program. */
  readonly leave: () => void;
}

/** Starts the engine and waits until it answers.
 *  @throws ConfigurationError with its own words when it ends or stays silent. */
export async function launchEngine(
  { program, parameters }: EngineCommand,
  endpoint: string,
  { log, spawned }: { readonly log: Log | undefined; readonly spawned?: (pid: number) => void },
): Promise<LaunchedEngine> {
  // Detached: Ctrl-C reaches a whole group, and the engine has to outlive the last commit.
  const child = spawn(program, parameters, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const words = collectWords(child);
  const release = endWithThisProgram(child);
  const stop = async () => {
    release();
    await end(child);
  };
  if (child.pid !== undefined) spawned?.(child.pid);
  child.once('error', (error) => words.push(error.message));
  const isReady = await untilReady(child, endpoint);
  if (!isReady || child.pid === undefined) {
    await stop();
    throw new ConfigurationError(`The embedded DynamoDB did not start: ${words.join('').trim()}`);
  }
  let isStopping = false;
  child.once('exit', (code, signal) => {
    release();
    if (!isStopping) log?.error('engine_ended', { code, signal, words: words.join('').trim() });
  });
  const stopOnce = () => {
    isStopping = true;
    return stop();
  };
  const leave = () => {
    isStopping = true;
    release();
    child.stderr?.destroy();
  };
  return { pid: child.pid, stop: stopOnce, leave };
}

async function untilReady(child: ChildProcess, endpoint: string): Promise<boolean> {
  const deadline = AbortSignal.timeout(READY_WITHIN_MS);
  while (isRunning(child) && !deadline.aborted) {
    if (await answers(endpoint, deadline)) return isRunning(child);
    await delay(POLL_MS);
  }
  return false;
}

/** Any HTTP answer will do. */
async function answers(endpoint: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(endpoint, { signal });
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}

const isRunning = ({ pid, exitCode, signalCode }: ChildProcess): boolean =>
  pid !== undefined && exitCode === null && signalCode === null;

async function end(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await ended;
  clearTimeout(patience);
}

/** The last of what it says to its error output, for a message. */
function collectWords({ stderr }: ChildProcess): string[] {
  const words: string[] = [];
  stderr?.setEncoding('utf8').on('data', (text: string) => {
    words.push(text);
    if (words.length > 20) words.shift();
  });
  return words;
}
