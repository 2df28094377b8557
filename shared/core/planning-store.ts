import type { RecordId } from './record-id.ts';
import type { CatalogStore, CatalogWrite } from './ports.ts';

/** What a run would have written. */
export interface PlannedWrites {
  /** Ids that were live before. */
  known: ReadonlySet<RecordId>;
  readonly writes: CatalogWrite[];
  /** Deletions that would wait for a person. */
  held: readonly RecordId[];
}

/**
 * The same catalogue to a run that is only tried: it reads the store, and writes nowhere but into
 * `planned`. None of the store's writing methods is ever called. A lease in force is respected, since
 * the supplier is asked for everything; an unfinished run is not gone on with.
 */
export function planningStore(
  store: Pick<CatalogStore, 'control' | 'ledger' | 'heldIds'>,
  planned: PlannedWrites,
): CatalogStore {
  return {
    control: async (ref) => ({ ...(await store.control(ref)), run: null }),
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
    commit: async (_ref, _hold, _after, { writes }) => void planned.writes.push(...writes),
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
