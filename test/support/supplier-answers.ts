import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Json } from '../../shared/core/json.ts';

/** How a supplier answers one request. */
export type Answer = (response: ServerResponse) => void;

export function json(value: Json, code = 200): Answer {
  return (response) => {
    response.writeHead(code, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
}

/** Any bytes with any status and headers. */
export function body(
  content: string | Buffer,
  headers: OutgoingHttpHeaders = {},
  code = 200,
): Answer {
  return (response) => {
    response.writeHead(code, headers);
    response.end(content);
  };
}

export function status(code: number, headers: OutgoingHttpHeaders = {}): Answer {
  return body(JSON.stringify({ detail: `Réponse ${code}` }), headers, code);
}

/** A maintenance page, by default with status 200. */
export function html(code = 200): Answer {
  const page = '<!DOCTYPE html><title>Maintenance</title><p>Nous revenons bientôt.</p>';
  return body(page, { 'content-type': 'text/html' }, code);
}

/** Never answers. */
export const hang: Answer = () => {};

/** Sends headers and the start of a body, and then nothing more. */
export const hangInBody: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"results": [');
};

/** Drops the connection before answering. */
export const reset: Answer = (response) => {
  response.socket?.resetAndDestroy();
};

/** Promises the whole body, sends half of it and drops the connection. */
export function cutOff(value: Json): Answer {
  return (response) => {
    const text = JSON.stringify(value);
    response.writeHead(200, { 'content-length': Buffer.byteLength(text) });
    response.write(text.slice(0, text.length / 2), () => response.socket?.destroy());
  };
}

/** A gzip body without its last bytes, otherwise sent as if it were whole. */
export function cutGzip(value: Json, missingBytes = 8): Answer {
  const whole = gzipSync(JSON.stringify(value));
  return body(whole.subarray(0, whole.length - missingBytes), { 'content-encoding': 'gzip' });
}
