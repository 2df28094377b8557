import { request, type Agent, type IncomingHttpHeaders } from 'node:http';

export interface Asked {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  /** The body read as JSON. */
  readonly json: () => unknown;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
}

/** One plain HTTP request to 127.0.0.1: nothing followed, nothing decoded, the path sent as it is. */
export function ask(port: number, path: string, asking: Asking = {}): Promise<Asked> {
  const { method = 'GET', headers = {}, body, agent = false } = asking;
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const whole = Buffer.concat(parts);
        const text = whole.toString();
        const { statusCode: status = 0, headers: received } = response;
        const json = (): unknown => JSON.parse(text);
        resolve({ status, headers: received, body: whole, text, json });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
