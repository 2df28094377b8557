import type { ActiveControl } from './control.ts';
import type { LeaseWatch } from './lease.ts';
import { LIMITS } from './limits.ts';
import type { CatalogWrite, SyncPorts } from './ports.ts';
import { bytesOfRow, type PublishedRow } from './published.ts';
import { compareIds } from './record-id.ts';

/** Gathers rows into pages of a published base. */
export interface PageCutter {
  /** The page that is full without this row, which then begins the next one; null while there is room. */
  readonly add: (row: PublishedRow) => readonly PublishedRow[] | null;
  /** The rows of the page that was begun. */
  readonly rest: () => readonly PublishedRow[];
}

export function createPageCutter(): PageCutter {
  let page: PublishedRow[] = [];
  let pageBytes = 0;
  return {
    add: (row) => {
      const rowBytes = bytesOfRow(row);
      const isFull = page.length > 0 && pageBytes + rowBytes > LIMITS.pageBytes;
      const full = isFull ? page : null;
      if (isFull) [page, pageBytes] = [[], 0];
      page.push(row);
      pageBytes += rowBytes;
      return full;
    },
    rest: () => page,
  };
}

/** The published base that a run writes while it goes on. */
export interface BaseAhead {
  /** Takes what was committed. @throws what writing a page before it threw */
  readonly committed: (writes: readonly CatalogWrite[], syncedAt: string) => Promise<void>;
  /** How many pages hold all live records; null when they do not, and are to be written from the store.
   *  @throws what writing a page threw */
  readonly complete: (liveCount: number) => Promise<number | null>;
}

interface Ports extends Pick<SyncPorts, 'ref' | 'store'> {
  readonly lease: LeaseWatch;
}

/**
 * A run that finds no live record need not read back what it stores: where the list goes on in the order
 * of the base, newest id first, it has each page as it comes. Writing one overlaps with what follows. At
 * the first row out of order it is given up, and the base is written from the store when the run ends.
 */
export function baseAhead(control: ActiveControl, { lease, ref, store }: Ports): BaseAhead {
  const cutter = createPageCutter();
  let isInOrder = control.liveCount === 0;
  let last: PublishedRow | null = null;
  let rows = 0;
  let pages = 0;
  let writing = Promise.resolve();

  const write = async (page: readonly PublishedRow[]): Promise<void> => {
    await writing;
    lease.check();
    writing = store.writePage(ref, control.fence, pages, page);
    writing.catch(() => {}); // thrown by the next to wait for it
    pages += 1;
  };
  const add = async (row: PublishedRow): Promise<void> => {
    isInOrder = last === null || compareIds(row.id, last.id) < 0;
    if (!isInOrder) return;
    last = row;
    rows += 1;
    const page = cutter.add(row);
    if (page !== null) await write(page);
  };
  return {
    committed: async (writes, syncedAt) => {
      for (const change of writes) {
        if (change.kind === 'tombstone') isInOrder = false;
        if (isInOrder && change.kind === 'upsert')
          await add({ id: change.id, syncedAt, ...change.listed });
      }
    },
    complete: async (liveCount) => {
      if (!isInOrder || rows !== liveCount) {
        // What is still on its way would else land on what takes its place.
        await writing.catch(() => {});
        return null;
      }
      if (pages === 0 || cutter.rest().length > 0) await write(cutter.rest());
      await writing;
      return pages;
    },
  };
}
