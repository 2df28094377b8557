import { createClient } from '../../shared/adapters/dynamodb/client.ts';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb/reader.ts';
import { createDynamoDBStore } from '../../shared/adapters/dynamodb/store.ts';
import { createVerifiedDetails } from '../../shared/adapters/dynamodb/verified.ts';
import { digest } from '../../shared/adapters/digest.ts';
import { createRedactor } from '../../shared/adapters/redaction.ts';
import { secretCredentials, type Credentials } from '../../shared/adapters/credentials.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import type { CatalogRef } from '../../shared/core/control.ts';
import type { DryRunPorts } from '../../shared/core/dry-run.ts';
import type { Log } from '../../shared/core/ports.ts';
import type { Resource } from '../../shared/core/resource.ts';
import type { RunHost, SyncSettings } from '../../shared/core/sync-request.ts';
import { watchedRun } from '../../shared/core/watched.ts';
import { sourceEnvironment, workerEnvironment } from '../../shared/environment.ts';
import { checkpointConfiguration, createSource } from '../../shared/supplier.ts';
import { createLog, createMetrics, environmentOf, environmentOfSource } from '../runtime.ts';
import { lazily } from '../services.ts';
import { lambdaHost, type LambdaTime } from './host.ts';

/** What the worker needs of the outside. */
export interface SyncServices {
  readonly log: Log;
  /** Names of the sources that there are, the main one first. */
  readonly sources: readonly string[];
  /** The ports of one run; `sharedBy` runs use the source's supplier at once. */
  readonly portsOf: (resource: Resource, source: string, sharedBy: number) => DryRunPorts;
  readonly settingsOf: (resource: Resource, source: string) => SyncSettings;
  /** What drives the run of this catalogue in this invocation. */
  readonly hostOf: (context: LambdaTime, ref: CatalogRef) => RunHost;
}

/** The worker's services, from its environment: they outlive an invocation, a run's source does not. */
export const syncServices = lazily((): SyncServices => {
  const environment = environmentOf(workerEnvironment);
  const { TABLE_NAME, DYNAMODB_ENDPOINT } = environment;
  const redactor = createRedactor();
  const redact = (text: string): string => redactor.redact(text);
  const remember = (secret: string): void => redactor.remember(secret);
  const clock = createSystemClock();
  const log = createLog(clock, redact);
  const metrics = createMetrics(clock, environment.DEPLOYMENT);
  const client = createClient({ endpoint: DYNAMODB_ENDPOINT });
  const store = createDynamoDBStore(client, TABLE_NAME, { clock, log });
  const reader = createDynamoDBReader(client, TABLE_NAME);
  const verified = createVerifiedDetails(client, TABLE_NAME, { clock });
  // Read when a source is first asked for: a wrong setting of one stops no other.
  const suppliedBy = onceEach((source) => environmentOfSource(sourceEnvironment, source));
  const credentialsOf = onceEach((source): Credentials => {
    const { B2B_SECRET_ARN } = suppliedBy(source);
    return secretCredentials(B2B_SECRET_ARN, { clock, remember });
  });
  return {
    log,
    sources: environment.B2B_SOURCES,
    hostOf: lambdaHost,
    portsOf: (resource, source, sharedBy) => {
      const watched = metrics === null ? { store } : watchedRun(store, { metrics, clock });
      const upstream = { credentials: credentialsOf(source), clock, log, redact, ...watched };
      return {
        ref: { source, resource: resource.name },
        resource,
        source: createSource(suppliedBy(source), upstream, { sharedBy }),
        store: watched.store,
        reader,
        clock,
        log,
        digest,
        ...(environment.B2B_INCREMENTAL && { verified }),
      };
    },
    settingsOf: ({ name, intervalMs }, source) => ({
      intervalMs: suppliedBy(source).SYNC_INTERVALS.get(name) ?? intervalMs,
      configuration: checkpointConfiguration(suppliedBy(source)),
    }),
  };
});

/** What is made once for each source. */
function onceEach<Value>(make: (source: string) => Value): (source: string) => Value {
  const made = new Map<string, Value>();
  return (source) => {
    const value = made.get(source) ?? make(source);
    made.set(source, value);
    return value;
  };
}
