import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { NO_STATS, type RunStats } from '../shared/core/control.ts';
import type { DryRunResult } from '../shared/core/dry-run.ts';
import type { SyncResult } from '../shared/core/run-sync.ts';
import { catalogName, orderedOf } from '../shared/core/source-names.ts';
import { parseEnvironment } from '../shared/environment.ts';
import { refOf, type SourceResource } from '../local/local-sync.ts';
import type { Terminal } from './terminal.ts';

const awsEnvironment = z.object({ WORKER_FUNCTION_NAME: z.string().min(1) });

const counts = Object.fromEntries(Object.keys(NO_STATS).map((name) => [name, z.number()]));
const stats = z.object(counts).transform((given): RunStats => ({ ...NO_STATS, ...given }));
const result = z.object({
  success: z.boolean(),
  decision: z.enum([
    'started',
    'running',
    'fresh',
    'cooling',
    'forbidden',
    'no_credential',
    'held',
  ]),
  message: z.string(),
  run_id: z.string().nullable(),
  stats: stats.nullable(),
});
const titled = z.object({ id: z.string(), title: z.string() });
const dryResult = result.extend({
  planned: z.object({
    created: z.array(titled),
    updated: z.array(
      titled.extend({
        changes: z.record(z.string(), z.object({ from: z.json(), to: z.json() })),
      }),
    ),
    removed: z.array(titled),
    held: z.array(z.string()),
    in_error: z.array(z.object({ id: z.string(), reason: z.string() })),
  }),
});

/** Lambda's own limit for one invocation, and a little for the way. */
const ANSWER_WITHIN_MS = 15 * 60_000 + 30_000;
const NEWS_EVERY_MS = 5_000;

/** Has the deployed worker sync each of these, in an invocation of its own, and waits for the answers.
 *  @throws ConfigurationError without WORKER_FUNCTION_NAME */
export async function invokeWorker(
  catalogs: readonly SourceResource[],
  { force, dryRun }: { readonly force: boolean; readonly dryRun: boolean },
  { environment, stderr }: Terminal,
): Promise<ReadonlyMap<string, SyncResult | DryRunResult>> {
  const { WORKER_FUNCTION_NAME } = parseEnvironment(awsEnvironment, environment);
  const requestHandler = { requestTimeout: ANSWER_WITHIN_MS, throwOnRequestTimeout: true };
  const client = new LambdaClient({ maxAttempts: 1, requestHandler });
  const startedAt = performance.now();
  const news = setInterval(() => {
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    stderr.write(`${WORKER_FUNCTION_NAME} has been at work for ${seconds} s\n`);
  }, NEWS_EVERY_MS);
  try {
    const invoked = catalogs.map(async (catalog): Promise<[string, SyncResult | DryRunResult]> => {
      const event = { ...orderedOf(refOf(catalog)), force, dry_run: dryRun };
      const answer = await invoke(client, WORKER_FUNCTION_NAME, event);
      return [catalogName(refOf(catalog)), answer];
    });
    return new Map(await Promise.all(invoked));
  } finally {
    clearInterval(news);
    client.destroy();
  }
}

async function invoke(
  client: LambdaClient,
  FunctionName: string,
  event: object,
): Promise<SyncResult | DryRunResult> {
  const Payload = JSON.stringify(event);
  const answer = await client.send(new InvokeCommand({ FunctionName, Payload }));
  const text = answer.Payload?.transformToString() ?? '';
  if (answer.FunctionError !== undefined)
    throw new Error(`The worker failed: ${text.slice(0, 500)}`);
  return z.union([dryResult, result]).parse(JSON.parse(text));
}
