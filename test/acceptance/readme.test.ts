import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../../local/free-port.ts';
import { startProgram } from '../support/child.ts';
import { testFolder } from '../support/local-service.ts';

const ROOT = join(import.meta.dirname, '../..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const examples = [...readme.matchAll(/```console\n\$ (.+)\n([^`]*)```/g)].map(
  ([, command = '', printed = '']) => ({ command, printed }),
);

/** Times, ages, cursors and paces are each reader's own; so is how often progress is printed. */
const comparable = (text: string) =>
  text
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+/g, '<time>')
    .replaceAll(/"age_seconds":\d+/g, '"age_seconds":0')
    .replaceAll(/cursor=\w+/g, 'cursor=')
    .split('\n')
    .filter((line) => !/^\w+: [\d,]+/.test(line))
    .join('\n')
    .trim();

test('every example of the README answers as printed', async () => {
  expect(examples.length).toBeGreaterThanOrEqual(8);
  const ports = { '3000': await freePort(), '4010': await freePort(), '8000': await freePort() };
  const moved = (text: string) =>
    text.replaceAll(/(?<=localhost:|127\.0\.0\.1:)(3000|4010|8000)/g, (port) =>
      String(ports[port === '3000' ? '3000' : port === '4010' ? '4010' : '8000']),
    );
  const environment = {
    PORT: String(ports['3000']),
    SUPPLIER_PORT: String(ports['4010']),
    DYNAMODB_PORT: String(ports['8000']),
    LOCAL_DIR: testFolder(),
    B2B_API_URL: '',
    B2B_API_KEY: '',
    NODE_NO_WARNINGS: '1',
  };
  const service = startProgram(['local/start.ts'], environment);
  await service.until('Ctrl-C stops everything');
  for (const { command, printed } of examples) {
    const printedNow = await printedBy(moved(command), environment);
    expect(comparable(printedNow), command).toBe(comparable(moved(printed)));
  }
  service.process.kill('SIGINT');
  expect(await service.ended).toBe(0);
}, 90_000);

/** What a shell prints of a command, whatever its exit code. */
async function printedBy(
  command: string,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const shell = spawn('bash', ['-c', command], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let printed = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  await once(shell, 'close');
  return printed;
}
