import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { securityHeaders } from '../functions/http/security-headers.ts';
import { createReadServices } from '../functions/runtime.ts';
import { createJsonLog } from '../shared/adapters/json-log.ts';
import { sha256 } from '../shared/adapters/secrets.ts';
import { createSystemClock } from '../shared/adapters/system-clock.ts';
import {
  functionDeclarations,
  schedulesOf,
  type ScheduleDeclaration,
  STATUS_PAGE_PATH,
  WORKER_NAME,
} from '../shared/deployment.ts';
import { parseEnvironment, readerEnvironment } from '../shared/environment.ts';
import { bundledAssets } from './assets.ts';
import { LOCAL_TABLE, openLocalCatalog } from './catalog.ts';
import { openFolder } from './folder.ts';
import { loadHandlers } from './handlers.ts';
import { startHttpFront } from './http-front.ts';
import { localIdentity } from './identity.ts';
import { createLocalLogin, createOneTimeLinks, linkAddress } from './one-time-link.ts';
import { createProgress, type ProgressStream } from './progress.ts';
import { startSchedules } from './schedules.ts';
import { parseLocalSettings } from './settings.ts';
import { openSuppliers, redactedBy, stopSuppliers, type LocalSuppliers } from './supplier.ts';
import { createLocalWorker, type LocalWorker } from './worker.ts';

export interface LocalRun {
  /** The API's address. */
  readonly url: string;
  readonly suppliers: LocalSuppliers;
  readonly endpoint: string;
  readonly directory: string;
  readonly worker: LocalWorker;
  /** Where whoever started this signs in; a link is good once, and for ten minutes. */
  loginUrl(): string;
  say(line: string): void;
  /** Ends everything it started; a run in progress stays to be resumed. */
  stop(): Promise<void>;
}

/**
 * Starts the whole service on this machine: DynamoDB, the suppliers (unless real ones are configured),
 * the real handlers behind HTTP, the schedules. What started ends again when a later part can't start.
 * @param options.rules what fires; default: the rules of each supplier
 * @throws ConfigurationError saying what is wrong and the way out.
 */
export async function startLocalRun(
  environment: Readonly<Record<string, string | undefined>>,
  stream: ProgressStream,
  { rules }: { readonly rules?: readonly ScheduleDeclaration[] } = {},
): Promise<LocalRun> {
  await using started = new AsyncDisposableStack();
  const settings = parseLocalSettings(environment);
  const clock = createSystemClock();
  const suppliers = await openSuppliers(environment, settings, clock, { join: false });
  started.defer(() => stopSuppliers(suppliers));
  openFolder(settings.LOCAL_DIR);
  const progress = createProgress(stream, clock);
  started.defer(() => progress.stop());
  const logFile = createWriteStream(join(settings.LOCAL_DIR, 'local.log'), { flags: 'a' });
  // A full disk stops no service.
  logFile.on('error', (error) => progress.say(`The log can't be written: ${error.message}`));
  started.defer(() => new Promise((resolve) => logFile.end(() => resolve())));
  const log = createJsonLog({
    write: (line) => void logFile.write(`${line}\n`),
    nowMs: () => clock.nowMs(),
    redact: redactedBy(suppliers),
  });
  const catalog = await openLocalCatalog(
    settings,
    { clock, log },
    { join: false, isService: true },
  );
  started.defer(() => catalog.stop());
  const worker = createLocalWorker({ ...catalog, suppliers, clock, log }, progress);
  started.defer(() => worker.stop());
  const variables = parseEnvironment(readerEnvironment, {
    TABLE_NAME: LOCAL_TABLE,
    DYNAMODB_ENDPOINT: catalog.endpoint,
    WORKER_FUNCTION_NAME: WORKER_NAME,
    PUBLIC_READS: environment['PUBLIC_READS'] || 'true',
    SYNC_INTERVALS: environment['SYNC_INTERVALS'],
    B2B_SOURCES: environment['B2B_SOURCES'],
    IMAGE_HOSTS: environment['IMAGE_HOSTS'] || originsOf(suppliers),
  });
  const identity = localIdentity(environment, { ...catalog, clock, log });
  const assets = await bundledAssets();
  const services = {
    ...createReadServices(variables, { starter: worker, variables: environment }),
    ...identity.login,
    log,
    sha256,
    steering: catalog.steering,
    assets: () => assets,
  };
  const links = createOneTimeLinks(services);
  const origin = `http://localhost:${settings.PORT}`;
  const announce = (link: string) => progress.say(`Sign in     ${linkAddress(origin, link)}`);
  const handlers = new Map(await loadHandlers(functionDeclarations, services));
  if (!identity.hasIssuer) handlers.set('login', createLocalLogin(services, links, announce));
  const { authorizer } = identity;
  const headers = securityHeaders(services.imageHosts);
  const parts = { handlers, authorizer, clock, log, headers, publicReads: services.publicReads };
  const front = await startHttpFront({ port: settings.PORT, ...parts });
  started.defer(() => front.stop());
  const schedules = startSchedules({
    clock,
    log,
    declarations: rules ?? schedulesOf([...suppliers.keys()]),
    invoke: (payload) => worker.invoke(payload),
  });
  started.defer(() => schedules.stop());
  const owned = started.move();
  return {
    url: front.url,
    suppliers,
    endpoint: catalog.endpoint,
    directory: settings.LOCAL_DIR,
    worker,
    say: progress.say,
    loginUrl: () =>
      identity.hasIssuer ? `${origin}${STATUS_PAGE_PATH}/` : linkAddress(origin, links.make()),
    stop: () => owned.disposeAsync(),
  };
}

/** Where the suppliers' images are, as far as anybody knows. */
const originsOf = (suppliers: LocalSuppliers): string =>
  [...new Set([...suppliers.values()].map(({ url }) => new URL(url).origin))].join(',');
