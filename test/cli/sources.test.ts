import { expect, onTestFinished, test } from 'vitest';
import { startDemoSupplier } from '../../local/demo-supplier/server.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import { commandsWith } from '../support/command-line.ts';
import { localSettings } from '../support/local-service.ts';

/** Commands against two suppliers of which the second, drinks, may misbehave. */
async function commandLine() {
  const clock = createSystemClock();
  const main = await startDemoSupplier({ port: 0, clock, products: 40 });
  const drinks = await startDemoSupplier({ port: 0, clock, products: 25, seed: 2 });
  onTestFinished(() => main.stop());
  onTestFinished(() => drinks.stop());
  const environment = {
    ...(await localSettings(main)),
    B2B_SOURCES: 'drinks',
    B2B_API_URL_DRINKS: drinks.url,
    B2B_API_KEY_DRINKS: drinks.key,
  };
  return { main, drinks, run: commandsWith(environment) };
}

test('a command is about every source, or about the one that --source names', async () => {
  const { run } = await commandLine();
  const both = await run('products');
  expect(both.code).toBe(0);
  expect(both.stdout).toContain('Synced products: 40 records');
  expect(both.stdout).toContain('Synced products of drinks: 25 records');
  expect(both.stderr).toMatch(/drinks\/products: 25 of 25/);
  const one = await run('products --source drinks --json');
  expect(Object.keys(JSON.parse(one.stdout))).toEqual(['drinks/products']);
  const runs = await run('runs products --json');
  expect(JSON.parse(runs.stdout)).toMatchObject({
    products: [{ trigger: 'cli' }],
    'drinks/products': [{ trigger: 'cli' }, { trigger: 'cli' }],
  });
  const status = await run('status');
  expect(status.stdout).toMatch(/^products: fresh\n +stored +40/m);
  expect(status.stdout).toMatch(/^drinks\/products: fresh\n +stored +25/m);
  expect((await run('rejects --source main')).stdout).not.toContain('drinks');
  const dry = await run('products --dry-run --source drinks');
  expect(dry.stdout).toContain('Dry run of products of drinks, nothing was written');
});

test('an unknown source is wrong usage, with those that there are', async () => {
  const { run } = await commandLine();
  expect(await run('products --source fish')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('There is no source fish: it is one of main, drinks'),
  });
  expect(await run('status', { B2B_SOURCES: 'Fish!' })).toMatchObject({ code: 2 });
});

test('one source that fails fails the command, and no other source', async () => {
  const { run } = await commandLine();
  const { code, stdout } = await run('products', { B2B_API_KEY_DRINKS: 'wrong' });
  expect(code).toBe(1);
  expect(stdout).toContain('Synced products: 40 records');
  const check = await run('check --json', { B2B_API_KEY_DRINKS: 'wrong' });
  expect(check.code).toBe(1);
  expect(JSON.parse(check.stdout)).toMatchObject({
    main: { findings: [{ ok: true }, { ok: true }] },
    drinks: { findings: [{ ok: false }, { ok: false }] },
  });
});

test('beside a real supplier no demo is started for one that lacks its address', async () => {
  const { run } = await commandLine();
  expect(await run('products', { B2B_API_URL_DRINKS: '' })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("B2B_API_URL_DRINKS is missing: it is the supplier's base URL"),
  });
});

test('deletions that one source holds back are decided on there', async () => {
  const { run, drinks } = await commandLine();
  await run('products');
  drinks.change({ changed: 0, added: 0, removed: 20 });
  await run('products --source drinks');
  await run('products --source drinks');
  const status = await run('status');
  const runId = /held approve\|discard (\w+)/.exec(status.stdout)?.[1] ?? '';
  expect(status.stdout).toMatch(/^products: fresh/m);
  const answer = await run(`held approve ${runId}`);
  expect(answer.stdout).toMatch(/^Removed \d+ products of drinks\.$/m);
  expect((await run('status')).stdout).toMatch(/^products: fresh\n +stored +40/m);
});
