import * as z from 'zod';
import { createClient } from '../shared/adapters/dynamodb/client.ts';
import { createDynamoDBReader } from '../shared/adapters/dynamodb/reader.ts';
import { createDynamoDBStore } from '../shared/adapters/dynamodb/store.ts';
import { createDynamoDBTokens } from '../shared/adapters/dynamodb/tokens.ts';
import { createJsonLog } from '../shared/adapters/json-log.ts';
import { createSystemClock } from '../shared/adapters/system-clock.ts';
import type { TokenStore } from '../shared/core/access.ts';
import type { CatalogReader, CatalogStore, Clock, Log } from '../shared/core/ports.ts';
import type { Resource } from '../shared/core/resource.ts';
import { parseEnvironment, SETTING_HELP } from '../shared/environment.ts';
import { intervalsOf } from '../shared/source-settings.ts';
import { openLocalCatalog } from '../local/catalog.ts';
import { parseLocalSettings } from '../local/settings.ts';
import {
  openSuppliers,
  redactedBy,
  stopSuppliers,
  type LocalSuppliers,
} from '../local/supplier.ts';
import { chosenSources } from './sources.ts';
import type { Terminal } from './terminal.ts';

export type TargetName = 'local' | 'aws';

/** What every command works with, whatever copy it is about. */
interface Workplace {
  /** Those that the command is about. */
  readonly sources: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  /** Least time between two unforced runs by `SYNC_INTERVALS`, milliseconds. */
  intervalMsOf(resource: Resource, source: string): number;
  close(): Promise<void>;
}

/** What reads suppliers from here. Never of a deployment: its worker has its own, and without an address
 *  here they would be the demo's. */
export interface SupplierReading extends Workplace {
  /** The suppliers of these sources by `B2B_API_URL` and `B2B_API_KEY`, or the demo; opened when first
   *  asked for.
   *  @throws ConfigurationError */
  suppliers(): Promise<LocalSuppliers>;
}

/** The copy that a command works on. */
export interface Target extends Workplace {
  readonly store: CatalogStore;
  readonly reader: CatalogReader;
  readonly tokens: TokenStore;
}

const awsEnvironment = z.object({ TABLE_NAME: z.string().min(1) });

interface Flags {
  readonly verbose: boolean;
  readonly source?: string;
}

/** Opens the local copy, or the table of a deployment by the credentials of the AWS environment.
 *  @throws ConfigurationError */
export async function openTarget(
  name: TargetName,
  terminal: Terminal,
  flags: Flags,
): Promise<Target> {
  if (name === 'local') return openLocalTarget(terminal, flags);
  const { suppliers: _none, ...workplace } = openSupplierReading(terminal, flags);
  const catalog = awsCatalog(terminal.environment, workplace);
  return { ...workplace, ...catalog };
}

/** Opens the local copy, and what fills it. @throws ConfigurationError */
export async function openLocalTarget(
  terminal: Terminal,
  flags: Flags,
): Promise<Target & SupplierReading> {
  const reading = openSupplierReading(terminal, flags);
  const catalog = await localCatalog(terminal.environment, reading);
  const close = async (): Promise<void> => {
    await reading.close();
    await catalog.close();
  };
  return { ...reading, ...catalog, close };
}

/** What reads the suppliers, without any copy. @throws ConfigurationError */
export function openSupplierReading(
  { environment, stderr }: Terminal,
  { verbose, source }: Flags,
): SupplierReading {
  const clock = createSystemClock();
  const intervalOf = intervalsOf(environment);
  const sources = chosenSources(source, environment);
  let opened: LocalSuppliers = new Map();
  // What is printed passes the redaction of the suppliers that are opened by then.
  const redact = (text: string) => redactedBy(opened)(text);
  const write = verbose ? (line: string) => void stderr.write(`${line}\n`) : () => {};
  return {
    sources,
    clock,
    log: createJsonLog({ write, nowMs: () => clock.nowMs(), redact }),
    intervalMsOf: ({ name: resource, intervalMs }, of) => intervalOf(resource, of) ?? intervalMs,
    suppliers: async () => {
      const settings = parseLocalSettings(environment);
      const options = { join: true, only: sources };
      if (opened.size === 0) opened = await openSuppliers(environment, settings, clock, options);
      return opened;
    },
    close: () => stopSuppliers(opened),
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
