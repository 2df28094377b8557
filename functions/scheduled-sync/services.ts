import { createClient } from '../../shared/adapters/dynamodb-client.ts';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb-reader.ts';
import { createDynamoDBStore } from '../../shared/adapters/dynamodb-store.ts';
import { createVerifiedDetails } from '../../shared/adapters/dynamodb-verified.ts';
import { digest } from '../../shared/adapters/digest.ts';
import { createRedactor } from '../../shared/adapters/redaction.ts';
import { secretCredentials } from '../../shared/adapters/credentials.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import type { DryRunPorts } from '../../shared/core/dry-run.ts';
import type { Log } from '../../shared/core/ports.ts';
import type { Resource } from '../../shared/core/resource.ts';
import type { RunHost, SyncSettings } from '../../shared/core/sync-request.ts';
import { watchedRun } from '../../shared/core/watched.ts';
import { SOURCE } from '../../shared/deployment.ts';
import { workerEnvironment } from '../../shared/environment.ts';
import { checkpointConfiguration, createSource } from '../../shared/supplier.ts';
import { createLog, createMetrics, environmentOf } from '../runtime.ts';
import { lazily } from '../services.ts';
import { lambdaHost, type LambdaTime } from './host.ts';

/** What the worker needs of the outside. */
export interface SyncServices {
  readonly log: Log;
  /** The ports of one run; `sharedBy` runs use the supplier at once. */
  readonly portsOf: (resource: Resource, sharedBy: number) => DryRunPorts;
  readonly settingsOf: (resource: Resource) => SyncSettings;
  /** What drives the run of this resource in this invocation. */
  readonly hostOf: (context: LambdaTime, resource: Resource) => RunHost;
}

/** The worker's services, from its environment: they outlive an invocation, a run's source does not. */
export const syncServices = lazily((): SyncServices => {
  const environment = environmentOf(workerEnvironment);
  const { TABLE_NAME, DYNAMODB_ENDPOINT, SYNC_INTERVALS, B2B_SECRET_ARN } = environment;
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
  const credentials = secretCredentials(B2B_SECRET_ARN, { clock, remember });
  const configuration = checkpointConfiguration(environment);
  const upstream = { credentials, clock, log, redact };
  return {
    log,
    hostOf: lambdaHost,
    portsOf: (resource, sharedBy) => {
      const watched = metrics === null ? { store } : watchedRun(store, { metrics, clock });
      return {
        ref: { source: SOURCE, resource: resource.name },
        resource,
        source: createSource(environment, { ...upstream, ...watched }, { sharedBy }),
        store: watched.store,
        reader,
        clock,
        log,
        digest,
        ...(environment.B2B_INCREMENTAL && { verified }),
      };
    },
    settingsOf: ({ name, intervalMs }) => ({
      intervalMs: SYNC_INTERVALS.get(name) ?? intervalMs,
      configuration,
    }),
  };
});
