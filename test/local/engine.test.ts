import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { afterEach, describe, expect, test } from 'vitest';
import { createTable } from '../../local/create-table.ts';
import { engineCommand } from '../../local/engine-command.ts';
import { startEngine, type Engine } from '../../local/engine.ts';
import { freePort } from '../../local/free-port.ts';
import { createClient } from '../../shared/adapters/dynamodb/client.ts';
import { ConfigurationError } from '../../shared/core/errors.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function newDatabase(): string {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'catalog.db');
}

async function start(databasePath: string | null, port = 0): Promise<Engine> {
  const engine = await startEngine({ databasePath, port, environment: {} });
  cleanups.push(() => engine.stop());
  return engine;
}

function isAlive(pid: number | null): boolean {
  try {
    return pid !== null && process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function untilDead(pid: number): Promise<void> {
  for (let tries = 0; isAlive(pid) && tries < 100; tries += 1) await delay(30);
  expect(isAlive(pid)).toBe(false);
}

/** Another program that starts the engine, says its pid, and stays until it reads a line. */
async function ownerProgram(databasePath: string | null, more: object = {}, before = '') {
  const local = JSON.stringify(new URL('../../local/engine.ts', import.meta.url).href);
  const options = JSON.stringify({ databasePath, port: 0, environment: {}, ...more });
  const code = `import { startEngine } from ${local};
    ${before}
    const engine = await startEngine(${options});
    console.log(engine.pid);
    process.stdin.once('data', () => engine.stop().then(() => process.exit()));`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  cleanups.push(() => owner.kill('SIGKILL'));
  const [line] = await once(createInterface({ input: owner.stdout }), 'line');
  const enginePid = Number(line);
  // A killed owner leaves it behind: that is what some of these tests are about.
  cleanups.push(() => isAlive(enginePid) && process.kill(enginePid, 'SIGKILL'));
  return { owner, enginePid };
}

describe('the embedded engine', () => {
  test('keeps a table and its rows across a stop and a start', async () => {
    const databasePath = newDatabase();
    const first = await start(databasePath);
    const Item = { pk: { S: 'a' }, sk: { S: 'b' }, body: { S: 'kept' } };
    const writer = createClient({ endpoint: first.endpoint });
    await createTable(writer, 'catalog');
    await createTable(writer, 'catalog');
    await writer.send(new PutItemCommand({ TableName: 'catalog', Item }));
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    const second = await start(databasePath);
    const Key = { pk: Item.pk, sk: Item.sk };
    const get = new GetItemCommand({ TableName: 'catalog', Key });
    const found = await createClient({ endpoint: second.endpoint }).send(get);
    expect(found.Item).toEqual(Item);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends with a program ended by %s',
    async (signal) => {
      const { owner, enginePid } = await ownerProgram(null);
      expect(isAlive(enginePid)).toBe(true);
      owner.kill(signal);
      const [, by] = await once(owner, 'exit');
      expect(by).toBe(signal);
      await untilDead(enginePid);
    },
  );

  test('ends with a program that a signal ends while another listener only looks at signals', async () => {
    const looks = `process.on('SIGINT', () => {});`;
    const { owner, enginePid } = await ownerProgram(null, {}, looks);
    owner.kill('SIGINT');
    const [, by] = await once(owner, 'exit');
    expect(by).toBe('SIGINT');
    await untilDead(enginePid);
  });

  test('of two commands at once is one, and ends with the last of them', async () => {
    const databasePath = newDatabase();
    const both = await Promise.all([1, 2].map(() => ownerProgram(databasePath, { join: true })));
    const [one, other] = both;
    if (one === undefined || other === undefined) throw new Error('two were started');
    expect(one.enginePid).toBe(other.enginePid);
    const third = await startEngine({ databasePath, port: 0, environment: {}, join: true });
    for (const { owner } of both) {
      owner.stdin.write('end\n');
      await once(owner, 'exit');
      await createTable(createClient({ endpoint: third.endpoint }), 'catalog');
      expect(isAlive(one.enginePid)).toBe(true);
    }
    await third.stop();
    await untilDead(one.enginePid);
    expect(readdirSync(dirname(databasePath)).filter((name) => name.includes('engine'))).toEqual(
      [],
    );
  });

  test('of a copied folder is another one', async () => {
    const databasePath = newDatabase();
    const first = await start(databasePath);
    const copied = `${dirname(databasePath)}-copy`;
    cpSync(dirname(databasePath), copied, { recursive: true });
    cleanups.push(() => rmSync(copied, { recursive: true, force: true }));
    const options = { databasePath: join(copied, 'catalog.db'), port: 0, environment: {} };
    const second = await startEngine({ ...options, join: true });
    expect(second.pid).not.toBe(first.pid);
    await second.stop();
    expect(isAlive(first.pid)).toBe(true);
  });

  test('left behind by a killed program is ended by the next start on its database', async () => {
    const databasePath = newDatabase();
    const { owner, enginePid } = await ownerProgram(databasePath);
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    expect(isAlive(enginePid)).toBe(true);
    const next = await start(databasePath);
    await untilDead(enginePid);
    expect(isAlive(next.pid)).toBe(true);
    expect(next.pid).not.toBe(enginePid);
  });

  test('of another program that lives is left alone: refused, or joined when asked to', async () => {
    const databasePath = newDatabase();
    const { owner, enginePid } = await ownerProgram(databasePath);
    await expect(start(databasePath)).rejects.toThrow(`process ${owner.pid}`);
    const options = { databasePath, port: 0, environment: {}, join: true };
    const joined = await startEngine(options);
    await createTable(createClient({ endpoint: joined.endpoint }), 'catalog');
    await joined.stop();
    expect(isAlive(enginePid)).toBe(true);
  });

  test('a note that a crash cut short, or of a number used again, is no obstacle', async () => {
    const databasePath = newDatabase();
    const first = await start(databasePath);
    const note = `${databasePath}.engine.json`;
    const written = z.object({ port: z.number() }).parse(JSON.parse(readFileSync(note, 'utf8')));
    expect(first.endpoint).toContain(`:${written.port}`);
    await first.stop();
    expect(existsSync(note)).toBe(false);
    writeFileSync(note, JSON.stringify({ enginePid: process.pid, ownerPid: 1, port: 1 }));
    await (await start(databasePath)).stop();
    writeFileSync(note, '{"engineP');
    await expect(start(databasePath)).resolves.toBeDefined();
    expect(isAlive(process.pid)).toBe(true);
  });

  test('on a port in use says which setting gives another', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    cleanups.push(() => other.close());
    await once(other, 'listening');
    const started = start(null, port);
    await expect(started).rejects.toThrow(ConfigurationError);
    await expect(started).rejects.toThrow(`Port ${port} is in use`);
    await expect(started).rejects.toThrow('DYNAMODB_PORT=');
  });

  test('that can’t start says why in its own words', async () => {
    const databasePath = newDatabase();
    mkdirSync(databasePath);
    await expect(start(databasePath)).rejects.toThrow(/did not start: .+/);
    expect(existsSync(`${databasePath}.engine.json`)).toBe(false);
  });

  test('is the one that DYNAMODB_ENDPOINT names, when it names one', async () => {
    const environment = { DYNAMODB_ENDPOINT: 'http://127.0.0.1:9' };
    const engine = await startEngine({ databasePath: null, port: 0, environment });
    expect(engine).toMatchObject({ endpoint: 'http://127.0.0.1:9', pid: null });
  });

  test('came with npm here: nothing has to be installed', () => {
    const settings = { databasePath: '/data/x.db', port: 8000, environment: {} };
    const { program, parameters } = engineCommand(settings);
    expect(program).toMatch(/dynoxide$/);
    expect(parameters.join(' ')).toBe('serve --host 127.0.0.1 --port 8000 --db-path /data/x.db');
  });
});
