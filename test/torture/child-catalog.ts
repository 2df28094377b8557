import * as z from 'zod';
import type { CatalogSource } from '../../shared/core/ports.ts';
import { defineResource, hours } from '../../shared/core/resource.ts';

/** What a child syncs: so many records, all of one edition. */
export interface Edition {
  readonly records: number;
  readonly edition: number;
}

export const REF = { source: 'main', resource: 'things' };
export const TABLE_NAME = 'catalog';
const PAGE_SIZE = 100;

export const things = defineResource({
  name: 'things',
  listPath: 'things/',
  detailPath: (id) => `things/${id}/`,
  wire: z.object({ name: z.string(), edition: z.number() }),
  toRecord: ({ name, edition }) => ({ name, edition }),
  interval: hours(2),
});

export const bodyOf = (id: number, edition: number) => ({ name: `record ${id}`, edition });

/** Makes its answers as they are asked for, so that it takes no memory of its own.
 *  @param latencyMs of each detail, so that there is time to be killed in */
export function editionSource({ records, edition }: Edition, latencyMs: number): CatalogSource {
  const counters = { requests: 0, retries: 0 };
  const wire = (id: number) => ({ id, ...bodyOf(id, edition) });
  const answered = async (): Promise<void> => {
    counters.requests += 1;
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
  };
  return {
    counters,
    concurrency: 16,
    cursorAfter: (_resource, cursor) => String(Number(cursor ?? 1) + 1),
    page: async (_resource, cursor) => {
      await answered();
      const start = (Number(cursor ?? 1) - 1) * PAGE_SIZE;
      const length = Math.min(PAGE_SIZE, records - start);
      const entries = Array.from({ length }, (_, row) => wire(records - start - row));
      const isLast = start + length >= records;
      return { entries, count: records, next: isLast ? null : String(Number(cursor ?? 1) + 1) };
    },
    detail: async (_resource, id) => {
      await answered();
      return wire(Number(id));
    },
  };
}
