import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleOf } from '../../../infra/bundling.ts';
import { createTable } from '../../../local/create-table.ts';
import { startEngine } from '../../../local/engine.ts';
import { createClient } from '../../../shared/adapters/dynamodb/client.ts';
import { createDynamoDBReader } from '../../../shared/adapters/dynamodb/reader.ts';
import { bundled } from '../../support/bundled.ts';
import { countedUnits } from '../../support/counted-units.ts';
import { startChild, type Child } from '../child.ts';
import { fillCatalog, recordOf } from '../fill.ts';
import { median, type Figure } from '../goals.ts';
import type { Extent } from '../speed.ts';
import { took, type Place, type Took } from './tasks.ts';

const PRODUCTS = 1000;
const CATEGORIES = 20;

/** Reads by the products' handler, beside a Query of the records, and beside one bare GetItem. */
export async function reads({ isShort }: Extent): Promise<Figure[]> {
  const directory = await mkdtemp(join(tmpdir(), 'b2b-bench-'));
  const engine = await startEngine({ databasePath: null, port: 0, environment: process.env });
  const client = createClient({ endpoint: engine.endpoint });
  const table = async (name: string, products: number): Promise<Place> => {
    await createTable(client, name);
    await fillCatalog(client, name, { products, categories: CATEGORIES });
    return { endpoint: engine.endpoint, tableName: name };
  };
  try {
    const programs = await programsIn(directory);
    const rounds = isShort ? 3 : 7;
    const shop = await table('reads', PRODUCTS);
    await writePlain(client, shop.tableName);
    const large = isShort ? 10_000 : 50_000;
    return [
      ...(await units(client, shop.tableName)),
      ...(await besideQuery(programs, shop, rounds)),
      ...(await besideGetItem(programs, shop, rounds)),
      ...(await paging(programs, [await table('few', 500), await table('many', large)], rounds)),
    ];
  } finally {
    client.destroy();
    await engine.stop();
    await rm(directory, { recursive: true });
  }
}

interface Programs {
  readonly ours: (at: Place) => Promise<Child>;
  readonly plain: (at: Place) => Promise<Child>;
}

/** Ours as readers are deployed; what it is compared with has the SDK whole. */
async function programsIn(directory: string): Promise<Programs> {
  const program = async (name: string, options: ReturnType<typeof bundleOf>) => {
    const entry = `test/bench/reads/${name}.ts`;
    const file = await bundled(entry, join(directory, `${name}.cjs`), options);
    return (at: Place) => startChild(file, at);
  };
  return {
    ours: await program('ours', bundleOf('reader')),
    plain: await program('plain', bundleOf()),
  };
}

/** The same products as a script stores them. */
async function writePlain(client: DynamoDBClient, tableName: string): Promise<void> {
  const documents = DynamoDBDocumentClient.from(client);
  for (let first = 1; first <= PRODUCTS; first += 25) {
    const puts = Array.from({ length: 25 }, (_, at) => {
      const id = first + at;
      const Item = { pk: 'plain', sk: String(id).padStart(8, '0'), ...recordOf('products', id) };
      return { PutRequest: { Item } };
    });
    await documents.send(new BatchWriteCommand({ RequestItems: { [tableName]: puts } }));
  }
}

/** Capacity units of a list that is in no memory. Both read eventually, or both would cost twice. */
async function units(client: DynamoDBClient, tableName: string): Promise<Figure[]> {
  const counted = countedUnits(client);
  const reader = createDynamoDBReader(client, tableName);
  for (const resource of ['products', 'categories']) {
    const ref = { source: 'main', resource };
    await reader.snapshot(ref, await reader.control(ref));
  }
  const ours = counted.reset();
  const pages = paginateQuery(
    { client: DynamoDBDocumentClient.from(client) },
    {
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': 'plain' },
    },
  );
  let rows = 0;
  for await (const { Count = 0 } of pages) rows += Count;
  if (rows !== PRODUCTS) throw new Error(`the query found ${rows} products`);
  const plain = counted.reset();
  return [
    {
      name: 'first list of 1,000: units ÷ query',
      value: ours / plain,
      atMost: 0.15,
      kind: 'counted',
      detail: `${ours} against ${plain}`,
    },
  ];
}

async function besideQuery(programs: Programs, at: Place, rounds: number): Promise<Figure[]> {
  const [ours, plain] = [await programs.ours(at), await programs.plain(at)];
  const take = await interleaved(rounds, {
    first: [ours, 'first', 20],
    memory: [ours, 'list', 200],
    query: [plain, 'list', 10],
  });
  await Promise.all([ours.stop(), plain.stop()]);
  const cpu = { first: take('first').cpuMs, query: take('query').cpuMs };
  return [
    {
      name: 'first list of 1,000: CPU ÷ query',
      value: cpu.first / cpu.query,
      atMost: 0.25,
      kind: 'timed',
      detail: `${cpu.first.toFixed(1)} ms against ${cpu.query.toFixed(1)}`,
    },
    {
      name: 'list in memory: requests a second ÷ query',
      value: take('query').ms / take('memory').ms,
      atLeast: 20,
      kind: 'timed',
      detail: `${take('memory').ms.toFixed(2)} ms against ${take('query').ms.toFixed(1)}`,
    },
  ];
}

async function besideGetItem(programs: Programs, at: Place, rounds: number): Promise<Figure[]> {
  const ours = await programs.ours(at);
  const take = await interleaved(rounds, {
    bare: [ours, 'bare', 200],
    notModified: [ours, 'notModified', 200],
    autoSync: [ours, 'autoSync', 200],
  });
  await ours.stop();
  const beside = (name: string, key: 'notModified' | 'autoSync'): Figure => ({
    name,
    value: take(key).ms / take('bare').ms,
    atMost: 1.3,
    kind: 'timed',
    detail: `${take(key).ms.toFixed(2)} ms against ${take('bare').ms.toFixed(2)}`,
  });
  return [
    beside('304 ÷ bare GetItem', 'notModified'),
    beside('autoSync ÷ bare GetItem', 'autoSync'),
  ];
}

async function paging(
  programs: Programs,
  [few, many]: readonly [Place, Place],
  rounds: number,
): Promise<Figure[]> {
  const [short, long] = [await programs.ours(few), await programs.ours(many)];
  const take = await interleaved(rounds, {
    short: [short, 'page', 200],
    long: [long, 'page', 200],
  });
  await Promise.all([short.stop(), long.stop()]);
  return [
    {
      name: 'a page of many products ÷ of 500',
      value: take('long').ms / take('short').ms,
      atMost: 1.3,
      kind: 'timed',
      detail: `${take('long').ms.toFixed(2)} ms against ${take('short').ms.toFixed(2)}`,
    },
  ];
}

/** Takes turns, after a round that only warms up; answers the median of each. */
async function interleaved<Name extends string>(
  rounds: number,
  all: Readonly<Record<Name, readonly [program: Child, name: string, times: number]>>,
): Promise<(name: Name) => Took> {
  const found = new Map<string, Took[]>();
  for (let round = 0; round <= rounds; round += 1) {
    for (const [key, [program, name, times]] of Object.entries<(typeof all)[Name]>(all)) {
      const one = took.parse(await program.ask({ name, times }));
      if (round > 0) found.set(key, [...(found.get(key) ?? []), one]);
    }
  }
  return (name) => {
    const takes = found.get(name) ?? [];
    return {
      ms: median(takes.map(({ ms }) => ms)),
      cpuMs: median(takes.map(({ cpuMs }) => cpuMs)),
    };
  };
}
