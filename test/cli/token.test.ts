import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { createClient } from '../../shared/adapters/dynamodb/client.ts';
import { createDynamoDBTokens } from '../../shared/adapters/dynamodb/tokens.ts';
import { sha256 } from '../../shared/adapters/secrets.ts';
import { LOCAL_TABLE } from '../../local/catalog.ts';
import { commandLine } from '../support/command-line.ts';
import { localService, testFolder } from '../support/local-service.ts';

const SECRET = /^b2bsync_[\w-]{43}$/;
const listed = z.array(
  z.strictObject({
    id: z.string(),
    name: z.string(),
    scopes: z.array(z.string()),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime(),
  }),
);

test('a token of 256 bits is shown once, alone on standard output, and kept nowhere', async () => {
  const folder = testFolder();
  const { run } = await commandLine(folder);
  const made = await run('token create --scope sync read --name caisse --days 30');
  const secret = made.stdout.trim();
  expect(made.code).toBe(0);
  expect(secret).toMatch(SECRET);
  expect(Buffer.from(secret.slice('b2bsync_'.length), 'base64url')).toHaveLength(32);
  expect(made.stderr).toMatch(/\(caisse\) may sync, read until [^U]* UTC\. It is shown only now/);
  expect(made.stderr).not.toContain(secret);
  const list = await run('token list');
  const json = await run('token list --json');
  expect(list.stdout).toMatch(/^\w{26} {2}caisse {2}sync, read {2}until /);
  const [kept] = listed.parse(JSON.parse(json.stdout));
  expect(kept?.scopes).toEqual(['sync', 'read']);
  const daysMs = Date.parse(kept?.expires_at ?? '') - Date.parse(kept?.created_at ?? '');
  expect(daysMs).toBe(30 * 86_400_000);
  for (const { stdout, stderr } of [list, json]) expect(stdout + stderr).not.toContain(secret);
  expect(readFileSync(join(folder, 'catalog.db')).includes(secret)).toBe(false);
});

test('a revoked token is listed no more, and a second revoke says what to do', async () => {
  const { run } = await commandLine();
  expect((await run('token list')).stdout).toBe('No access token.\n');
  const made = await run('token create --scope read --json');
  const { id, token } = z
    .looseObject({ id: z.string(), token: z.string() })
    .parse(JSON.parse(made.stdout));
  expect(token).toMatch(SECRET);
  expect(await run(`token revoke ${id}`)).toMatchObject({
    code: 0,
    stdout: `Token ${id} is revoked.\n`,
  });
  expect((await run('token list')).stdout).toBe('No access token.\n');
  const again = await run(`token revoke ${id}`);
  expect(again).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('npm run sync -- token list'),
  });
});

test('wrong scopes, days and verbs are refused with what is allowed, and make no token', async () => {
  const { run } = await commandLine();
  for (const [line, said] of [
    ['token create', /--scope/],
    ['token create --scope owner', /read, sync, sync:force, admin/],
    ['token create --scope', /argument missing/],
    ['token create --scope read --days 0', /whole number/],
    ['token create --scope read --days soon', /whole number/],
    ['token revoke', /id/],
    ['token burn', /unknown command|Usage/],
  ] as const) {
    const { code, stdout, stderr } = await run(line);
    expect({ line, code }).toEqual({ line, code: 2 });
    expect(stdout + stderr, line).toMatch(said);
  }
  expect((await run('token list')).stdout).toBe('No access token.\n');
});

test('an expired token is listed as such; the service refuses it, and takes one that is not', async () => {
  const { run, settings } = await commandLine();
  const service = await localService(settings);
  const client = createClient({ endpoint: service.endpoint });
  onTestFinished(() => client.destroy());
  const tokens = createDynamoDBTokens(client, LOCAL_TABLE);
  const old = `b2bsync_${'x'.repeat(43)}`;
  const times = { createdAtMs: 0, expiresAtMs: Date.now() };
  await tokens.add(sha256(old), { id: '0'.repeat(26), name: 'old', scopes: ['sync'], ...times });
  const secret = (await run('token create --scope sync')).stdout.trim();
  expect((await run('token list')).stdout).toMatch(/old {2}sync {2}expired .*\n.* until /);
  const asked = async (bearer: string) => {
    const headers = { authorization: `Bearer ${bearer}` };
    return (await fetch(`${service.url}/inventory/api/runs/`, { headers })).status;
  };
  expect(await asked(secret)).toBe(200);
  expect(await asked(old)).toBe(401);
  expect(await asked(`${secret}x`)).toBe(401);
});
