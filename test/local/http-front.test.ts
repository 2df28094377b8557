import { Agent } from 'node:http';
import { connect } from 'node:net';
import { gzipSync, gunzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import * as z from 'zod';
import type { HttpHandler } from '../../local/gateway/handler.ts';
import { startHttpFront, type HttpFront, type HttpFrontOptions } from '../../local/http-front.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import { functionDeclarations } from '../../shared/deployment.ts';
import { ask, type Asking } from './ask.ts';

const clock = createSystemClock();
const lines: { readonly event: string; readonly fields: object }[] = [];
const note = (event: string, fields: object = {}) => void lines.push({ event, fields });
const log = { info: note, warn: note, error: note };
let front: HttpFront;

/** A front whose every function is `handler`. */
async function start(handler: HttpHandler, options: Partial<HttpFrontOptions> = {}) {
  lines.length = 0;
  const handlers = new Map(functionDeclarations.map(({ name }) => [name, handler]));
  front = await startHttpFront({ port: 0, handlers, clock, log, ...options });
}
const get = (path: string, asking?: Asking) => ask(front.port, path, withHost(asking));
const withHost = ({ headers = {}, ...rest }: Asking = {}): Asking => ({
  ...rest,
  headers: { host: `localhost:${front.port}`, ...headers },
});
const problem = z.strictObject({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  message: z.string(),
});
const LIST = '/api/inventory/products/synced/';

afterEach(() => front.stop());

test('both spellings reach the declared function with their route key, encoded ids decoded', async () => {
  await start(({ routeKey, pathParameters }, { functionName }) => ({
    statusCode: 200,
    body: JSON.stringify([functionName, routeKey, pathParameters]),
  }));
  const route = 'GET /api/inventory/products/synced/{id}';
  expect((await get(`${LIST}caf%C3%A9%20x`)).json()).toEqual([
    'products-synced',
    route,
    { id: 'café x' },
  ]);
  expect((await get(`${LIST}12/?a=1`)).json()).toEqual([
    'products-synced',
    `${route}/{proxy+}`,
    { id: '12', proxy: '' },
  ]);
});

test('status, headers, cookies and a base64 body come back as the handler gave them', async () => {
  const zipped = gzipSync('{"results":[]}');
  await start(() => ({
    statusCode: 203,
    headers: {
      'Content-Type': 'application/json',
      'content-encoding': 'gzip',
      ETag: '"7"',
      Age: 5,
    },
    cookies: ['a=1; Path=/', 'b=2'],
    body: zipped.toString('base64'),
    isBase64Encoded: true,
  }));
  const { status, headers, body } = await get(LIST);
  expect([status, headers['content-type'], headers.etag, headers.age]).toEqual([
    203,
    'application/json',
    '"7"',
    '5',
  ]);
  expect(headers['set-cookie']).toEqual(['a=1; Path=/', 'b=2']);
  expect(headers['content-length']).toBe(String(zipped.length));
  expect(gunzipSync(body).toString()).toBe('{"results":[]}');
});

test('a result without a status code is the JSON of a 200', async () => {
  await start(() => Promise.resolve({ ok: true }));
  const { status, headers, text } = await get(LIST);
  expect([status, headers['content-type'], text]).toEqual([200, 'application/json', '{"ok":true}']);
});

test.each([204, 304])('%i has no body and no length', async (statusCode) => {
  await start(() => ({ statusCode, headers: { etag: '"7"' }, body: 'never sent' }));
  const { status, headers, text } = await get(LIST);
  expect([status, headers.etag, headers['content-length'], text]).toEqual([
    statusCode,
    '"7"',
    undefined,
    '',
  ]);
});

test.each(['HEAD', 'OPTIONS'])('%s is taken by no route, as at API Gateway', async (method) => {
  await start(({ routeKey }) => ({ statusCode: 405, headers: { 'x-key': routeKey } }));
  const { status, headers } = await get(LIST, { method });
  expect([status, headers['x-key']]).toEqual([405, '$default']);
});

test('what no route takes goes to the function that takes the rest', async () => {
  await start(({ routeKey, rawPath }) => ({ statusCode: 404, body: `${routeKey} ${rawPath}` }));
  expect((await get('/nowhere')).text).toBe('$default /nowhere');
  expect((await get(LIST, { method: 'POST', body: '{}' })).text).toBe(`$default ${LIST}`);
});

test('where no function takes it, it is a 404 problem with the message of API Gateway', async () => {
  const declarations = functionDeclarations.filter(({ takesTheRest }) => takesTheRest !== true);
  await start(() => expect.unreachable(), { declarations });
  const answers = await Promise.all([
    get('/nowhere'),
    get('//evil.example/'),
    get(LIST, { method: 'POST', body: '{}' }),
    get('/nowhere', { method: 'OPTIONS' }),
  ]);
  for (const { status, headers, json } of answers) {
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json']);
    expect(problem.parse(json())).toMatchObject({ message: 'Not Found', status: 404 });
  }
});

test('a path that is not well encoded is a 400', async () => {
  await start(() => expect.unreachable());
  expect((await get('/api/inventory/products/synced/%E0%A4%A')).status).toBe(400);
});

test.each(['localhost', '127.0.0.1', '[::1]', 'LOCALHOST'])(
  'the name %s is served',
  async (name) => {
    await start(() => ({ statusCode: 200 }));
    expect((await get(LIST, { headers: { host: `${name}:${front.port}` } })).status).toBe(200);
  },
);

test.each(['evil.example', 'localhost', 'localhost:1', 'localhost.evil.example', '127.0.0.1.evil'])(
  'the name %s is refused before any handler',
  async (host) => {
    await start(() => expect.unreachable());
    const { status, json } = await get(LIST, { headers: { host } });
    expect([status, problem.parse(json()).status]).toEqual([421, 421]);
  },
);

test('a handler that throws, now or later, or answers nonsense is a 500 problem that tells nothing', async () => {
  const failures: readonly HttpHandler[] = [
    () => {
      throw new Error('secret one');
    },
    () => Promise.reject(new Error('secret two')),
    () => ({ statusCode: 'two hundred' }),
  ];
  for (const handler of failures) {
    await front?.stop();
    await start(handler);
    const { status, text, json } = await get(LIST);
    expect([status, problem.parse(json()).message]).toEqual([500, 'Internal Server Error']);
    expect(text).not.toContain('secret');
    expect(lines.map(({ event }) => event)).toEqual(['handler failed', 'request']);
  }
});

test('a handler whose header can not be sent cuts that connection only', async () => {
  await start(({ rawPath }) => ({
    statusCode: 200,
    headers: { 'x-line': rawPath === '/' ? 'a\nb' : 'ab' },
  }));
  await expect(get('/')).rejects.toThrow('socket hang up');
  expect((await get(LIST)).status).toBe(200);
});

test('a handler that takes too long is a 503, and knew how long it had', async () => {
  let remainingMs = 0;
  const handler: HttpHandler = (_event, context) => {
    remainingMs = context.getRemainingTimeInMillis();
    return new Promise(() => undefined);
  };
  await start(handler, { timeoutMs: 200 });
  expect((await get(LIST)).status).toBe(503);
  expect(remainingMs).toBeGreaterThan(150);
  expect(remainingMs).toBeLessThanOrEqual(200);
});

test('an answer over the 6 MB that Lambda gives back is a 500, one under it passes', async () => {
  await start(({ rawPath }) => ({
    statusCode: 200,
    body: 'x'.repeat(rawPath === '/' ? 6 * 1024 * 1024 : 5_900_000),
  }));
  expect((await get('/')).status).toBe(500);
  expect((await get(LIST)).body).toHaveLength(5_900_000);
});

/** A function that takes a body and tells its length. */
const startTaking = () => {
  const post = { method: 'POST', path: '/in', operation: 'in', access: 'read' } as const;
  return start((event) => ({ statusCode: 200, body: String(event.body?.length) }), {
    declarations: [{ name: 'home', folder: 'home', role: 'reader', routes: [post] }],
  });
};

test('a body of 10 MB passes; of one a byte longer the reading stops', async () => {
  await startTaking();
  const body = Buffer.alloc(10 * 1024 * 1024 + 1, 'x');
  const headers = { 'content-type': 'text/plain' };
  const asking = { method: 'POST', headers };
  expect((await get('/in', { ...asking, body: body.subarray(1) })).text).toBe('10485760');
  const untold = { ...headers, 'transfer-encoding': 'chunked' };
  const over = get('/in', { ...asking, headers: untold, body }).then(({ status }) => status);
  // What is left of it is not read: some systems reset the connection before the answer is seen.
  expect([413, 'reset']).toContain(await over.catch(() => 'reset'));
  expect((await get('/in', { ...asking, body: 'ab' })).text).toBe('2');
});

test('a body that is told to be too long is refused before it is sent', async () => {
  await startTaking();
  const socket = connect(front.port, '127.0.0.1');
  const answer = new Promise<string>((resolve) =>
    socket.once('data', (part: Buffer) => resolve(part.toString())),
  );
  const lengthBytes = 10 * 1024 * 1024 + 1;
  socket.write(
    `POST /in HTTP/1.1\r\nhost: localhost:${front.port}\r\ncontent-length: ${lengthBytes}\r\n\r\n`,
  );
  expect((await answer).split('\r\n')[0]).toBe('HTTP/1.1 413 Payload Too Large');
  socket.destroy();
});

test('an answered request leaves no timer behind', async () => {
  let sleeping = 0;
  const counting: HttpFrontOptions['clock'] = {
    ...clock,
    async sleep(ms, signal) {
      sleeping += 1;
      await clock.sleep(ms, signal);
      sleeping -= 1;
    },
  };
  let during = 0;
  const handler = async () => {
    await Promise.resolve();
    during = sleeping;
    return { statusCode: 200 };
  };
  await start(handler, { clock: counting });
  await get(LIST);
  expect([during, sleeping]).toEqual([1, 0]);
});

test('200 requests at once are 200 invocations, each with its own id', async () => {
  const ids = new Set<string>();
  let together = 0;
  await start(async (_event, { awsRequestId }) => {
    ids.add(awsRequestId);
    together = Math.max(together, ids.size);
    await clock.sleep(100);
    return { statusCode: 200, body: awsRequestId };
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 200 });
  const answers = await Promise.all(Array.from({ length: 200 }, () => get(LIST, { agent })));
  agent.destroy();
  expect(new Set(answers.map(({ text }) => text))).toEqual(ids);
  expect(ids.size).toBe(200);
});

test('each request leaves one line', async () => {
  await start(() => ({ statusCode: 200, body: 'é' }));
  await get(`${LIST}?page_size=2`);
  expect(lines).toEqual([
    {
      event: 'request',
      fields: {
        method: 'GET',
        path: LIST,
        status: 200,
        durationMs: expect.any(Number),
        bodyBytes: 2,
      },
    },
  ]);
});

test('stopping lets what is under way end, closes idle connections and leaves nothing listening', async () => {
  const entered = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  await start(async () => {
    entered.resolve();
    await released.promise;
    return { statusCode: 200, body: 'done' };
  });
  const agent = new Agent({ keepAlive: true });
  const underWay = get(LIST, { agent });
  await entered.promise;
  const idle = connect(front.port, '127.0.0.1');
  const closed = new Promise((resolve) => idle.once('close', resolve));
  await new Promise((resolve) => idle.once('connect', resolve));
  const stopped = front.stop();
  released.resolve();
  expect((await underWay).text).toBe('done');
  await Promise.all([stopped, closed]);
  await expect(get(LIST)).rejects.toThrow('ECONNREFUSED');
  agent.destroy();
});

test('a declared function without a handler, or a port in use, stops it before it starts', async () => {
  await start(() => ({ statusCode: 200 }));
  const options = { handlers: new Map(), clock, log };
  await expect(startHttpFront({ port: 0, ...options })).rejects.toThrow('products-synced');
  const again = startHttpFront({ port: front.port, ...options, declarations: [] });
  await expect(again).rejects.toThrow(
    `Port ${front.port} for the API is in use. Choose another one, for example PORT=`,
  );
});
