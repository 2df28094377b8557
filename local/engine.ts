import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigurationError } from '../shared/core/errors.ts';
import type { Log } from '../shared/core/ports.ts';
import { engineCommand } from './engine-command.ts';
import { launchEngine } from './engine-launch.ts';
import {
  claimEngine,
  clearStaleEngine,
  endProgram,
  forgetEngine,
  joinedBy,
  joinEngine,
  noteEngine,
  noteNow,
  type EngineNote,
} from './engine-note.ts';
import { freePort, isPortFree } from './free-port.ts';

export interface EngineOptions {
  /** The database file; null keeps it in memory. */
  readonly databasePath: string | null;
  /** 0 takes any free port. */
  readonly port: number;
  readonly log?: Log;
  /** Settings and PATH; default: this program's own. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Joins the engine that another program runs on the same database, instead of refusing. Whoever is the
   *  last to use it ends it. */
  readonly join?: boolean;
  /** Whether this program is `npm start`. */
  readonly isService?: boolean;
}

export interface Engine {
  readonly endpoint: string;
  /** Null when it is not on this machine as far as we know. */
  readonly pid: number | null;
  /** Ends it, unless it is somebody else's. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts an embedded DynamoDB, or uses the one that `DYNAMODB_ENDPOINT` names. It ends with this
 * program; one that a killed program left on the same database is ended first.
 * @throws ConfigurationError saying what to install, which port to change or what to stop.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { environment = process.env } = options;
  const external = environment['DYNAMODB_ENDPOINT'];
  if (external) return borrowed(external);
  const { databasePath } = options;
  if (databasePath === null) return startInMemory(options, environment);
  return startOrJoin({ ...options, databasePath: resolve(databasePath) }, environment);
}

async function startInMemory(
  { port: wanted, log }: EngineOptions,
  environment: NodeJS.ProcessEnv,
): Promise<Engine> {
  const port = wanted === 0 ? await freePort() : wanted;
  await assertFree(port);
  const command = engineCommand({ databasePath: null, port, environment });
  const { pid, stop } = await launchEngine(command, endpointOf(port), { log });
  return { endpoint: endpointOf(port), pid, stop };
}

type FileOptions = EngineOptions & { readonly databasePath: string };

async function startOrJoin(options: FileOptions, environment: NodeJS.ProcessEnv): Promise<Engine> {
  const { databasePath, log, join: joins = false, isService = false } = options;
  for (;;) {
    const running = await clearStaleEngine(databasePath, log);
    if (running === null) {
      const port = options.port === 0 ? await freePort() : options.port;
      const note = { ...OWN, enginePid: null, port, isService };
      if (claimEngine(databasePath, note)) return startOwn(options, port, environment);
    } else if (running.isOpen) {
      if (!joins) throw inUse(databasePath, running.ownerPid);
      const engine = joined(databasePath, running);
      if (engine !== null) return engine;
    }
    // Another program is just starting it, or ending it.
    await delay(POLL_MS);
  }
}

const POLL_MS = 50;
const OWN = { ownerPid: process.pid, isHandedOver: false, isOpen: false } as const;

const inUse = (databasePath: string, ownerPid: number): ConfigurationError =>
  new ConfigurationError(
    `${databasePath} is in use by another program (process ${ownerPid}): ` +
      'stop it, or set LOCAL_DIR to another folder.',
  );

async function startOwn(
  { databasePath, log, isService = false }: FileOptions,
  port: number,
  environment: NodeJS.ProcessEnv,
): Promise<Engine> {
  const endpoint = endpointOf(port);
  const note = { ...OWN, port, isService };
  try {
    await assertFree(port);
    const command = engineCommand({ databasePath, port, environment });
    // Noted at once, not when it is ready: a program killed in between would leave an engine unknown.
    const spawned = (enginePid: number) => noteEngine(databasePath, { ...note, enginePid });
    const launched = await launchEngine(command, endpoint, { log, spawned });
    const { pid, leave } = launched;
    noteEngine(databasePath, { ...note, enginePid: pid, isOpen: true });
    const stop = async (): Promise<void> => {
      if (handOver(databasePath)) leave();
      else await launched.stop().finally(() => forgetEngine(databasePath));
    };
    return { endpoint, pid, stop };
  } catch (error) {
    forgetEngine(databasePath);
    throw error;
  }
}

/** Uses another program's engine, and ends it where that program has handed it over meanwhile. Null where its
 *  owner was about to end it and has not seen this program. */
function joined(databasePath: string, { port, enginePid: pid }: EngineNote): Engine | null {
  if (pid === null) return null;
  const leave = joinEngine(databasePath);
  // In this order, as the owner does both the other way round: one of them sees the other.
  const now = noteNow(databasePath);
  if (now?.enginePid !== pid || !now.isOpen) {
    leave();
    return null;
  }
  const stop = async (): Promise<void> => {
    leave();
    const note = noteNow(databasePath);
    const isOurs = note !== null && note.isHandedOver && note.ownerPid === process.pid;
    if (!isOurs || handOver(databasePath)) return;
    await endProgram(pid);
    forgetEngine(databasePath);
  };
  return { endpoint: endpointOf(port), pid, stop };
}

/** Leaves the engine to a program that uses it still; false where none does, and none will. */
function handOver(databasePath: string): boolean {
  const note = noteNow(databasePath);
  if (note === null) return false;
  noteEngine(databasePath, { ...note, isOpen: false });
  const ownerPid = joinedBy(databasePath);
  if (ownerPid === null) return false;
  noteEngine(databasePath, { ...note, ownerPid, isService: false, isHandedOver: true });
  return true;
}

async function assertFree(port: number): Promise<void> {
  if (await isPortFree(port)) return;
  throw new ConfigurationError(
    `Port ${port} is in use by another program: set DYNAMODB_PORT to a free one, ` +
      `for example DYNAMODB_PORT=${port + 1}.`,
  );
}

const endpointOf = (port: number): string => `http://127.0.0.1:${port}`;

const borrowed = (endpoint: string): Engine => ({
  endpoint,
  pid: null,
  stop: () => Promise.resolve(),
});
