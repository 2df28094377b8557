import { createTable } from '../../local/create-table.ts';
import { startEngine } from '../../local/engine.ts';
import { createClient } from '../../shared/adapters/dynamodb/client.ts';
import type { Child } from './child.ts';
import { startContender } from './contenders/start.ts';
import { measured, type Measured } from './contenders/work.ts';
import { startSupplier, type SupplierCounts } from './supplier/start.ts';
import type { SupplierSettings } from './supplier/main.ts';

export type Kind = 'floor' | 'script' | 'sequential' | 'ours';

export interface Round extends Measured {
  /** What the supplier saw of it. */
  readonly supplier: SupplierCounts;
}

export interface RoundOptions {
  readonly products: number;
  readonly concurrency: number;
}

/** One supplier, one engine, and contenders that take turns. */
export interface Arena {
  /** One round of one contender, in a process that it keeps over its rounds, on an empty table. */
  readonly round: (kind: Kind, options: RoundOptions) => Promise<Round>;
  readonly stop: () => Promise<void>;
}

async function openArena(settings: SupplierSettings): Promise<Arena> {
  const engine = await startEngine({ databasePath: null, port: 0, environment: process.env });
  const supplier = await startSupplier(settings);
  const client = createClient({ endpoint: engine.endpoint });
  const contenders = new Map<Kind, Promise<Child>>();
  let rounds = 0;

  const contender = (kind: Kind): Promise<Child> => {
    const known = contenders.get(kind) ?? startContender(kind);
    contenders.set(kind, known);
    return known;
  };
  const round: Arena['round'] = async (kind, options) => {
    const child = await contender(kind);
    rounds += 1;
    const tableName = `bench-${rounds}`;
    await createTable(client, tableName);
    await supplier.counts();
    const { baseUrl } = supplier;
    const { endpoint } = engine;
    const answer = await child.ask({ ...options, baseUrl, endpoint, tableName });
    return { ...measured.parse(answer), supplier: await supplier.counts() };
  };
  const stop = async (): Promise<void> => {
    for (const child of contenders.values()) await (await child).stop();
    await supplier.stop();
    client.destroy();
    await engine.stop();
  };
  return { round, stop };
}

/** Opens an arena for as long as `use` takes. */
export async function inArena<T>(
  settings: SupplierSettings,
  use: (arena: Arena) => Promise<T>,
): Promise<T> {
  const arena = await openArena(settings);
  try {
    return await use(arena);
  } finally {
    await arena.stop();
  }
}
