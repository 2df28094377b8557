import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { bundleOf } from '../../infra/bundling.ts';
import { createTable } from '../../local/create-table.ts';
import { startEngine } from '../../local/engine.ts';
import { createClient } from '../../shared/adapters/dynamodb/client.ts';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb/reader.ts';
import type { CatalogReader } from '../../shared/core/ports.ts';
import { bundled } from '../support/bundled.ts';
import { bodyOf, REF, TABLE_NAME, type Edition } from './child-catalog.ts';

/** The real engine, in memory, and a reader of what children store in it. */
export interface Ground {
  readonly endpoint: string;
  readonly reader: CatalogReader;
  /** The program that each child runs. */
  readonly program: string;
  readonly stop: () => Promise<void>;
}

export async function newGround(): Promise<Ground> {
  const engine = await startEngine({ databasePath: null, port: 0, environment: {} });
  const client = createClient({ endpoint: engine.endpoint });
  await createTable(client, TABLE_NAME);
  const reader = createDynamoDBReader(client, TABLE_NAME);
  const { endpoint } = engine;
  const program = await bundledChild();
  const stop = async (): Promise<void> => {
    await engine.stop();
    await rm(dirname(program), { recursive: true });
  };
  return { endpoint, reader, program, stop };
}

const answer = z.object({
  decision: z.string(),
  success: z.boolean(),
  stats: z.record(z.string(), z.number()).nullable(),
  maxRssMb: z.number(),
});
export type ChildAnswer = z.infer<typeof answer>;

export interface SyncChild {
  readonly process: ChildProcess;
  /** Resolves when it begins to sync. */
  readonly ready: Promise<void>;
  /** What it answered; null when it was killed. */
  readonly ended: Promise<ChildAnswer | null>;
}

/** The child in one file, bundled as the worker is: it starts in a third of the time, and a thousand of them are started. */
async function bundledChild(): Promise<string> {
  const outfile = join(await mkdtemp(join(tmpdir(), 'torture-')), 'sync-child.cjs');
  const options = { ...bundleOf('worker'), minify: false };
  return bundled('test/torture/sync-child.ts', outfile, options);
}

export interface ChildOptions {
  /** How far its clock is ahead. */
  readonly aheadMs: number;
  readonly latencyMs?: number;
  /** Of Node. */
  readonly flags?: readonly string[];
}

/** Starts one sync in a process of its own. */
export function startSync(
  { endpoint, program }: Ground,
  { records, edition }: Edition,
  { aheadMs, latencyMs = 2, flags = [] }: ChildOptions,
): SyncChild {
  const words = { endpoint, records, edition, ahead: aheadMs, latency: latencyMs };
  const settings = Object.entries(words).map(([name, value]) => `--${name}=${value}`);
  const child = spawn(process.execPath, [...flags, program, ...settings], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  const begun = Promise.withResolvers<void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    if (printed.includes('ready')) begun.resolve();
  });
  const ended = once(child, 'close').then(() => {
    begun.resolve();
    const [, line] = printed.split('\n');
    return line === undefined || line === '' ? null : answer.parse(JSON.parse(line));
  });
  return { process: child, ready: begun.promise, ended };
}

/** What is wrong with what readers see, when it should be this edition, whole. */
export async function driftFrom({ reader }: Ground, wanted: Edition): Promise<string[]> {
  const { records } = await reader.snapshot(REF, await reader.control(REF));
  const stored = new Map(records.map(({ id, body }) => [id, JSON.stringify(body)]));
  const faults: string[] = [];
  for (let id = 1; id <= wanted.records; id += 1) {
    const body = JSON.stringify(bodyOf(id, wanted.edition));
    const found = stored.get(String(id)) ?? 'nothing';
    if (found !== body) faults.push(`record ${id} is ${found}, not ${body}`);
  }
  if (stored.size > wanted.records) faults.push(`${stored.size - wanted.records} phantom records`);
  return faults.slice(0, 5);
}
