import { createServer, type Server } from 'node:http';
import { ConfigurationError } from '../shared/core/errors.ts';

export const LOOPBACK = '127.0.0.1';

/** A port of the local run, and the setting that moves it. */
export interface PortChoice {
  /** 0 lets the system choose. */
  readonly port: number;
  /** The variable's name, for example PORT. */
  readonly setting: string;
  /** Who wants it, as a message says it, for example "the API". */
  readonly what: string;
}

/** Listens on 127.0.0.1; resolves with the port.
 *  @throws ConfigurationError when the port is taken or not ours to take: it names the setting. */
export async function listenOnLoopback(server: Server, choice: PortChoice): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => reject(portError(error, choice));
    server.once('error', refuse);
    server.listen(choice.port, LOOPBACK, () => {
      server.off('error', refuse);
      resolve();
    });
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : choice.port;
}

/** Checks that a program of its own could listen there.
 *  @throws ConfigurationError as `listenOnLoopback`. */
export async function assertPortFree(choice: PortChoice): Promise<void> {
  const probe = createServer();
  await listenOnLoopback(probe, choice);
  await new Promise((resolve) => probe.close(resolve));
}

/** Takes no new request, lets those under way end within `graceMs`, then cuts what is left. */
export async function closeServer(server: Server, graceMs: number): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  clearTimeout(timer);
}

function portError(error: NodeJS.ErrnoException, { port, setting, what }: PortChoice): Error {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'is in use',
    EACCES: 'is reserved by the system',
  };
  const reason = reasons[error.code ?? ''];
  if (reason === undefined) return error;
  const example = port < 1024 ? 3000 : port === 65_535 ? port - 1 : port + 1;
  const wayOut = `Choose another one, for example ${setting}=${example}`;
  const stop = error.code === 'EADDRINUSE' ? ', or stop the program that has it' : '';
  return new ConfigurationError(`Port ${port} for ${what} ${reason}. ${wayOut}${stop}.`, {
    cause: error,
  });
}
