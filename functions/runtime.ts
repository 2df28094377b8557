import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod';
import { createClient } from '../shared/adapters/dynamodb/client.ts';
import { createDynamoDBReader } from '../shared/adapters/dynamodb/reader.ts';
import { createEmfMetrics } from '../shared/adapters/emf-metrics.ts';
import { createJsonLog } from '../shared/adapters/json-log.ts';
import { createLambdaStarter } from '../shared/adapters/lambda-starter.ts';
import { withPointerCache } from '../shared/adapters/pointer-cache.ts';
import { createSystemClock } from '../shared/adapters/system-clock.ts';
import type { Metrics } from '../shared/core/metrics.ts';
import type { Clock, Log, WorkerStarter } from '../shared/core/ports.ts';
import { watchedGate } from '../shared/core/watched.ts';
import { pageEnvironment, parseEnvironment, readerEnvironment } from '../shared/environment.ts';
import { intervalsOf, parseSource } from '../shared/source-settings.ts';
import { lazily, type AssetServices, type ReadServices } from './services.ts';

/** This function's environment, against its contract.
 *  @throws ConfigurationError naming each wrong setting */
export function environmentOf<Contract extends z.ZodType>(contract: Contract): z.output<Contract> {
  return parseEnvironment(contract, process.env);
}

/** As `environmentOf`, of one source's own settings. @throws ConfigurationError */
export function environmentOfSource<Contract extends z.ZodType>(
  contract: Contract,
  source: string,
): z.output<Contract> {
  return parseSource(contract, process.env, source);
}

/** One JSON object a line on standard output, which Lambda carries to the logs. */
export function createLog(clock: Clock, redact: (text: string) => string): Log {
  return createJsonLog({
    write: (line) => process.stdout.write(`${line}\n`),
    nowMs: () => clock.nowMs(),
    redact,
  });
}

/** Metrics as lines beside the log's; null where the deployment has no name to keep them under. */
export function createMetrics(clock: Clock, deployment: string | undefined): Metrics | null {
  if (deployment === undefined) return null;
  return createEmfMetrics({
    write: (line) => process.stdout.write(`${line}\n`),
    nowMs: () => clock.nowMs(),
    deployment,
  });
}

/**
 * The services of the reading functions. They never hold the supplier's key, so their log has nothing
 * to redact. The local run gives a starter of its own, and where each source's settings are.
 */
export function createReadServices(
  environment: z.output<typeof readerEnvironment>,
  {
    starter,
    variables = process.env,
  }: {
    readonly starter?: WorkerStarter;
    readonly variables?: Readonly<Record<string, string | undefined>>;
  } = {},
): ReadServices {
  const { TABLE_NAME, DYNAMODB_ENDPOINT, WORKER_FUNCTION_NAME } = environment;
  const intervalOf = intervalsOf(variables);
  const clock = createSystemClock();
  const client = createClient({ endpoint: DYNAMODB_ENDPOINT, purpose: 'read' });
  const checkMs = environment.POINTER_CHECK_SECONDS * 1000;
  const live = createDynamoDBReader(client, TABLE_NAME);
  const reader = withPointerCache(live, { clock, checkMs });
  const metrics = createMetrics(clock, environment.DEPLOYMENT);
  return {
    reader,
    live,
    gate: metrics === null ? reader : watchedGate(reader, metrics),
    starter: starter ?? createLambdaStarter(WORKER_FUNCTION_NAME),
    clock,
    log: createLog(clock, (text) => text),
    sources: environment.B2B_SOURCES,
    intervalMsOf: ({ name, intervalMs }, source) => intervalOf(name, source) ?? intervalMs,
    publicReads: environment.PUBLIC_READS,
    imageHosts: environment.IMAGE_HOSTS,
  };
}

/** The services of this reading function, built at the first call. */
export const readServices = /* @__PURE__ */ lazily(() =>
  createReadServices(environmentOf(readerEnvironment)),
);

/** The services of the function that serves the pages' own files, which lie beside its code. */
export const assetServices = /* @__PURE__ */ lazily((): AssetServices => {
  const folder = process.env['LAMBDA_TASK_ROOT'] ?? '.';
  const text = (name: string) => readFileSync(join(folder, name), 'utf8');
  const files = {
    stylesheet: text('style.css'),
    staffScript: text('staff.js'),
    shopScript: text('shop.js'),
  };
  const log = createLog(createSystemClock(), (line) => line);
  const { IMAGE_HOSTS: imageHosts } = environmentOf(pageEnvironment);
  return { log, publicReads: true, imageHosts, assets: () => files };
});
