import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { RecordId } from '../../core/record-id.ts';
import type { Verified, VerifiedDetails } from '../../core/ports.ts';
import type { StoreContext } from './context.ts';
import { callStore } from './errors.ts';
import { partitionOf, verifiedKey } from './keys.ts';
import { queryRows } from './rows.ts';
import { canonicalOrder, encodedBytesOf } from './id-codec.ts';
import { packHashes, splitBySize, unpackHashes } from './manifest-codec.ts';

const MINUTE_MS = 60_000;
const BYTES_OF_A_TIME = 4;
const BYTES_OF_A_HASH = 12;

const bytes = z.instanceof(Uint8Array);
const partRow = z.object({ ids: bytes, hashes: bytes, minutes: bytes, parts: z.number() });

/** Which details were read when, in some 17 bytes a record. */
export function createVerifiedDetails(
  client: DynamoDBClient,
  tableName: string,
  { clock }: Pick<StoreContext, 'clock'>,
): VerifiedDetails {
  const context: StoreContext = { client: DynamoDBDocumentClient.from(client), tableName, clock };
  return {
    read: async (ref) => {
      const rows = await queryRows(context, partitionOf('verified', ref));
      const parts = rows.map((row) => partRow.parse(row));
      // More parts than that are of an earlier, longer writing.
      return new Map(parts.slice(0, parts[0]?.parts ?? 0).flatMap(unpacked));
    },
    write: async (ref, verified) => {
      const parts = splitBySize(canonicalOrder(verified.keys()), bytesOf);
      for (const [position, ids] of parts.entries()) {
        const Item = {
          ...verifiedKey(ref, position),
          ...packed(ids, verified),
          parts: parts.length,
        };
        await callStore(() => context.client.send(new PutCommand({ TableName: tableName, Item })));
      }
    },
  };
}

const bytesOf = (id: RecordId): number => encodedBytesOf(id) + BYTES_OF_A_HASH + BYTES_OF_A_TIME;

/** Whole minutes, rounded down: a detail never counts as read later than it was. */
function packed(ids: readonly RecordId[], verified: ReadonlyMap<RecordId, Verified>) {
  const minutes = Buffer.alloc(ids.length * BYTES_OF_A_TIME);
  const hashes = new Map<RecordId, string>();
  for (const [position, id] of ids.entries()) {
    const { fingerprint = '', atMs = 0 } = verified.get(id) ?? {};
    minutes.writeUInt32BE(Math.floor(atMs / MINUTE_MS), position * BYTES_OF_A_TIME);
    hashes.set(id, fingerprint);
  }
  return { ...packHashes(hashes), minutes };
}

function unpacked({ ids, hashes, minutes }: z.output<typeof partRow>): [RecordId, Verified][] {
  const times = new DataView(minutes.buffer, minutes.byteOffset, minutes.byteLength);
  return unpackHashes({ ids, hashes }).map(([id, fingerprint], position) => {
    const atMs = times.getUint32(position * BYTES_OF_A_TIME) * MINUTE_MS;
    return [id, { fingerprint, atMs }];
  });
}
