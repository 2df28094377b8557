import * as http from 'node:http';
import * as https from 'node:https';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { LARGE_BYTES, type LargeBodies } from './large-bodies.ts';
import {
  transportFailure,
  UnacceptableBodyError,
  type TransportFailure,
} from './transport-failure.ts';

/** A complete answer, whatever its status. */
export interface HttpAnswer {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** Decoded. Of an answer other than 200 it may be missing in part: its status says enough. */
  readonly body: Buffer;
}

export interface HttpRequest extends BodyBounds {
  readonly url: URL;
  readonly headers: http.OutgoingHttpHeaders;
  readonly agent: http.Agent;
  /** One deadline for connecting, headers and body together. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What one body may take. */
interface BodyBounds {
  /** Of the decoded body of a 200: 305 KB of gzip can grow to 315 MB. */
  readonly maxBodyBytes: number;
  readonly largeBodies: LargeBodies;
}

const MEGABYTE = 1024 * 1024;
/** Of any other answer only the start is ever quoted. */
const MAX_ERROR_BYTES = 16 * 1024;

/** A keep-alive agent for that protocol: half the CPU and half the sockets of `fetch`. */
export function createAgent(protocol: string, maxSockets: number): http.Agent {
  const options = { keepAlive: true, maxSockets };
  return protocol === 'https:' ? new https.Agent(options) : new http.Agent(options);
}

/**
 * Sends one GET and reads its whole answer, never following a redirect.
 * @throws the signal's reason when aborted; every other failure is a value
 */
export async function httpGet(wanted: HttpRequest): Promise<HttpAnswer | TransportFailure> {
  const { url, headers, agent, signal, timeoutMs } = wanted;
  signal.throwIfAborted();
  const request = (url.protocol === 'https:' ? https : http).get({
    ...addressOf(url),
    headers,
    agent,
  });
  let late = false;
  const stop = (): unknown => request.destroy();
  const deadline = setTimeout(() => {
    late = true;
    stop();
  }, timeoutMs);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await answerOf(await responseTo(request), wanted);
  } catch (error) {
    signal.throwIfAborted();
    return transportFailure(error, late ? timeoutMs : null);
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener('abort', stop);
  }
}

/** Said in parts: taking a URL apart and joining it again is a tenth of what a request costs. */
function addressOf({ hostname, port, pathname, search }: URL): http.RequestOptions {
  return {
    // An IPv6 address has no brackets here.
    hostname: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
    ...(port !== '' && { port }),
    path: `${pathname}${search}`,
  };
}

function responseTo(request: http.ClientRequest): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    // Stays: an error after the response reaches the body too, and would else end the process.
    request.on('error', reject);
  });
}

async function answerOf(response: http.IncomingMessage, bounds: BodyBounds): Promise<HttpAnswer> {
  const { statusCode: status = 0, headers } = response;
  const kept: Buffer[] = [];
  const maxBodyBytes = status === 200 ? bounds.maxBodyBytes : MAX_ERROR_BYTES;
  const reading = readBody(response, { ...bounds, maxBodyBytes }, kept);
  await (status === 200 ? reading : reading.catch(() => {}));
  const [only] = kept;
  const body = kept.length === 1 && only !== undefined ? only : Buffer.concat(kept);
  return { kind: 'answer', status, headers, body };
}

/** Adds the decoded body to `kept`, as far as it comes. */
async function readBody(
  response: http.IncomingMessage,
  { maxBodyBytes, largeBodies }: BodyBounds,
  kept: Buffer[],
): Promise<void> {
  const encoding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const isPlain = encoding === 'identity' || encoding === '';
  if (!isPlain && encoding !== 'gzip' && encoding !== 'x-gzip') {
    response.destroy();
    throw new UnacceptableBodyError('the body is encoded, and not simply as gzip');
  }
  const body = isPlain ? response : response.pipe(createGunzip());
  if (!isPlain) response.once('error', (error) => body.destroy(error));
  try {
    await keep(body, { maxBodyBytes, largeBodies }, kept);
  } catch (error) {
    response.destroy();
    if (error instanceof UnacceptableBodyError) largeBodies.refused();
    throw error;
  }
}

/** By events: `pipeline` and async iteration cost as much again as the rest of the request. */
function keep(
  body: Readable,
  { maxBodyBytes, largeBodies }: BodyBounds,
  kept: Buffer[],
): Promise<void> {
  return new Promise((resolve, reject) => {
    let bytes = 0;
    let leave: (() => void) | null = null;
    let isWaiting = false;
    const takeTurn = async (): Promise<void> => {
      isWaiting = true;
      body.pause();
      leave = await largeBodies.enter();
      if (body.destroyed) leave();
      else body.resume();
    };
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBodyBytes) body.destroy(tooLarge(maxBodyBytes));
      else kept.push(chunk);
      if (bytes > LARGE_BYTES && !isWaiting && !body.destroyed) void takeTurn();
    });
    body.once('close', () => leave?.());
    body.once('end', () => {
      leave?.();
      resolve();
    });
    // A connection that ends early is an error of the response too (ECONNRESET).
    body.once('error', reject);
  });
}

const tooLarge = (maxBytes: number): UnacceptableBodyError =>
  new UnacceptableBodyError(`the body is larger than ${maxBytes / MEGABYTE} MB`);
