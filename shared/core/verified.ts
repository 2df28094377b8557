import type { RunState } from './control.ts';
import { printed, TOO_DEEP, type JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';
import type { SyncPorts } from './ports.ts';
import type { RecordId } from './record-id.ts';

/** What one run remembers of details that were read. */
export interface DetailMemory {
  /** Whether the detail behind this list entry need not be read: the entry is as it was when it was
   *  read, the record is what came of it, and the next run will be in time to read it within a day. */
  isVerified(id: RecordId, entry: JsonObject): boolean;
  /** The detail behind this entry was read, and makes a record of that hash. */
  note(id: RecordId, entry: JsonObject, hash: string): void;
  /** Keeps what was noted. Best effort: the next run reads again what could not be kept. */
  save(): Promise<void>;
}

/** Of a deployment that reads every detail in each run. */
const NO_MEMORY: DetailMemory = {
  isVerified: () => false,
  note: () => {},
  save: async () => {},
};

type MemoryPorts = Pick<SyncPorts, 'ref' | 'clock' | 'digest' | 'log' | 'verified'> & {
  readonly ledger: {
    readonly manifest: ReadonlyMap<RecordId, { readonly hash: string }>;
    readonly rejects: ReadonlySet<string>;
  };
  readonly intervalMs: number;
};

/** Opens what is known of details, for one lease.
 *  @throws StoreUnavailableError */
export async function openDetailMemory(run: RunState, ports: MemoryPorts): Promise<DetailMemory> {
  const { ref, clock, digest, ledger, log, verified, intervalMs } = ports;
  if (verified === undefined) return NO_MEMORY;
  const known = await verified.read(ref);
  // When details were read is told by when this began: never later than they were.
  const atMs = clock.nowMs();
  let isChanged = false;

  /** Null of an entry too deep to print, which nothing can be told of. */
  const fingerprintOf = (entry: JsonObject, hash: string): string | null => {
    const text = printed(entry);
    return text === TOO_DEEP ? null : digest(JSON.stringify([run.configuration, hash, text]));
  };
  const isVerified: DetailMemory['isVerified'] = (id, entry) => {
    const hash = ledger.manifest.get(id)?.hash;
    const last = known.get(id);
    if (run.allDetails === true || hash === undefined || last === undefined) return false;
    const ageMs = clock.nowMs() - last.atMs;
    const isRecent = ageMs >= 0 && ageMs + intervalMs <= LIMITS.verifiedMs;
    return isRecent && !ledger.rejects.has(id) && last.fingerprint === fingerprintOf(entry, hash);
  };
  const note: DetailMemory['note'] = (id, entry, hash) => {
    const fingerprint = fingerprintOf(entry, hash);
    isChanged = true;
    if (fingerprint === null) known.delete(id);
    else known.set(id, { fingerprint, atMs });
  };
  const save = async (): Promise<void> => {
    for (const id of known.keys()) {
      if (!ledger.manifest.has(id)) isChanged = known.delete(id);
    }
    if (!isChanged) return;
    await verified.write(ref, known).catch((error: unknown) => {
      log.warn('verified_not_kept', { ...ref, error });
    });
  };
  return { isVerified, note, save };
}
