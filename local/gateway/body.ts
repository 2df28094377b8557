import type { IncomingMessage } from 'node:http';

/** What an HTTP API takes at most: 10 MB. */
const MOST_BODY_BYTES = 10 * 1024 * 1024;

/** The whole body, or null when it is too long: what is left of it is not read. */
export async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  if (Number(request.headers['content-length'] ?? 0) > MOST_BODY_BYTES) return null;
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    const chunk = Buffer.from(part);
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) return null;
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}
