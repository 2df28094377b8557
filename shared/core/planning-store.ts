import { isGivenUp } from './acquisition.ts';
import type { RecordId } from './record-id.ts';
import type { CatalogStore, CatalogWrite } from './ports.ts';

/** Writes of each kind that are kept to be told: a whole catalogue might not
 *  fit a worker's memory, nor an answer of Lambda its 6 MB. */
export const MOST_KEPT = 500;

type WriteOf<Kind extends CatalogWrite['kind']> = Extract<CatalogWrite, { readonly kind: Kind }>;

/** What a run would have written, the first 500 of each kind. */
export class PlannedWrites {
  readonly created: WriteOf<'upsert'>[] = [];
  readonly updated: WriteOf<'upsert'>[] = [];
  readonly removed: WriteOf<'tombstone'>[] = [];
  readonly rejected: WriteOf<'reject'>[] = [];
  /** Deletions that would wait for a person. */
  held: readonly RecordId[] = [];
  /** Ids that were live before. */
  known: ReadonlySet<RecordId> = new Set();

  keep(write: CatalogWrite): void {
    if (write.kind === 'tombstone') keepFirst(this.removed, write);
    else if (write.kind === 'reject') keepFirst(this.rejected, write);
    else if (write.kind === 'upsert') {
      keepFirst(this.known.has(write.id) ? this.updated : this.created, write);
    }
  }
}

function keepFirst<Write>(kept: Write[], write: Write): void {
  if (kept.length < MOST_KEPT) kept.push(write);
}

/**
 * The same catalogue to a run that is only tried: it reads the store, and writes nowhere but into
 * `planned`. None of the store's writing methods is ever called. A lease in force is respected, since
 * the supplier is asked for everything; an unfinished run is not gone on with.
 */
export function planningStore(
  store: Pick<CatalogStore, 'control' | 'hasRun' | 'ledger' | 'heldIds'>,
  planned: PlannedWrites,
): CatalogStore {
  return {
    control: async (ref) => {
      const control = await store.control(ref);
      return { ...control, run: null, ...(isGivenUp(control) && { marksProve: false }) };
    },
    hasRun: (ref, runId) => store.hasRun(ref, runId),
    ledger: async (ref, control) => {
      const ledger = await store.ledger(ref, control);
      planned.known = new Set(ledger.manifest.keys());
      return ledger;
    },
    // What it tells of updates is read back field by field afterwards.
    bodies: async () => new Map(),
    heldIds: (ref, runId) => store.heldIds(ref, runId),
    acquire: async () => true,
    claimTrigger: async () => false,
    shortenClaim: async () => {},
    commit: async (_ref, _hold, _after, { writes }) => {
      for (const write of writes) planned.keep(write);
    },
    writeManifest: async () => {},
    // Nothing is published either, so that nothing has to be read for it.
    liveRecords: nothing,
    writePage: async () => {},
    finish: async (_ref, _hold, _after, { held }) => {
      planned.held = held ?? [];
    },
    discardHeld: async () => false,
  };
}

async function* nothing(): AsyncGenerator<never> {}
