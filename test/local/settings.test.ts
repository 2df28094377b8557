import { createServer } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { assertPortFree, closeServer, listenOnLoopback } from '../../local/listen.ts';
import { parseLocalSettings } from '../../local/settings.ts';
import { ask } from './ask.ts';

const server = createServer();
afterEach(() => closeServer(server, 0));
const choice = (port: number) => ({
  port,
  setting: 'DYNAMODB_PORT',
  what: 'the embedded DynamoDB',
});

test('without settings the local run has its usual ports and folder', () => {
  expect(parseLocalSettings({ HOME: '/root', PORT: '' })).toEqual({
    PORT: 3000,
    SUPPLIER_PORT: 4010,
    DYNAMODB_PORT: 8000,
    LOCAL_DIR: '.local',
  });
});

test('each setting can be set', () => {
  const set = { PORT: '1', SUPPLIER_PORT: '65535', DYNAMODB_PORT: '9000', LOCAL_DIR: 'x y' };
  expect(parseLocalSettings(set)).toEqual({
    ...set,
    PORT: 1,
    SUPPLIER_PORT: 65535,
    DYNAMODB_PORT: 9000,
  });
});

test.each(['0', '65536', '30.5', 'http', '-1'])(
  'the port %s is refused with its form and an example',
  (PORT) => {
    expect(() => parseLocalSettings({ PORT })).toThrow(
      'PORT is malformed: it is the port of the API, 1 to 65535, for example 3000.',
    );
  },
);

test('two settings with one port are named', () => {
  expect(() => parseLocalSettings({ PORT: '4010' })).toThrow(
    'PORT and SUPPLIER_PORT are both 4010: give each a port of its own.',
  );
});

test('a port in use is said with its setting and the way out, a free one passes', async () => {
  const port = await listenOnLoopback(server, choice(0));
  await expect(assertPortFree(choice(port))).rejects.toMatchObject({
    name: 'ConfigurationError',
    message:
      `Port ${port} for the embedded DynamoDB is in use. Choose another one, ` +
      `for example DYNAMODB_PORT=${port + 1}, or stop the program that has it.`,
  });
  await closeServer(server, 0);
  await expect(assertPortFree(choice(port))).resolves.toBeUndefined();
});

test('closing cuts a request that is not answered in time', async () => {
  const port = await listenOnLoopback(server, choice(0));
  const entered = new Promise((resolve) => server.once('request', resolve));
  const unanswered = ask(port, '/').catch(() => 'cut');
  await entered;
  await closeServer(server, 50);
  expect(await unanswered).toBe('cut');
});

test('each real supplier has a copy of its own, beside the demo’s', () => {
  const folderFor = (B2B_API_URL: string) => parseLocalSettings({ B2B_API_URL }).LOCAL_DIR;
  expect(folderFor('https://supplier.example/api/v1/')).toBe('.local/supplier.example-api-v1');
  expect(folderFor('http://localhost:4010/api')).toBe('.local/localhost-4010-api');
  expect(folderFor('../../etc')).toBe('.local');
  expect(folderFor('https://supplier.example/../..')).toBe('.local/supplier.example');
  const own = { B2B_API_URL: 'https://supplier.example', LOCAL_DIR: 'x' };
  expect(parseLocalSettings(own).LOCAL_DIR).toBe('x');
});
