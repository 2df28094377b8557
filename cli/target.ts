import * as z from 'zod';
import { createClient } from '../shared/adapters/dynamodb-client.ts';
import { createDynamoDBReader } from '../shared/adapters/dynamodb-reader.ts';
import { createDynamoDBStore } from '../shared/adapters/dynamodb-store.ts';
import { createDynamoDBTokens } from '../shared/adapters/dynamodb-tokens.ts';
import { createJsonLog } from '../shared/adapters/json-log.ts';
import { createSystemClock } from '../shared/adapters/system-clock.ts';
import type { TokenStore } from '../shared/core/access.ts';
import type { CatalogReader, CatalogStore, Clock, Log } from '../shared/core/ports.ts';
import type { Resource } from '../shared/core/resource.ts';
import { intervalsEnvironment, parseEnvironment, SETTING_HELP } from '../shared/environment.ts';
import { openLocalCatalog } from '../local/catalog.ts';
import { parseLocalSettings } from '../local/settings.ts';
import { openSupplier, type LocalSupplier } from '../local/supplier.ts';
import type { Terminal } from './terminal.ts';

export type TargetName = 'local' | 'aws';

/** The copy that a command works on. */
export interface Target {
  readonly name: TargetName;
  readonly store: CatalogStore;
  readonly reader: CatalogReader;
  readonly tokens: TokenStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Least time between two unforced runs by `SYNC_INTERVALS`, milliseconds. */
  intervalMsOf(resource: Resource): number;
  /** The supplier by `B2B_API_URL` and `B2B_API_KEY`, or the demo; opened when first asked for.
   *  @throws ConfigurationError */
  supplier(): Promise<LocalSupplier>;
  close(): Promise<void>;
}

const awsEnvironment = z.object({ TABLE_NAME: z.string().min(1) });

/** Opens the local copy, or the table of a deployment by the credentials of the AWS environment.
 *  @throws ConfigurationError */
export async function openTarget(
  name: TargetName,
  { environment, stderr }: Terminal,
  { verbose }: { readonly verbose: boolean },
): Promise<Target> {
  const clock = createSystemClock();
  const { SYNC_INTERVALS } = parseEnvironment(intervalsEnvironment, environment);
  const opened: LocalSupplier[] = [];
  // What is printed passes the redaction of the supplier that is opened by then.
  const redact = (text: string) => opened.reduce((clean, { redact: hide }) => hide(clean), text);
  const write = verbose ? (line: string) => void stderr.write(`${line}\n`) : () => {};
  const log = createJsonLog({ write, nowMs: () => clock.nowMs(), redact });
  const catalog =
    name === 'aws'
      ? awsCatalog(environment, { clock, log })
      : await localCatalog(environment, { clock, log });
  return {
    ...catalog,
    name,
    clock,
    log,
    intervalMsOf: ({ name: resource, intervalMs }) => SYNC_INTERVALS.get(resource) ?? intervalMs,
    supplier: async () => {
      const settings = parseLocalSettings(environment);
      const supplier =
        opened[0] ?? (await openSupplier(environment, settings, clock, { join: true }));
      if (opened.length === 0) opened.push(supplier);
      return supplier;
    },
    close: async () => {
      await opened[0]?.stop();
      await catalog.close();
    },
  };
}

type Catalog = Pick<Target, 'store' | 'reader' | 'tokens' | 'close'>;

async function localCatalog(
  environment: Terminal['environment'],
  parts: { readonly clock: Clock; readonly log: Log },
): Promise<Catalog> {
  const catalog = await openLocalCatalog(parseLocalSettings(environment), parts, { join: true });
  const { store, reader, tokens } = catalog;
  return { store, reader, tokens, close: () => catalog.stop() };
}

function awsCatalog(
  environment: Terminal['environment'],
  parts: { readonly clock: Clock; readonly log: Log },
): Catalog {
  const { TABLE_NAME } = parseEnvironment(awsEnvironment, environment, SETTING_HELP);
  const client = createClient();
  return {
    store: createDynamoDBStore(client, TABLE_NAME, parts),
    reader: createDynamoDBReader(client, TABLE_NAME),
    tokens: createDynamoDBTokens(client, TABLE_NAME),
    close: async () => client.destroy(),
  };
}
