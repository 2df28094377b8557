import { fixedCredentials } from '../shared/adapters/credentials.ts';
import { createRedactor } from '../shared/adapters/redaction.ts';
import { ConfigurationError } from '../shared/core/errors.ts';
import type { CatalogSource, Clock, Log } from '../shared/core/ports.ts';
import { MAIN_SOURCE } from '../shared/core/source-names.ts';
import { localEnvironment } from '../shared/environment.ts';
import { parseSource, sourcesOf, variableOf } from '../shared/source-settings.ts';
import { checkpointConfiguration, createSource } from '../shared/supplier.ts';
import { API_PATH } from './demo-supplier/api.ts';
import { DEMO_KEY, startDemoSupplier } from './demo-supplier/server.ts';
import { databaseIn } from './catalog.ts';
import { isServed } from './engine-note.ts';
import { freePort, isPortFree } from './free-port.ts';
import { LOOPBACK } from './listen.ts';
import type { LocalSettings } from './settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The supplier of one source, as a local run reads it: a real one by `B2B_API_URL`, else the demo. */
export interface LocalSupplier {
  readonly url: string;
  readonly isDemo: boolean;
  readonly intervals: ReadonlyMap<string, number>;
  /** Fingerprint of what a checkpoint depends on. */
  readonly configuration: string;
  /** Hides the key in whatever is printed. */
  redact(text: string): string;
  /** One run's source; `sharedBy` runs use the supplier at once. */
  source(parts: { readonly clock: Clock; readonly log: Log }, sharedBy: number): CatalogSource;
  stop(): Promise<void>;
}

/** The supplier of each source by its name, the main one first. */
export type LocalSuppliers = ReadonlyMap<string, LocalSupplier>;

/** Hides the keys of all of them in whatever is printed. */
export const redactedBy =
  (suppliers: LocalSuppliers) =>
  (text: string): string =>
    [...suppliers.values()].reduce((clean, { redact }) => redact(clean), text);

export async function stopSuppliers(suppliers: LocalSuppliers): Promise<void> {
  await Promise.all([...suppliers.values()].map((supplier) => supplier.stop()));
}

/**
 * Finds the suppliers in the environment. Without `B2B_API_URL`, starts a demo supplier for it and for
 * each other source without an address, or uses those that an `npm start` in progress has started.
 * Beside a real supplier no demo is started: their records would be mixed.
 * @throws ConfigurationError naming each wrong setting, or the port in use.
 */
export async function openSuppliers(
  environment: Environment,
  local: LocalSettings,
  clock: Clock,
  { join, only }: { readonly join: boolean; readonly only?: readonly string[] },
): Promise<LocalSuppliers> {
  const suppliers = new Map<string, LocalSupplier>();
  try {
    for (const [place, source] of sourcesOf(environment).entries()) {
      if (only !== undefined && !only.includes(source)) continue;
      suppliers.set(source, await openSupplier({ source, place }, environment, local, clock, join));
    }
  } catch (error) {
    await stopSuppliers(suppliers);
    throw error;
  }
  return suppliers;
}

/** A source, and which one it is in the order of the configuration. */
interface Placed {
  readonly source: string;
  readonly place: number;
}

async function openSupplier(
  placed: Placed,
  environment: Environment,
  local: LocalSettings,
  clock: Clock,
  join: boolean,
): Promise<LocalSupplier> {
  const { source } = placed;
  const url = variableOf('B2B_API_URL', source);
  const isDemo = !environment[url] && (source === MAIN_SOURCE || !environment['B2B_API_URL']);
  // Before any server listens: one that a wrong setting left behind would keep the program from its end.
  const settingsAt = (port: number) => {
    const given = isDemo
      ? { ...environment, ...demoSettings(source, environment, port) }
      : environment;
    return parseSource(localEnvironment, given, source);
  };
  const usual = isDemo ? demoPort(placed, local) : 0;
  const configured = settingsAt(usual);
  const { port, stop } = isDemo
    ? await openDemo(placed, local, clock, join)
    : { port: usual, stop: noDemo };
  const settings = port === usual ? configured : settingsAt(port);
  const redactor = createRedactor(isDemo ? [] : [settings.B2B_API_KEY]);
  const redact = (text: string): string => redactor.redact(text);
  // As it is sent: without what stands around it in the setting.
  const remember = isDemo ? undefined : redactor.remember;
  const credentials = fixedCredentials(settings.B2B_API_KEY, remember);
  return {
    url: settings.B2B_API_URL,
    isDemo,
    intervals: settings.SYNC_INTERVALS,
    configuration: checkpointConfiguration(settings),
    redact,
    source: (parts, sharedBy) =>
      createSource(settings, { ...parts, credentials, redact }, { sharedBy }),
    stop,
  };
}

/** Products of the second demo supplier, and of those after it. */
const FEWER_PRODUCTS = 300;

/** Each on a port of its own. */
function demoPort({ place }: Placed, { SUPPLIER_PORT }: LocalSettings): number {
  const port = SUPPLIER_PORT + place;
  if (port <= MOST_PORT) return port;
  throw new ConfigurationError(
    `SUPPLIER_PORT leaves no port for each demo supplier: set it to ${MOST_PORT - place} at most, for example SUPPLIER_PORT=4010.`,
  );
}

const MOST_PORT = 65_535;

/** What leads to the demo supplier, as the environment of a real one does. */
function demoSettings(source: string, environment: Environment, port: number): Environment {
  const keyName = variableOf('B2B_API_KEY', source);
  return {
    [variableOf('B2B_API_URL', source)]: `http://${LOOPBACK}:${port}${API_PATH}`,
    // A key of one's own shows what a wrong one does.
    [keyName]: environment[keyName] || DEMO_KEY,
  };
}

/** Starts it, or joins that of an `npm start`. Beside another command, whose own ends with it, it takes a
 *  port of its own. Each has other wares under the same ids, as suppliers have. */
async function openDemo(
  placed: Placed,
  local: LocalSettings,
  clock: Clock,
  join: boolean,
): Promise<{ readonly port: number; readonly stop: LocalSupplier['stop'] }> {
  const { place } = placed;
  const usual = demoPort(placed, local);
  const wares = place > 0 && { seed: place + 1, products: FEWER_PRODUCTS };
  const startAt = async (port: number) => {
    const demo = await startDemoSupplier({ port, clock, ...wares });
    return { port, stop: () => demo.stop() };
  };
  if (!join) return startAt(usual);
  if (await isPortFree(usual)) return startAt(usual).catch(async () => startAt(await freePort()));
  if (isServed(databaseIn(local.LOCAL_DIR))) return { port: usual, stop: noDemo };
  return startAt(await freePort());
}

const noDemo = (): Promise<void> => Promise.resolve();
