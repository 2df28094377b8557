import type { Readable } from 'node:stream';

/** Reads a body whole. @throws TimeoutError when it takes longer than `timeoutMs` */
export function text(body: Readable, timeoutMs = 0): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const late = (): unknown =>
      body.destroy(Object.assign(new Error('the answer is too slow'), { name: 'TimeoutError' }));
    const deadline = timeoutMs > 0 ? setTimeout(late, timeoutMs) : undefined;
    body.on('data', (chunk: Buffer) => void chunks.push(chunk));
    body.once('end', () => resolve(Buffer.concat(chunks).toString()));
    // A connection that ends early is an error of the body too.
    body.once('error', reject);
    body.once('close', () => clearTimeout(deadline));
  });
}
