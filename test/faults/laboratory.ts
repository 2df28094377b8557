import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { expect, onTestFinished } from 'vitest';
import { createTable } from '../../local/create-table.ts';
import { createDynamoDBReader } from '../../shared/adapters/dynamodb/reader.ts';
import { createDynamoDBStore } from '../../shared/adapters/dynamodb/store.ts';
import type { ControlRecord } from '../../shared/core/control.ts';
import type { JsonObject } from '../../shared/core/json.ts';
import type { Reject } from '../../shared/core/ports.ts';
import { useDynamoDB } from '../support/dynamodb-under-test.ts';
import { shop, type Reply } from '../support/shop.ts';
import { startSupplier, type Supplier, type SupplierSettings } from '../support/supplier.ts';
import { CANARY, leaksIn, traceOf } from './canary.ts';
import { labClock, type LabClock } from './lab-clock.ts';
import { labWorker, type LabWorker, type WorkerOptions } from './lab-worker.ts';

/** A supplier, an empty table on the real engine, and as many workers as a test wants. */
export interface Laboratory {
  readonly supplier: Supplier;
  readonly tableName: string;
  readonly endpoint: string;
  /** Every line logged by any part, as it would leave the process. */
  readonly logged: string[];
  /** Every answer and error of its workers, as Lambda would write them to the on-failure queue. */
  readonly answered: string[];
  readonly client: (purpose?: 'read' | 'write') => DynamoDBClient;
  worker(options?: WorkerOptions): LabWorker;
  control(resource?: string): Promise<ControlRecord>;
  /** What readers see: id → body. */
  live(resource?: string): Promise<Record<string, JsonObject>>;
  rejects(resource?: string): Promise<readonly Reject[]>;
  /** The clock of the reading functions. */
  readonly readingClock: LabClock;
  /** Resources that reads asked the worker to sync, in order. */
  readonly starts: readonly string[];
  /** A GET through the real reading functions. */
  get(address: string): Promise<Reply>;
  /** Every row of the table. */
  rows(): Promise<Record<string, unknown>[]>;
}

/** An engine for the tests of one file; each `open` gives a table and a supplier of its own, whose key
 *  must have reached no log, row, answer or queue when the test is over. */
export function useLaboratory() {
  const { client } = useDynamoDB();
  let opened = 0;
  return async (settings: SupplierSettings = {}): Promise<Laboratory> => {
    const tableName = `laboratory-${(opened += 1)}`;
    await createTable(client(), tableName);
    const supplier = await startSupplier({ key: CANARY, ...settings });
    const lab = laboratory(tableName, supplier, client, await endpointOf(client()));
    onTestFinished(async () => {
      await supplier.stop();
      expect(leaksIn(await traceOf(lab))).toEqual([]);
    });
    return lab;
  };
}

function laboratory(
  tableName: string,
  supplier: Supplier,
  client: Laboratory['client'],
  endpoint: string,
): Laboratory {
  const logged: string[] = [];
  const answered: string[] = [];
  const clock = labClock();
  const reader = createDynamoDBReader(client('read'), tableName);
  const writer = createDynamoDBStore(client(), tableName, { clock, log: { warn: () => {} } });
  const reading = shop({}, { store: { ...reader, ...writer }, change: { clock } });
  const refOf = (resource: string) => ({ source: 'main', resource });
  return {
    supplier,
    tableName,
    endpoint,
    logged,
    answered,
    client,
    worker: (options = {}) => labWorker({ supplier, tableName, client, logged, answered }, options),
    control: (resource = 'products') => writer.control(refOf(resource)),
    live: async (resource = 'products') => {
      const bodies: [string, JsonObject][] = [];
      for await (const records of writer.liveRecords(refOf(resource))) {
        for (const { id, body } of records) bodies.push([id, body]);
      }
      return Object.fromEntries(bodies);
    },
    rejects: (resource = 'products') => reader.rejects(refOf(resource), 1000),
    readingClock: clock,
    starts: reading.starts,
    get: (address) => reading.get(address),
    rows: () => everyRow(client(), tableName),
  };
}

async function everyRow(
  client: DynamoDBClient,
  tableName: string,
): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  const pages = paginateScan(
    { client: DynamoDBDocumentClient.from(client) },
    { TableName: tableName },
  );
  for await (const { Items = [] } of pages) rows.push(...Items);
  return rows;
}

async function endpointOf({ config }: DynamoDBClient): Promise<string> {
  const { protocol = 'http:', hostname = '', port } = (await config.endpoint?.()) ?? {};
  return `${protocol}//${hostname}:${port}`;
}
