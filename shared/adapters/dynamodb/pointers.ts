import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import type { CatalogRef, ControlRecord } from '../../core/control.ts';
import { controlOf } from './control.ts';
import { callStore } from './errors.ts';
import { controlKey } from './keys.ts';
import { plainAttributes, readPlainRow, type Table } from './plain.ts';

interface Asked {
  readonly ref: CatalogRef;
  readonly resolve: (control: ControlRecord | Promise<ControlRecord>) => void;
}

/** What one batch may hold. */
const MOST = 100;

/** Reads control records, those that are asked for at the same time by one request to DynamoDB. */
export function createPointerReads(table: Table): (ref: CatalogRef) => Promise<ControlRecord> {
  let asked: Asked[] = [];
  const send = (): void => {
    const together = asked;
    asked = [];
    for (let at = 0; at < together.length; at += MOST) {
      readAll(table, together.slice(at, at + MOST));
    }
  };
  return (ref) => {
    const { promise, resolve } = Promise.withResolvers<ControlRecord>();
    if (asked.length === 0) queueMicrotask(send);
    asked.push({ ref, resolve });
    return promise;
  };
}

function readAll(table: Table, asked: readonly Asked[]): void {
  const one = async (ref: CatalogRef) => controlOf(await readPlainRow(table, controlKey(ref)));
  const names = new Set(asked.map(({ ref }) => controlKey(ref).pk));
  const found = names.size > 1 ? readBatch(table, asked) : Promise.resolve(NOTHING);
  for (const { ref, resolve } of asked) {
    // What a throttled batch left out is read by itself; so is what has no control record yet.
    resolve(found.then((rows) => rows.get(controlKey(ref).pk) ?? one(ref)));
  }
}

const NOTHING: ReadonlyMap<string | undefined, ControlRecord> = new Map();

async function readBatch({ client, tableName }: Table, asked: readonly Asked[]) {
  const keys = new Map(asked.map(({ ref }) => [controlKey(ref).pk, controlKey(ref).sk]));
  const Keys = [...keys].map(([pk, sk]) => ({ pk: { S: pk }, sk: { S: sk } }));
  const batch = new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys } } });
  const { Responses = {} } = await callStore(() => client.send(batch));
  const rows = Responses[tableName] ?? [];
  return new Map(rows.map((row) => [row['pk']?.S, controlOf(plainAttributes(row))]));
}
