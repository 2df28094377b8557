import { expect, test } from 'vitest';
import { awsHelp } from '../../cli/aws-help.ts';
import { checkMessage } from '../../cli/check-messages.ts';
import { StoreUnavailableError, UPSTREAM_FAILURES } from '../../shared/core/errors.ts';
import { commandLine } from '../support/command-line.ts';

test('syncs now; with --auto only when due; with --force anyway: 0, 3, 0', async () => {
  const { run } = await commandLine();
  const first = await run('products');
  expect(first).toMatchObject({ code: 0 });
  expect(first.stdout).toContain('60 records: 60 created');
  expect(first.stderr).toMatch(/products: 60 of 60 \(100 %\)/);
  expect(await run('products --auto')).toMatchObject({
    code: 3,
    stdout: expect.stringContaining('fresh'),
  });
  const forced = await run('products --auto --force');
  expect(forced).toMatchObject({ code: 0, stdout: expect.stringContaining('60 unchanged') });
  expect(await run('products')).toMatchObject({ code: 0 });
});

test('all syncs everything side by side; one failing resource fails the command and not the other', async () => {
  const { run } = await commandLine();
  const { code, stdout } = await run('all --json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    products: { success: true, decision: 'started', stats: { created: 60 } },
    categories: { success: true, decision: 'started' },
  });
});

test('wrong usage is 2, with what is allowed', async () => {
  const { run } = await commandLine();
  for (const line of [
    '',
    'brand',
    '--auto',
    'products --sometimes',
    'status --target mars',
    'runs --limit 0',
    'held burn 1',
  ]) {
    const { code, stdout, stderr } = await run(line);
    expect({ line, code }).toEqual({ line, code: 2 });
    expect(stdout + stderr).toMatch(/error|Usage/);
    // Whoever forgot what to sync, or misspelt it, is told how to go on.
    expect(stdout + stderr, line).toMatch(/npm run sync -- --help|Usage/);
  }
  expect(await run('--help')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Exit codes'),
  });
});

test('a wrong or missing setting is 2, named with its form, and its value is not shown', async () => {
  const { run } = await commandLine();
  const wrong = await run('check', { B2B_API_URL: 'my-secret-host' });
  expect(wrong).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('B2B_API_URL is malformed'),
  });
  expect(wrong.stderr).not.toContain('my-secret-host');
  const missing = await run('products --target aws');
  expect(missing).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('WORKER_FUNCTION_NAME is missing'),
  });
});

test('what AWS lacks of this machine’s settings is told in a line, without a stack', () => {
  const region = new Error('Region is missing');
  expect(awsHelp(region)).toMatch(/set AWS_REGION/);
  const denied = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
  const wrapped = new StoreUnavailableError('read', { cause: denied });
  expect(awsHelp(wrapped)).toMatch(/may not do this: check AWS_PROFILE \(not authorized\)/);
  expect(awsHelp(new Error('anything else'))).toBeNull();
});

test('check tries the key and each list, and says in words what is wrong', async () => {
  const { run, supplier } = await commandLine();
  expect(await run('check')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('ok     products'),
  });
  const key = 'wrong-key-0123456789';
  const refused = await run('check', { B2B_API_KEY: key });
  expect(refused.code).toBe(1);
  expect(refused.stdout).toContain('The supplier refuses the API key');
  expect(refused.stdout + refused.stderr).not.toContain(key);
  supplier.setFaults('html');
  expect(await run('check')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('something else than records'),
  });
});

test('check promises no sync: it starts none', async () => {
  const { run, supplier } = await commandLine();
  supplier.setFaults('html');
  expect((await run('check')).stdout).toContain(checkMessage('invalid', 'main'));
  for (const failure of UPSTREAM_FAILURES) {
    expect(checkMessage(failure, 'main')).not.toMatch(/sync|by itself|next attempt|stored/i);
  }
});

test('check names the settings of the source that it checks', () => {
  expect(checkMessage('unavailable', 'drinks')).toContain('(B2B_API_URL_DRINKS)');
  expect(checkMessage('no_credential', 'drinks')).toContain('Set B2B_API_KEY_DRINKS,');
});

test('check says that a list is empty and what a sync would make of it', async () => {
  const { run, supplier } = await commandLine();
  supplier.setFaults('empty');
  const { code, stdout } = await run('check');
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /ok +products: the list is empty: .*a sync would remove nothing and wait for a person/,
  );
});

test('held deletions are shown, approved once, and gone; an unknown run is told apart', async () => {
  const { run, supplier } = await commandLine();
  await run('products');
  supplier.setFaults('half');
  const held = await run('products');
  expect(held).toMatchObject({ code: 1, stdout: expect.stringContaining('nothing was removed') });
  const shown = await run('status');
  const runId = /held approve\|discard (\w+)/.exec(shown.stdout)?.[1] ?? '';
  expect(await run('held approve 01UNKNOWN')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('01UNKNOWN'),
  });
  expect(await run(`held approve ${runId}`)).toMatchObject({
    code: 0,
    stdout: 'Removed 30 products.\n',
  });
  expect(await run(`held approve ${runId}`)).toMatchObject({ code: 1 });
  expect((await run('status')).stdout).toMatch(/products: due\n {2}stored {8}30/);
});

test('held takes the source that it is about', async () => {
  const { run } = await commandLine();
  const held = await run(`held discard ${'0'.repeat(26)} --source main`);
  expect(held).toMatchObject({ code: 1, stdout: expect.stringContaining('No deletions are held') });
});

test('held deletions that are discarded leave every record', async () => {
  const { run, supplier } = await commandLine();
  await run('products');
  supplier.setFaults('empty');
  await run('products');
  const runId = /held approve\|discard (\w+)/.exec((await run('status')).stdout)?.[1] ?? '';
  expect(await run(`held discard ${runId}`)).toMatchObject({
    code: 0,
    stdout: 'The 60 records stay.\n',
  });
});

test('runs lists what ended, newest first, with its outcome', async () => {
  const { run, supplier } = await commandLine();
  expect((await run('runs products')).stdout).toContain('no finished run yet');
  await run('products');
  supplier.setFaults('html');
  await run('products');
  const { stdout } = await run('runs products --limit 5');
  expect(stdout.indexOf('failed')).toBeGreaterThan(0);
  expect(stdout.indexOf('failed')).toBeLessThan(stdout.indexOf('completed'));
});

test('rejects shows records in error with the reason, and --retry reads only them again', async () => {
  const { run, supplier } = await commandLine();
  expect((await run('rejects')).stdout).toContain('no record in error');
  await run('products');
  const before = supplier.stats().byCall['product_detail'];
  expect(await run('rejects products --retry')).toMatchObject({ code: 0 });
  expect(supplier.stats().byCall['product_detail']).toBe(before);
});

test('no supplier found here ever fills a deployment: its own worker retries', async () => {
  const { run } = await commandLine();
  expect(await run('rejects --retry --target aws', { TABLE_NAME: 'a-deployment' })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('WORKER_FUNCTION_NAME is missing'),
  });
  expect(await run('check --target aws', { TABLE_NAME: 'a-deployment' })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("unknown option '--target'"),
  });
});

test('status tells the interval that is set, and the default where none is', async () => {
  const { run } = await commandLine();
  const { stdout } = await run('status --json', { SYNC_INTERVALS: 'products=45' });
  expect(JSON.parse(stdout)).toMatchObject({
    products: { min_interval_seconds: 45 * 60 },
    categories: { min_interval_seconds: 120 * 60 },
  });
});
