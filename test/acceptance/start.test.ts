import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../local/free-port.ts';
import { startProgram } from '../support/child.ts';
import { testFolder } from '../support/local-service.ts';

const settings = async (folder: string) => ({
  PORT: String(await freePort()),
  SUPPLIER_PORT: String(await freePort()),
  DYNAMODB_PORT: String(await freePort()),
  LOCAL_DIR: folder,
  B2B_API_URL: '',
  B2B_API_KEY: '',
});

/** Processes whose command line names the folder. */
const processesOf = (folder: string) =>
  execFileSync('ps', ['-eww', '-o', 'args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(folder));

test('starts with nothing but this checkout: progress, a synced demo catalogue, addresses; Ctrl-C leaves no process; a restart syncs nothing', async () => {
  const folder = testFolder();
  const environment = await settings(folder);
  const first = startProgram(['local/start.ts'], environment);
  const printed = await first.until('Ctrl-C stops everything');
  expect(printed).toMatch(/products: [\d,]+ of 1,200/);
  expect(printed).toContain('Synced products: 1200 records: 1200 created');
  const synced = /Synced categories: (\d+) records/.exec(printed);
  expect(Number(synced?.[1])).toBeGreaterThanOrEqual(60);

  const url = `http://localhost:${environment.PORT}`;
  for (const path of printed.match(/(?<=http:\/\/localhost:\d+)\/\S*/g) ?? []) {
    const expected = path.includes('?link=') ? 303 : path === '/inventory/status/' ? 401 : 200;
    expect((await fetch(`${url}${path}`, { redirect: 'manual' })).status, path).toBe(expected);
  }
  const levels = JSON.stringify(
    await (await fetch(`${url}/api/inventory/categories/tree/`)).json(),
  );
  expect(new Set(levels.match(/"level":\d/g))).toEqual(
    new Set(['"level":0', '"level":1', '"level":2']),
  );

  first.process.kill('SIGINT');
  expect(await first.ended).toBe(0);
  expect(processesOf(folder)).toEqual([]);

  const second = startProgram(['local/start.ts'], environment);
  const again = await second.until('Ctrl-C stops everything');
  expect(again).toContain('The products are fresh');
  expect(again).toContain('The categories are fresh');
  const list = await (await fetch(`${url}/api/inventory/products/synced/?availability=all`)).text();
  expect(list).toContain('"count":1200');
  const stats = await (
    await fetch(`http://127.0.0.1:${environment.SUPPLIER_PORT}/_demo/stats`)
  ).text();
  expect(stats).toContain('"requests":0');
  second.process.kill('SIGTERM');
  expect(await second.ended).toBe(0);
  expect(processesOf(folder)).toEqual([]);
}, 60_000);

test('with B2B_SOURCES a second demo supplier is started and synced beside the first', async () => {
  const folder = testFolder();
  const environment = { ...(await settings(folder)), B2B_SOURCES: 'drinks' };
  const program = startProgram(['local/start.ts'], environment);
  await program.until('Ctrl-C stops everything');
  const printed = await program.until('Synced products of drinks');
  expect(printed).toMatch(/Supplier {2}main: http.*set B2B_API_URL and B2B_API_KEY/);
  expect(printed).toMatch(
    /Supplier {2}drinks: http.*set B2B_API_URL_DRINKS and B2B_API_KEY_DRINKS/,
  );
  const list = `http://localhost:${environment.PORT}/api/inventory/products/synced/`;
  for (const [source, count] of [
    ['main', 1200],
    ['drinks', 300],
  ] as const) {
    const text = await (await fetch(`${list}?availability=all&source=${source}`)).text();
    expect(text).toContain(`"count":${count}`);
  }
  program.process.kill('SIGINT');
  expect(await program.ended).toBe(0);
  expect(processesOf(folder)).toEqual([]);
});

test.each([
  ['PORT', 'the API'],
  ['SUPPLIER_PORT', 'the demo supplier'],
  ['DYNAMODB_PORT', ''],
] as const)(
  'a %s in use is said plainly with the way out, and nothing stays behind',
  async (name, what) => {
    const folder = testFolder();
    const environment = await settings(folder);
    const other = createServer().listen(Number(environment[name]), '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const child = startProgram(['local/start.ts'], environment);
    expect(await child.ended).toBe(2);
    expect(child.output()).toContain(`Port ${environment[name]}`);
    expect(child.output()).toContain(what);
    expect(child.output()).toContain(`${name}=`);
    expect(child.output().trim().split('\n')).toHaveLength(1);
    expect(processesOf(folder)).toEqual([]);
  },
);

test.each([
  [
    { B2B_API_URL: 'supplier.example', B2B_API_KEY: 'k' },
    'B2B_API_URL is malformed',
    'https://supplier.example/api/v1',
  ],
  [
    { B2B_API_URL: 'https://supplier.example/api/v1' },
    'B2B_API_KEY is missing',
    "the supplier's API key",
  ],
  [{ PORT: 'eighty' }, 'PORT is malformed', '3000'],
  [{ SYNC_INTERVALS: '2h' }, 'SYNC_INTERVALS is malformed', 'products=120,categories=60'],
])(
  'a wrong setting %j stops the start with one message before anything starts',
  async (wrong, fault, form) => {
    const folder = testFolder();
    const child = startProgram(['local/start.ts'], { ...(await settings(folder)), ...wrong });
    expect(await child.ended).toBe(2);
    expect(child.output()).toContain(fault);
    expect(child.output()).toContain(form);
    expect(child.output().trim().split('\n')).toHaveLength(1);
  },
);
