import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createReadServices } from '../functions/runtime.ts';
import { createJsonLog } from '../shared/adapters/json-log.ts';
import { createSystemClock } from '../shared/adapters/system-clock.ts';
import { functionDeclarations, WORKER_NAME } from '../shared/deployment.ts';
import { parseEnvironment, readerEnvironment } from '../shared/environment.ts';
import { LOCAL_TABLE, openLocalCatalog } from './catalog.ts';
import { loadHandlers } from './handlers.ts';
import { startHttpFront } from './http-front.ts';
import { createProgress, type ProgressStream } from './progress.ts';
import { startSchedules } from './schedules.ts';
import { parseLocalSettings } from './settings.ts';
import { openSupplier } from './supplier.ts';
import { createLocalWorker, type LocalWorker } from './worker.ts';

export interface LocalRun {
  /** The API's address. */
  readonly url: string;
  readonly supplierUrl: string;
  readonly isDemo: boolean;
  readonly endpoint: string;
  readonly directory: string;
  readonly worker: LocalWorker;
  say(line: string): void;
  /** Ends everything it started; a run in progress stays to be resumed. */
  stop(): Promise<void>;
}

/**
 * Starts the whole service on this machine: DynamoDB, the supplier (unless a real one is configured),
 * the real handlers behind HTTP, the schedules. What started ends again when a later part can't start.
 * @throws ConfigurationError saying what is wrong and the way out.
 */
export async function startLocalRun(
  environment: Readonly<Record<string, string | undefined>>,
  stream: ProgressStream,
): Promise<LocalRun> {
  await using started = new AsyncDisposableStack();
  const settings = parseLocalSettings(environment);
  const clock = createSystemClock();
  const supplier = await openSupplier(environment, settings, clock, { join: false });
  started.defer(() => supplier.stop());
  mkdirSync(settings.LOCAL_DIR, { recursive: true });
  const logFile = createWriteStream(join(settings.LOCAL_DIR, 'local.log'), { flags: 'a' });
  started.defer(() => new Promise((resolve) => logFile.end(() => resolve())));
  const log = createJsonLog({
    write: (line) => void logFile.write(`${line}\n`),
    nowMs: () => clock.nowMs(),
    redact: supplier.redact,
  });
  const catalog = await openLocalCatalog(settings, { clock, log }, { join: false });
  started.defer(() => catalog.stop());
  const progress = createProgress(stream, clock);
  started.defer(() => progress.stop());
  const worker = createLocalWorker({ ...catalog, supplier, clock, log }, progress);
  started.defer(() => worker.stop());
  const variables = parseEnvironment(readerEnvironment, {
    TABLE_NAME: LOCAL_TABLE,
    DYNAMODB_ENDPOINT: catalog.endpoint,
    WORKER_FUNCTION_NAME: WORKER_NAME,
    PUBLIC_READS: 'true',
    SYNC_INTERVALS: environment['SYNC_INTERVALS'],
  });
  const services = { ...createReadServices(variables, { starter: worker }), log };
  const handlers = await loadHandlers(functionDeclarations, services);
  const front = await startHttpFront({ port: settings.PORT, handlers, clock, log });
  started.defer(() => front.stop());
  const schedules = startSchedules({ clock, log, invoke: (payload) => worker.invoke(payload) });
  started.defer(() => schedules.stop());
  const parts = started.move();
  return {
    url: front.url,
    supplierUrl: supplier.url,
    isDemo: supplier.isDemo,
    endpoint: catalog.endpoint,
    directory: settings.LOCAL_DIR,
    worker,
    say: progress.say,
    stop: () => parts.disposeAsync(),
  };
}
