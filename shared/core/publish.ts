import { createPageCutter } from './base-pages.ts';
import { emptyBatch } from './batch.ts';
import { commit } from './commit.ts';
import type { ActiveControl } from './control.ts';
import { LIMITS } from './limits.ts';
import { listedOf, NOT_PUBLISHED, PUBLISHED_FORM, type PublishedRow } from './published.ts';
import type { RunPorts } from './run-ports.ts';

interface Renewed {
  readonly control: ActiveControl;
  /** False when the host wanted out first: nothing is different, and the next to come begins again. */
  readonly isDone: boolean;
}

/**
 * Has the published base written anew when too much lies over it: as the run went on, or else now. It is
 * in force once the run's end names it, so that a crash before leaves pages that nobody reads.
 */
export async function renewPublished(control: ActiveControl, ports: RunPorts): Promise<Renewed> {
  if (!needsNewBase(control)) return { control, isDone: true };
  const pages = await ports.ahead.complete(control.liveCount);
  if (pages === null) return writeBase(control, ports);
  return { control: withBase(control, pages), isDone: true };
}

/** Writes it from the stored records. Holds one page at a time in memory, and extends the lease
 *  meanwhile. */
async function writeBase(control: ActiveControl, ports: RunPorts): Promise<Renewed> {
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
  return { control: withBase(current, pages), isDone: true };
}

function withBase(control: ActiveControl, pages: number): ActiveControl {
  const { fence: base, version } = control;
  return { ...control, published: { ...NOT_PUBLISHED, base, pages, version } };
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
  const cutter = createPageCutter();
  let isEmpty = true;
  for await (const records of store.liveRecords(ref)) {
    for (const record of records) {
      const { id, syncedAt } = record;
      const page = cutter.add({ id, syncedAt, ...listedOf(resource, record) });
      isEmpty = false;
      if (page !== null) yield page;
    }
  }
  // An empty base has a page too: none at all is what is left of a version that has expired.
  if (isEmpty || cutter.rest().length > 0) yield cutter.rest();
}
