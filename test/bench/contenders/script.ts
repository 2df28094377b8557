import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Work } from './work.ts';

const listPage = z.looseObject({
  next: z.string().nullable(),
  results: z.array(z.looseObject({ id: z.number() })),
});
const detail = z.record(z.string(), z.unknown());

/**
 * What an engineer writes in an afternoon: `fetch`, batches of promises, the document client's
 * BatchWrite. No retries, no comparison, no checkpoint, no validation but what the compiler asks for.
 */
export async function script({ baseUrl, endpoint, tableName, concurrency }: Work): Promise<number> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'local', credentials });
  const documents = DynamoDBDocumentClient.from(client);
  let next: string | null = `${baseUrl}/b2c/products/?page=1&page_size=100`;
  let saved = 0;
  while (next !== null) {
    const page: z.output<typeof listPage> = listPage.parse(await getJson(next));
    for (const batch of batches(page.results, concurrency)) {
      const records = await Promise.all(
        batch.map(async (entry) => {
          const more = detail.parse(await getJson(`${baseUrl}/b2c/products/${entry.id}/`));
          const keys = { pk: 'products', sk: String(entry.id) };
          return Object.assign(entry, more, keys);
        }),
      );
      for (const part of batches(records, 25)) {
        const puts = part.map((Item) => ({ PutRequest: { Item } }));
        await documents.send(new BatchWriteCommand({ RequestItems: { [tableName]: puts } }));
        saved += part.length;
      }
    }
    next = page.next === null ? null : new URL(page.next, baseUrl).href;
  }
  client.destroy();
  return saved;
}

async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url, { headers: { 'X-API-Key': 'bench' } });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}

function batches<T>(all: readonly T[], size: number): readonly T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
    all.slice(at * size, (at + 1) * size),
  );
}
