import { fixedCredentials } from '../shared/adapters/credentials.ts';
import { createRedactor } from '../shared/adapters/redaction.ts';
import type { CatalogSource, Clock, Log } from '../shared/core/ports.ts';
import { localEnvironment, parseEnvironment } from '../shared/environment.ts';
import { checkpointConfiguration, createSource } from '../shared/supplier.ts';
import { API_PATH } from './demo-supplier/api.ts';
import { DEMO_KEY, startDemoSupplier } from './demo-supplier/server.ts';
import { isPortFree } from './free-port.ts';
import { LOOPBACK } from './listen.ts';
import type { LocalSettings } from './settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The supplier that a local run reads: a real one by `B2B_API_URL`, else the demo. */
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

/**
 * Finds the supplier in the environment; without `B2B_API_URL`, starts the demo supplier, or uses the
 * one that an `npm start` in progress has started.
 * @throws ConfigurationError naming each wrong setting, or the port in use.
 */
export async function openSupplier(
  environment: Environment,
  local: LocalSettings,
  clock: Clock,
  { join }: { readonly join: boolean },
): Promise<LocalSupplier> {
  const isDemo = !environment['B2B_API_URL'];
  const demo = isDemo ? await openDemo(environment, local, clock, join) : null;
  const given = demo === null ? environment : { ...environment, ...demo.settings };
  const settings = parseEnvironment(localEnvironment, given);
  const redactor = createRedactor(isDemo ? [] : [settings.B2B_API_KEY]);
  const redact = (text: string): string => redactor.redact(text);
  const credentials = fixedCredentials(settings.B2B_API_KEY);
  return {
    url: settings.B2B_API_URL,
    isDemo,
    intervals: settings.SYNC_INTERVALS,
    configuration: checkpointConfiguration(settings),
    redact,
    source: (parts, sharedBy) =>
      createSource(settings, { ...parts, credentials, redact }, { sharedBy }),
    stop: async () => demo?.stop(),
  };
}

async function openDemo(
  environment: Environment,
  { SUPPLIER_PORT: port }: LocalSettings,
  clock: Clock,
  join: boolean,
): Promise<{ readonly settings: Environment; stop(): Promise<void> }> {
  // A key of one's own shows what a wrong one does.
  const key = environment['B2B_API_KEY'] || DEMO_KEY;
  const settings = { B2B_API_URL: `http://${LOOPBACK}:${port}${API_PATH}`, B2B_API_KEY: key };
  if (join && !(await isPortFree(port))) return { settings, stop: () => Promise.resolve() };
  const demo = await startDemoSupplier({ port, clock });
  return { settings, stop: () => demo.stop() };
}
