import { join } from 'node:path';
import { createClient } from '../shared/adapters/dynamodb/client.ts';
import { createDynamoDBReader } from '../shared/adapters/dynamodb/reader.ts';
import { createDynamoDBStore } from '../shared/adapters/dynamodb/store.ts';
import { createDynamoDBSteering } from '../shared/adapters/dynamodb/steering.ts';
import { createDynamoDBTokens } from '../shared/adapters/dynamodb/tokens.ts';
import { ConfigurationError } from '../shared/core/errors.ts';
import type { TokenStore } from '../shared/core/access.ts';
import type { SteeringStore } from '../shared/core/force-limit.ts';
import type { CatalogReader, CatalogStore, Clock, Log } from '../shared/core/ports.ts';
import { createTable } from './create-table.ts';
import { startEngine, type Engine } from './engine.ts';
import { openFolder } from './folder.ts';
import type { LocalSettings } from './settings.ts';

/** Where a folder keeps its copy. */
export const databaseIn = (folder: string): string => join(folder, 'catalog.db');

export const LOCAL_TABLE = 'b2b-catalog';

/** The local copy: an embedded DynamoDB that keeps it in `LOCAL_DIR`. */
export interface LocalCatalog {
  readonly endpoint: string;
  readonly store: CatalogStore;
  readonly reader: CatalogReader;
  readonly tokens: TokenStore;
  readonly steering: SteeringStore;
  stop(): Promise<void>;
}

/**
 * Opens the local copy, making it where there is none.
 * @param options `join` uses the engine of another program, instead of refusing; `isService` says that this
 *   is `npm start`.
 * @throws ConfigurationError saying what to install, which port to change or what to stop.
 */
export async function openLocalCatalog(
  { LOCAL_DIR, DYNAMODB_PORT }: LocalSettings,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  { join: joins, isService }: { readonly join: boolean; readonly isService?: boolean },
): Promise<LocalCatalog> {
  openFolder(LOCAL_DIR);
  const engine: Engine = await startEngine({
    databasePath: databaseIn(LOCAL_DIR),
    port: DYNAMODB_PORT,
    log,
    join: joins,
    ...(isService !== undefined && { isService }),
  });
  const client = createClient({ endpoint: engine.endpoint });
  await createTable(client, LOCAL_TABLE).catch(async (error: unknown) => {
    client.destroy();
    await engine.stop();
    throw engine.pid === null ? noTable(engine.endpoint, error) : error;
  });
  return {
    endpoint: engine.endpoint,
    store: createDynamoDBStore(client, LOCAL_TABLE, { clock, log }),
    reader: createDynamoDBReader(client, LOCAL_TABLE),
    tokens: createDynamoDBTokens(client, LOCAL_TABLE),
    steering: createDynamoDBSteering(client, LOCAL_TABLE),
    stop: async () => {
      client.destroy();
      await engine.stop();
    },
  };
}

function noTable(endpoint: string, error: unknown): ConfigurationError {
  const why = error instanceof Error ? error.message : String(error);
  return new ConfigurationError(
    `The DynamoDB at ${endpoint} (DYNAMODB_ENDPOINT) can't be used: ${why}. Start it, or leave DYNAMODB_ENDPOINT out.`,
  );
}
