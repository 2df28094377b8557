import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { useLaboratory, type Laboratory } from '../faults/laboratory.ts';
import { listening } from '../support/listening.ts';
import { localSettings } from '../support/local-service.ts';
import { aCategory, products } from '../support/supplier.ts';

const ROOT = join(import.meta.dirname, '../..');
const KEY = 'sk-documents-3f1b9c77e2';
const open = useLaboratory();

/** Commands that need an account, or only set what this test sets. */
const NOT_RUN = [/^(?:AWS_\w+=\S+ )?aws /, /^npx cdk /, /^curl /, /^git pull$/, /^export /];
/** Commands that are run as they stand by `.ci/run`, client-example.test.ts, synth.test.ts and
 *  start.test.ts. */
const RUN_ELSEWHERE = [
  /^npm (?:ci|test|run check)\b/,
  /^npm run \w+ --workspace /,
  /^npm run synth$/,
  /^B2B_SOURCES=drinks npm start$/,
];

interface Line {
  readonly page: string;
  readonly words: string;
}

/** Every command line of the pages' `sh` blocks, in order; `console` blocks are the README test's. */
function commandLines(): Line[] {
  const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT, exclude: ['**/node_modules'] });
  return pages.toSorted().flatMap((page) => {
    const blocks = readFileSync(join(ROOT, page), 'utf8').matchAll(/```sh\n([\s\S]*?)```/g);
    const lines = [...blocks].flatMap(([, block = '']) =>
      block.replaceAll('\\\n', ' ').split('\n'),
    );
    return lines.map((line) => ({ page, words: line.replace(/ +#.*$/, '').trim() }));
  });
}

const isHere = ({ words }: Line): boolean =>
  words !== '' && ![...NOT_RUN, ...RUN_ELSEWHERE].some((pattern) => pattern.test(words));

test('every command of the documents that can run without an account does run, in order', async () => {
  const lab = await open({ products: products(1, 40), categories: [aCategory(1)], key: KEY });
  const environment = await environmentFor(lab);
  const ran: string[] = [];
  for (const { page, words } of commandLines().filter(isHere)) {
    const script = words
      .replace(/https:\/\/(?:supplier|fournisseur)\.example\/api\/v1/, lab.supplier.url)
      .replace(/<key>|…/, KEY)
      .replace('<run_id>', words.includes('<run_id>') ? await heldRun(lab) : '');
    const cwd = /supplier-key|session-secret/.test(words) ? environment.LOCAL_DIR : ROOT;
    // The documents say to export it before such a command.
    const sources = words.includes('--source ') ? { B2B_SOURCES: 'drinks' } : {};
    const { code, printed } = await shell(script, { cwd, env: { ...environment, ...sources } });
    const expected: number[] = words.includes('--auto')
      ? [EXIT.done, EXIT.nothingDue]
      : [EXIT.done];
    expect(expected, `${page}: ${words}\n${printed}`).toContain(code);
    ran.push(words);
  }
  expect(ran.length).toBeGreaterThan(15);
}, 180_000);

/** What the documents tell their reader to have set, led to this machine. */
async function environmentFor(lab: Laboratory) {
  return {
    ...(await localSettings(lab.supplier)),
    TABLE_NAME: lab.tableName,
    WORKER_FUNCTION_NAME: 'worker',
    AWS_ENDPOINT_URL_DYNAMODB: lab.endpoint,
    AWS_ENDPOINT_URL_LAMBDA: await workerAsLambda(lab),
    AWS_REGION: 'eu-west-3',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
}

/** Lambda's Invoke in front of the real worker function. */
async function workerAsLambda(lab: Laboratory): Promise<string> {
  const answer = async (body: Readable): Promise<string> => {
    const event: unknown = JSON.parse(await text(body));
    return JSON.stringify(await lab.worker().send(event));
  };
  const server = createServer((request, response) => {
    answer(request).then(
      (json) => response.end(json),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${await listening(server)}`;
}

/** Half of the catalogue goes: answers the run that held the deletions back. */
async function heldRun(lab: Laboratory): Promise<string> {
  const all = lab.supplier.products;
  await lab.worker().sync();
  lab.supplier.products = all.slice(0, all.length / 2);
  const { run_id: runId } = await lab.worker().sync();
  lab.supplier.products = all;
  return String(runId);
}

async function shell(
  script: string,
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<{ readonly code: number | null; readonly printed: string }> {
  const child = spawn('bash', ['-c', script], { cwd, env: { ...process.env, ...env } });
  const printed = Promise.all([text(child.stdout), text(child.stderr)]);
  await once(child, 'close');
  return { code: child.exitCode, printed: (await printed).join('\n') };
}
