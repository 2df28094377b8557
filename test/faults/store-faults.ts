import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createServer, connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { listening } from '../support/listening.ts';

/** What happens to one call to DynamoDB. */
export type StoreFault =
  /** It never arrives. */
  | { readonly refuse: Error }
  /** It is applied; its caller hears this instead. */
  | { readonly loseReply: Error }
  /** It is applied, and its answer comes late. */
  | { readonly slowMs: number }
  /** Whatever the test does at this point: kill, pause, take over. */
  | { readonly first: () => void | Promise<void> }
  | null;

/** What both steps of the SDK's stack take. */
type Middleware = <Given extends object, Answer extends object>(
  next: (given: Given) => Promise<Answer>,
  context: { readonly commandName?: string },
) => (given: Given) => Promise<Answer>;

export interface StoreCall {
  readonly command: string;
  /** Counts this command's calls, from 1. */
  readonly call: number;
}

/**
 * Plays faults on a client's calls.
 * @param where `operation`: the SDK itself gives up with it; `attempt`: one attempt does, and the SDK
 *   may try again
 */
export function faultyClient(
  client: DynamoDBClient,
  faultOf: (call: StoreCall) => StoreFault,
  where: 'operation' | 'attempt' = 'operation',
): DynamoDBClient {
  const calls = new Map<string, number>();
  const play: Middleware =
    (next, { commandName: command = '' }) =>
    async (given) => {
      const call = (calls.get(command) ?? 0) + 1;
      calls.set(command, call);
      const fault = faultOf({ command, call });
      if (fault === null) return next(given);
      if ('refuse' in fault) throw fault.refuse;
      if ('first' in fault) await fault.first();
      const answer = await next(given);
      if ('slowMs' in fault) await delay(fault.slowMs);
      if ('loseReply' in fault) throw fault.loseReply;
      return answer;
    };
  const named = { priority: 'low', name: 'storeFaults' } as const;
  if (where === 'operation') client.middlewareStack.add(play, { ...named, step: 'initialize' });
  else client.middlewareStack.add(play, { ...named, step: 'finalizeRequest' });
  return client;
}

/** A client whose chunk `number` waits, once it is sent, until the test lets it go on. */
export function waitingAtChunk(client: DynamoDBClient, number: number) {
  const sent = Promise.withResolvers<void>();
  const mayGoOn = Promise.withResolvers<void>();
  const waiting = atChunk(client, number, () => {
    sent.resolve();
    return mayGoOn.promise;
  });
  return { client: waiting, sent: sent.promise, goOn: () => mayGoOn.resolve() };
}

/** A client that does something else before it sends chunk `number`, counted from 1. */
export const atChunk = (
  client: DynamoDBClient,
  number: number,
  first: () => void | Promise<void>,
): DynamoDBClient =>
  faultyClient(client, ({ command, call }) =>
    command === 'TransactWriteItemsCommand' && call === number ? { first } : null,
  );

/** The way to the engine, which can be blocked: `silent` takes connections and answers nothing, `down`
 *  refuses and breaks them. */
export interface Way {
  readonly endpoint: string;
  state: 'open' | 'silent' | 'down';
}

export async function wayTo(endpoint: string): Promise<Way> {
  const { hostname, port } = new URL(endpoint);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    if (way.state === 'down') return void socket.resetAndDestroy();
    const engine = connect(Number(port), hostname);
    for (const end of [socket, engine]) {
      sockets.add(end);
      end.on('error', () => end.destroy());
      end.once('close', () => sockets.delete(end));
    }
    const pass = (to: Socket) => (bytes: Buffer) => {
      if (way.state === 'open') to.write(bytes);
      if (way.state === 'down') socket.resetAndDestroy();
    };
    socket.on('data', pass(engine)).on('close', () => engine.destroy());
    engine.on('data', pass(socket)).on('close', () => socket.destroy());
  });
  const way: Way = { endpoint: `http://127.0.0.1:${await listening(server)}`, state: 'open' };
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return way;
}
