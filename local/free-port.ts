import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port of the loopback interface that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const port = await tryListening(0);
  if (port === null) throw new Error('no free port on 127.0.0.1');
  return port;
}

/** Whether a server could listen on it now. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await tryListening(port)) !== null;
}

async function tryListening(port: number): Promise<number | null> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return null;
  }
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : null;
}
