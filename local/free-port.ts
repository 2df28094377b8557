import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Linux takes ports for outgoing connections from 32768 up (ip(7), `ip_local_port_range`): one of those
 *  could be gone before it is listened on. */
const RANGE = { first: 20_000, past: 32_768 } as const;
const ATTEMPTS = 1000;

const given = new Set<number>();

/** A port of the loopback interface that nobody listens on at the moment, and that this process was not
 *  given before. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(RANGE.first, RANGE.past);
    if (given.has(port) || !(await isPortFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error('no free port on 127.0.0.1');
}

/** Whether a server could listen on it now. */
export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
