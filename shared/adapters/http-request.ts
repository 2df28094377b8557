import * as http from 'node:http';
import * as https from 'node:https';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
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

export interface HttpRequest {
  readonly url: URL;
  readonly headers: http.OutgoingHttpHeaders;
  readonly agent: http.Agent;
  /** One deadline for connecting, headers and body together. */
  readonly timeoutMs: number;
  /** Of the decoded body of a 200: 305 KB of gzip can grow to 315 MB. */
  readonly maxBodyBytes: number;
  readonly signal: AbortSignal;
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
  const { url, headers, agent, signal, timeoutMs, maxBodyBytes } = wanted;
  signal.throwIfAborted();
  const request = (url.protocol === 'https:' ? https : http).get(url, { headers, agent });
  let late = false;
  const stop = (): unknown => request.destroy();
  const deadline = setTimeout(() => {
    late = true;
    stop();
  }, timeoutMs);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await answerOf(await responseTo(request), maxBodyBytes);
  } catch (error) {
    signal.throwIfAborted();
    return transportFailure(error, late ? timeoutMs : null);
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener('abort', stop);
  }
}

function responseTo(request: http.ClientRequest): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    // Stays: an error after the response reaches the body too, and would else end the process.
    request.on('error', reject);
  });
}

async function answerOf(response: http.IncomingMessage, maxBodyBytes: number): Promise<HttpAnswer> {
  const { statusCode: status = 0, headers } = response;
  const kept: Buffer[] = [];
  const reading = readBody(response, status === 200 ? maxBodyBytes : MAX_ERROR_BYTES, kept);
  await (status === 200 ? reading : reading.catch(() => {}));
  return { kind: 'answer', status, headers, body: Buffer.concat(kept) };
}

/** Adds the decoded body to `kept`, as far as it comes. */
async function readBody(
  response: http.IncomingMessage,
  maxBytes: number,
  kept: Buffer[],
): Promise<void> {
  const collect = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      kept.push(chunk);
    }
  };
  const encoding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return pipeline(response, collect);
  if (encoding === 'gzip' || encoding === 'x-gzip') {
    return pipeline(response, createGunzip(), collect);
  }
  response.destroy();
  throw new UnacceptableBodyError('the body is encoded, and not simply as gzip');
}

const tooLarge = (maxBytes: number): UnacceptableBodyError =>
  new UnacceptableBodyError(`the body is larger than ${maxBytes / MEGABYTE} MB`);
