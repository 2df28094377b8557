import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { rejects, runs } from '../../shared/contract/answers.ts';
import { commandLine, commandsWith } from '../support/command-line.ts';
import { localSettings } from '../support/local-service.ts';
import { startSupplier, SUPPLIER_KEY } from '../support/supplier.ts';
import { staffService } from '../support/staff-service.ts';

/** A supplier with one good product and one without a name. */
async function withABadRecord() {
  const supplier = await startSupplier({ products: [{ id: 1, name: 'Riz' }, { id: 2 }] });
  onTestFinished(() => supplier.stop());
  return commandsWith(await localSettings({ url: supplier.url, key: SUPPLIER_KEY }));
}

test('runs and records in error are answered as JSON in the form that the contract describes', async () => {
  const run = await withABadRecord();
  await run('all');
  for (const [line, form] of [
    ['runs', runs],
    ['rejects', rejects],
  ] as const) {
    const answer: unknown = JSON.parse((await run(`${line} --json`)).stdout);
    expect(form.safeParse(answer).error, line).toBeUndefined();
  }
});

test('HTTP and the command line list the same runs and records in error alike', async () => {
  const { run: service, ask, as } = await staffService([{ id: 1, name: 'Riz' }, { id: 2 }]);
  await service.worker.invoke({ resource: 'all' });
  const admin = await as('admin');
  const { port } = new URL(service.endpoint);
  const run = commandsWith({ LOCAL_DIR: service.directory, DYNAMODB_PORT: port });
  for (const line of ['runs', 'rejects']) {
    const here: unknown = JSON.parse((await run(`${line} --json`)).stdout);
    expect(here, line).toEqual((await ask(`/inventory/api/${line}/`, admin)).json);
  }
});

test('a token is shown and listed with its times in ISO 8601', async () => {
  const { run } = await commandLine();
  const kept = {
    id: z.string(),
    name: z.string(),
    scopes: z.array(z.string()),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime(),
  };
  const made = z
    .strictObject({ ...kept, token: z.string() })
    .parse(JSON.parse((await run('token create --scope read --json')).stdout));
  const { token: _secret, ...shown } = made;
  const listed = z.array(z.strictObject(kept));
  expect(listed.parse(JSON.parse((await run('token list --json')).stdout))).toEqual([shown]);
});
