import { expect, test } from 'vitest';
import { startProgram } from '../support/child.ts';
import { localSettings } from '../support/local-service.ts';

/** Far more than a program takes that has nothing to wait for. */
const ENDS_WITHIN_MS = 15_000;

/** What a command ends with; `still running` where it does not end in time. */
async function ended(line: string, change: Readonly<Record<string, string>>) {
  const demo = await localSettings({ url: '', key: '' });
  const program = startProgram(['cli/main.ts', ...line.split(' ')], { ...demo, ...change });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, ENDS_WITHIN_MS, 'still running');
  });
  const code = await Promise.race([program.ended, late]);
  clearTimeout(timer);
  return { code, said: program.output() };
}

test.each([
  ['products --auto', { B2B_PAGE_SIZE: '0' }, /B2B_PAGE_SIZE is malformed/],
  ['products --dry-run', { B2B_PAGE_SIZE: '0' }, /B2B_PAGE_SIZE is malformed/],
  ['check', { B2B_PAGE_SIZE: '0' }, /B2B_PAGE_SIZE is malformed/],
  ['check', { B2B_TIMEOUT_SECONDS: 'x' }, /B2B_TIMEOUT_SECONDS is malformed/],
  ['rejects --retry', { B2B_PAGE_SIZE: '0' }, /B2B_PAGE_SIZE is malformed/],
  ['status', { LOCAL_DIR: '/dev/null/x' }, /can't be used .*set LOCAL_DIR/],
  ['status', { DYNAMODB_ENDPOINT: 'foo' }, /DYNAMODB_ENDPOINT is malformed/],
  ['status', { DYNAMODB_ENDPOINT: 'localhost:15999' }, /DYNAMODB_ENDPOINT is malformed/],
  ['check', { B2B_API_URL: 'http://:secret@127.0.0.1:9/' }, /B2B_API_URL is malformed/],
  ['check', { SUPPLIER_PORT: '65535', B2B_SOURCES: 'drinks' }, /SUPPLIER_PORT leaves no port/],
] as const)('%s with %o says what is wrong and ends with 2 at once', async (line, change, told) => {
  const { code, said } = await ended(line, change);
  expect(said).toMatch(told);
  expect(code).toBe(2);
});

test('a reader that has read enough is no failure', async () => {
  const demo = await localSettings({ url: '', key: '' });
  const program = startProgram(['cli/main.ts', 'status'], demo);
  program.process.stdout?.destroy();
  expect(await program.ended).toBe(0);
  expect(program.output()).not.toContain('EPIPE');
});

test('progress that nobody reads stops no sync', async () => {
  const demo = await localSettings({ url: '', key: '' });
  const program = startProgram(['cli/main.ts', 'categories'], demo);
  program.process.stderr?.destroy();
  expect(await program.ended).toBe(0);
  expect(program.output()).toMatch(/Synced categories: \d+ records/);
});
