import { ConfigurationError } from '../shared/core/errors.ts';
import type { Log } from '../shared/core/ports.ts';
import { engineCommand } from './engine-command.ts';
import { launchEngine } from './engine-launch.ts';
import { clearStaleEngine, forgetEngine, noteEngine } from './engine-note.ts';
import { freePort, isPortFree } from './free-port.ts';

export interface EngineOptions {
  /** The database file; null keeps it in memory. */
  readonly databasePath: string | null;
  /** 0 takes any free port. */
  readonly port: number;
  readonly log?: Log;
  /** Settings and PATH; default: this program's own. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Joins the engine that another program runs on the same database, instead of refusing. */
  readonly join?: boolean;
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
  const { databasePath, log, environment = process.env } = options;
  const external = environment['DYNAMODB_ENDPOINT'];
  if (external) return borrowed(external, null);
  const running = databasePath === null ? null : await clearStaleEngine(databasePath, log);
  if (running !== null) {
    if (options.join) return borrowed(endpointOf(running.port), running.enginePid);
    throw new ConfigurationError(
      `${databasePath} is in use by another program (process ${running.ownerPid}): ` +
        'stop it, or set LOCAL_DIR to another folder.',
    );
  }
  return startOwn(options, environment);
}

async function startOwn(
  { databasePath, port: wanted, log }: EngineOptions,
  environment: NodeJS.ProcessEnv,
): Promise<Engine> {
  const port = await portFor(wanted);
  const endpoint = endpointOf(port);
  const command = engineCommand({ databasePath, port, environment });
  const forget = () => {
    if (databasePath !== null) forgetEngine(databasePath);
  };
  try {
    // Noted at once, not when it is ready: a program killed in between would leave an engine unknown.
    const spawned = (enginePid: number) => {
      if (databasePath !== null)
        noteEngine(databasePath, { enginePid, ownerPid: process.pid, port });
    };
    const { pid, stop } = await launchEngine(command, endpoint, { log, spawned });
    return { endpoint, pid, stop: () => stop().finally(forget) };
  } catch (error) {
    forget();
    throw error;
  }
}

async function portFor(port: number): Promise<number> {
  if (port === 0) return freePort();
  if (await isPortFree(port)) return port;
  throw new ConfigurationError(
    `Port ${port} is in use by another program: set DYNAMODB_PORT to a free one, ` +
      `for example DYNAMODB_PORT=${port + 1}.`,
  );
}

const endpointOf = (port: number): string => `http://127.0.0.1:${port}`;

const borrowed = (endpoint: string, pid: number | null): Engine => ({
  endpoint,
  pid,
  stop: () => Promise.resolve(),
});
