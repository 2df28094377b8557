import { emptyBatch } from './batch.ts';
import { commit } from './commit.ts';
import type { ActiveControl } from './control.ts';
import { LIMITS } from './limits.ts';
import {
  bytesOfRow,
  listedOf,
  NOT_PUBLISHED,
  PUBLISHED_FORM,
  type PublishedRow,
} from './published.ts';
import type { RunPorts } from './run-ports.ts';

interface Renewed {
  readonly control: ActiveControl;
  /** False when the host wanted out first: nothing is different, and the next to come begins again. */
  readonly isDone: boolean;
}

/**
 * Writes the published base anew from the stored records when too much lies over it; it is in force
 * once the run's end names it, so that a crash in between leaves pages that nobody reads. Holds one page
 * at a time in memory, and extends the lease meanwhile.
 */
export async function renewPublished(control: ActiveControl, ports: RunPorts): Promise<Renewed> {
  if (!needsNewBase(control)) return { control, isDone: true };
  const { clock, lease, ref, shouldStop, store } = ports;
  let current = control;
  let pages = 0;
  let extendedAtMs = clock.monotonicMs();
  for await (const rows of pagesOfRows(ports)) {
    if (shouldStop()) return { control: current, isDone: false };
    if (clock.monotonicMs() >= extendedAtMs + LIMITS.flushMs) {
      current = await commit(current, emptyBatch(), ports);
      extendedAtMs = clock.monotonicMs();
    }
    lease.check();
    await store.writePage(ref, control.fence, pages, rows);
    pages += 1;
  }
  const published = { ...NOT_PUBLISHED, base: control.fence, pages, version: control.version };
  return { control: { ...current, published }, isDone: true };
}

function needsNewBase({ published, version, liveCount }: ActiveControl): boolean {
  const { commits, changes, form } = published;
  if (form !== PUBLISHED_FORM || (version > 0 && published.version === 0)) return true;
  return commits > LIMITS.commitsOverBase || changes > liveCount * LIMITS.changedOverBase;
}

async function* pagesOfRows({
  ref,
  resource,
  store,
}: RunPorts): AsyncGenerator<readonly PublishedRow[]> {
  let page: PublishedRow[] = [];
  let pageBytes = 0;
  for await (const records of store.liveRecords(ref)) {
    for (const record of records) {
      const { id, syncedAt } = record;
      const row = { id, syncedAt, ...listedOf(resource, record) };
      const rowBytes = bytesOfRow(row);
      if (page.length > 0 && pageBytes + rowBytes > LIMITS.pageBytes) {
        yield page;
        page = [];
        pageBytes = 0;
      }
      page.push(row);
      pageBytes += rowBytes;
    }
  }
  if (page.length > 0) yield page;
}
