import { onTestFinished } from 'vitest';
import * as z from 'zod';
import { createDynamoDBTokens } from '../../shared/adapters/dynamodb/tokens.ts';
import { createClient } from '../../shared/adapters/dynamodb/client.ts';
import { newSecret, sha256 } from '../../shared/adapters/secrets.ts';
import { TOKEN_PREFIX, type Scope } from '../../shared/core/access.ts';
import type { JsonObject } from '../../shared/core/json.ts';
import { LOCAL_TABLE } from '../../local/catalog.ts';
import type { LocalRun } from '../../local/local-run.ts';
import { localService, localSettings } from './local-service.ts';
import { products, startSupplier, SUPPLIER_KEY, type Supplier } from './supplier.ts';

/** A service that was not synced yet, and what programs with these scopes are answered. */
export async function staffService(rows: readonly JsonObject[] = products(1, 5)) {
  const supplier: Supplier = await startSupplier({ products: rows, categories: [] });
  const run: LocalRun = await localService(
    await localSettings({ url: supplier.url, key: SUPPLIER_KEY }),
  );
  const client = createClient({ endpoint: run.endpoint });
  onTestFinished(() => client.destroy());
  const tokens = createDynamoDBTokens(client, LOCAL_TABLE);
  const as = async (...scopes: Scope[]) => {
    const secret = `${TOKEN_PREFIX}${newSecret()}`;
    const expiresAtMs = Date.now() + 60_000;
    await tokens.add(sha256(secret), {
      id: secret.slice(-6),
      name: 'test',
      scopes,
      createdAtMs: 0,
      expiresAtMs,
    });
    return secret;
  };
  const ask = async (
    path: string,
    token: string | null,
    body?: object | string,
    more: Record<string, string> = {},
  ) => {
    const answer = await fetch(`${run.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...more,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json: unknown = text.startsWith('{') ? JSON.parse(text) : {};
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      json: z.record(z.string(), z.unknown()).parse(json),
    };
  };
  return { run, supplier, as, ask, tokens, client };
}
