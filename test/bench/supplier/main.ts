import { createServer, type Socket } from 'node:net';
import * as z from 'zod';
import { createAnswers, refusal } from './answers.ts';
import { createJudge } from './limits.ts';

/**
 * A supplier in a process of its own. Answers whole, rendered buffers on bare sockets: it must never be
 * the slowest part. Speaks only the HTTP that the contenders need: GET, keep-alive, no body.
 */
export const supplierSettings = z.object({
  products: z.number(),
  latencyMs: z.number(),
  mostAtOnce: z.number().default(0),
  mostInASecond: z.number().default(0),
});

export type SupplierSettings = z.input<typeof supplierSettings>;

const settings = supplierSettings.parse(JSON.parse(process.argv[2] ?? '{}'));
const answers = createAnswers(settings.products);
let judge = createJudge(settings);
let served = 0;
let refused = 0;

const NOT_FOUND = refusal(404);
const BUSY = refusal(503);
const TOO_FAST = refusal(429, 'Retry-After: 1\r\n');

function answer(socket: Socket, path: string): void {
  const verdict = judge.arrived(Date.now());
  if (verdict !== 'served') {
    refused += 1;
    socket.write(verdict === 'too_many_at_once' ? BUSY : TOO_FAST);
    return;
  }
  served += 1;
  const whole = answers.of(path) ?? NOT_FOUND;
  setTimeout(() => {
    judge.answered();
    if (!socket.destroyed) socket.write(whole);
  }, settings.latencyMs);
}

function serve(socket: Socket): void {
  let unread = '';
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    unread += bytes.toString('latin1');
    if (!unread.endsWith('\r\n\r\n')) return;
    const path = unread.slice(unread.indexOf(' ') + 1, unread.indexOf(' HTTP/'));
    unread = '';
    answer(socket, path);
  });
}

const server = createServer(serve).listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: address !== null && typeof address === 'object' ? address.port : 0 });
});

/** Any message asks for the counts since the last one. */
process.on('message', () => {
  process.send?.({ served, refused, mostInFlight: judge.mostInFlight() });
  [served, refused] = [0, 0];
  judge = createJudge(settings);
});
process.once('disconnect', () => process.exit(0));
