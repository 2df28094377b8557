import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoDBStore } from '../../shared/adapters/dynamodb/store.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import type { Json, JsonObject } from '../../shared/core/json.ts';
import type { Page } from '../../shared/core/ports.ts';
import { resources } from '../../shared/resources/index.ts';
import { forcedSync, silent as log } from '../support/forced-sync.ts';
import { aCategory, aProduct } from '../support/supplier-records.ts';

const PAGE_SIZE = 100;

/** How many records of each resource. */
export interface Sizes {
  readonly products: number;
  readonly categories: number;
}

/** A catalogue's record of that id, about 1 KB where it is a product. */
export function recordOf(resource: string, id: number): JsonObject {
  if (resource === 'categories') return aCategory(id);
  const description = `${'Se conserve au sec et à l’abri de la lumière. '.repeat(3)}${id}`;
  return aProduct(id, { description });
}

/** Fills a table with a fresh catalogue of every resource, by a sync, so that no read starts one. */
export async function fillCatalog(
  client: DynamoDBClient,
  tableName: string,
  sizes: Sizes,
): Promise<void> {
  const clock = createSystemClock();
  const store = createDynamoDBStore(client, tableName, { clock, log });
  for (const resource of resources) {
    const count = resource.name === 'categories' ? sizes.categories : sizes.products;
    const source = sourceOf(resource.name, count);
    const result = await forcedSync({ resource, source, store, clock });
    if (!result.success) throw new Error(result.message);
  }
}

/** A supplier in memory, newest first. */
function sourceOf(resource: string, count: number) {
  const page = (cursor: string | null): Page => {
    const before = Number(cursor ?? 0) * PAGE_SIZE;
    const size = Math.min(PAGE_SIZE, count - before);
    const entries = Array.from({ length: size }, (_, at): Json => {
      return recordOf(resource, count - before - at);
    });
    const next = before + size < count ? `${Number(cursor ?? 0) + 1}` : null;
    return { entries, next, count };
  };
  return {
    page: async (_resource: object, cursor: string | null) => page(cursor),
    cursorAfter: () => null,
    detail: async (_resource: object, id: string) => recordOf(resource, Number(id)),
    counters: { requests: 0, retries: 0 },
    concurrency: 8,
  };
}
