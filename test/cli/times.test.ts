import { expect, onTestFinished, test } from 'vitest';
import { commandsWith } from '../support/command-line.ts';
import { localSettings } from '../support/local-service.ts';
import { startSupplier, SUPPLIER_KEY } from '../support/supplier.ts';

const TIME = /\d{4}-\d{2}-\d{2} \d{2}:\d{2}(?::\d{2})?(?: UTC)*/g;
const WITH_ZONE = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} UTC$/;

test('every time that a command prints says that it is UTC, and says it once', async () => {
  const supplier = await startSupplier({ products: [{ id: 1, name: 'Riz' }, { id: 2 }] });
  onTestFinished(() => supplier.stop());
  const run = commandsWith(await localSettings({ url: supplier.url, key: SUPPLIER_KEY }));
  await run('products');
  await run('token create --scope read');
  for (const line of ['status', 'runs', 'rejects', 'token list', 'token create --scope read']) {
    const { stdout, stderr } = await run(line);
    const times = `${stdout}${stderr}`.match(TIME) ?? [];
    expect(times.length, line).toBeGreaterThan(0);
    for (const time of times) expect(time, line).toMatch(WITH_ZONE);
  }
});

test('one of a thing is told in the singular', async () => {
  const supplier = await startSupplier({ products: [{ id: 1, name: 'Riz' }, { id: 2 }] });
  onTestFinished(() => supplier.stop());
  const run = commandsWith(await localSettings({ url: supplier.url, key: SUPPLIER_KEY }));
  await run('products');
  expect((await run('rejects products')).stdout).toMatch(/, 1 attempt\)/);
  await run('rejects products --retry');
  expect((await run('rejects products')).stdout).toMatch(/, 2 attempts\)/);
});
