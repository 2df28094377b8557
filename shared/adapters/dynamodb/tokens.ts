import { DeleteItemCommand, PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { isScope, type AccessToken, type TokenStore } from '../../core/access.ts';
import { callStore } from './errors.ts';
import { queryPlainRows, readPlainRow } from './plain.ts';

/** The partition of access tokens; policies name it. */
const TOKENS = 'tokens';
/** More tokens than any shop makes; the list says no more of them. */
const MOST_LISTED = 1000;

const tokenRow = z
  .object({
    sk: z.string(),
    token_id: z.string(),
    token_name: z.string(),
    scopes: z.string(),
    created_at_ms: z.number(),
    expires_at_ms: z.number(),
  })
  .transform((row) => ({
    sha256: row.sk,
    token: {
      id: row.token_id,
      name: row.token_name,
      scopes: row.scopes.split(' ').filter(isScope),
      createdAtMs: row.created_at_ms,
      expiresAtMs: row.expires_at_ms,
    } satisfies AccessToken,
  }));

/** Access tokens in the catalogue's own table, by the SHA-256 of each. */
export function createDynamoDBTokens(client: DynamoDBClient, tableName: string): TokenStore {
  const table = { client, tableName };
  const all = async () => {
    const rows = await queryPlainRows(table, TOKENS, { limit: MOST_LISTED });
    return rows
      .map((row) => tokenRow.parse(row))
      .toSorted((a, b) => a.token.createdAtMs - b.token.createdAtMs);
  };
  return {
    add: async (sha256, token) => {
      const put = new PutItemCommand({ TableName: tableName, Item: rowOf(sha256, token) });
      await callStore(() => client.send(put));
    },
    find: async (sha256) => {
      const row = await readPlainRow(table, { pk: TOKENS, sk: sha256 });
      return row === undefined ? null : tokenRow.parse(row).token;
    },
    list: async () => (await all()).map(({ token }) => token),
    revoke: async (id) => {
      const found = (await all()).find(({ token }) => token.id === id);
      if (found === undefined) return false;
      const Key = { pk: { S: TOKENS }, sk: { S: found.sha256 } };
      await callStore(() => client.send(new DeleteItemCommand({ TableName: tableName, Key })));
      return true;
    },
  };
}

const rowOf = (sha256: string, token: AccessToken) => ({
  pk: { S: TOKENS },
  sk: { S: sha256 },
  token_id: { S: token.id },
  token_name: { S: token.name },
  scopes: { S: token.scopes.join(' ') },
  created_at_ms: { N: `${token.createdAtMs}` },
  expires_at_ms: { N: `${token.expiresAtMs}` },
  // The table's own deletion, within days; what counts is the check at each use.
  expires_at: { N: `${Math.ceil(token.expiresAtMs / 1000)}` },
});
