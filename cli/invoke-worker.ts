import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { workerAnswer } from '../shared/contract/run-answer.ts';
import type { DryRunResult } from '../shared/core/dry-run.ts';
import type { SyncResult } from '../shared/core/run-sync.ts';
import { catalogName, orderedOf } from '../shared/core/source-names.ts';
import { parseEnvironment } from '../shared/environment.ts';
import { awsHelp } from './aws-help.ts';
import { refOf, type SourceResource } from '../local/local-sync.ts';
import type { Terminal } from './terminal.ts';

const awsEnvironment = z.object({ WORKER_FUNCTION_NAME: z.string().min(1) });

/** Lambda's own limit for one invocation, and a little for the way. */
const ANSWER_WITHIN_MS = 15 * 60_000 + 30_000;
const NEWS_EVERY_MS = 5_000;

/** What the worker is asked to do with a catalogue: its event, but for which one. */
type Asked =
  { readonly force: boolean; readonly dry_run: boolean } | { readonly action: 'retry_rejects' };

/** Has the deployed worker do this with each of these, in an invocation of its own, and waits for the
 *  answers.
 *  @throws ConfigurationError without WORKER_FUNCTION_NAME */
export async function invokeWorker(
  catalogs: readonly SourceResource[],
  asked: Asked,
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
      const event = { ...orderedOf(refOf(catalog)), ...asked };
      const answer = await invoke(client, WORKER_FUNCTION_NAME, event).catch(asFailed);
      return [catalogName(refOf(catalog)), answer];
    });
    return new Map(await Promise.all(invoked));
  } finally {
    clearInterval(news);
    client.destroy();
  }
}

/** What stops one never stops another. @throws what is wrong with the caller's own settings */
function asFailed(error: unknown): SyncResult {
  if (awsHelp(error) !== null || !(error instanceof Error)) throw error;
  const message = `The worker gave no answer: ${error.message}. What it began goes on by itself; see the status.`;
  return { success: false, decision: 'cooling', message, run_id: null, stats: null };
}

async function invoke(
  client: LambdaClient,
  FunctionName: string,
  event: object,
): Promise<SyncResult | DryRunResult> {
  const Payload = JSON.stringify(event);
  const answer = await client.send(new InvokeCommand({ FunctionName, Payload }));
  const text = answer.Payload?.transformToString() ?? '';
  if (answer.FunctionError !== undefined) throw new Error(`it failed with ${text.slice(0, 500)}`);
  return workerAnswer.parse(JSON.parse(text));
}
