import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { CatalogRef } from '../../core/control.ts';
import type { JsonObject } from '../../core/json.ts';
import type { RecordId } from '../../core/record-id.ts';
import type { StoreContext } from './context.ts';
import { callStore } from './errors.ts';
import { recordKey } from './keys.ts';
import { storedBody } from '../stored-json.ts';

const recordRow = z.object({ body: z.string() });

/** See `CatalogStore.bodies`: one read each, side by side. @throws StoreUnavailableError */
export async function readBodies(
  { client, tableName }: StoreContext,
  ref: CatalogRef,
  ids: readonly RecordId[],
): Promise<ReadonlyMap<RecordId, JsonObject>> {
  const read = async (id: RecordId): Promise<readonly [RecordId, JsonObject][]> => {
    const get = new GetCommand({ TableName: tableName, Key: recordKey(ref, id) });
    const { Item } = await callStore(() => client.send(get));
    return Item === undefined ? [] : [[id, storedBody(recordRow.parse(Item).body)]];
  };
  return new Map((await Promise.all(ids.map(read))).flat());
}
