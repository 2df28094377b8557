import { cutChanges, type FieldChange } from './changed-fields.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import { figures, GOES_ON } from './messages.ts';
import { MOST_KEPT, planningStore, PlannedWrites } from './planning-store.ts';
import type { CatalogReader, CatalogWrite, Log, SyncPorts } from './ports.ts';
import type { RecordId } from './record-id.ts';
import { runSync, type SyncResult } from './run-sync.ts';
import { catalogWords } from './source-names.ts';
import type { RunHost, SyncRequest, SyncSettings } from './sync-request.ts';

/** What a sync would do, at most 500 of each kind; `stats` counts all. */
export interface PlannedChanges {
  readonly created: readonly { readonly id: RecordId; readonly title: string }[];
  readonly updated: readonly {
    readonly id: RecordId;
    readonly title: string;
    readonly changes: Readonly<Record<string, FieldChange>>;
  }[];
  readonly removed: readonly { readonly id: RecordId; readonly title: string }[];
  /** What would wait for a person before it is removed. */
  readonly held: readonly RecordId[];
  readonly in_error: readonly { readonly id: string; readonly reason: string }[];
}

export interface DryRunResult extends SyncResult {
  readonly planned: PlannedChanges;
}

/** A run's ports, and what its records are read back through. */
export type DryRunPorts = SyncPorts & { readonly reader: Pick<CatalogReader, 'record'> };

/**
 * Reads everything that a sync would read, compares it as a sync would, and tells what it would change.
 * Nothing is written. It may start whenever no sync is in progress, due or not.
 * @throws StoreUnavailableError when the store can't be read
 */
export async function dryRun(
  { trigger }: Pick<SyncRequest, 'trigger'>,
  ports: DryRunPorts,
  host: RunHost,
  settings: SyncSettings,
): Promise<DryRunResult> {
  const planned = new PlannedWrites();
  const request: SyncRequest = { trigger, force: true, resumeOnly: false, scope: 'full' };
  const { verified: _kept, ...read } = ports;
  const trial = { ...read, store: planningStore(ports.store, planned), log: trialLog(ports.log) };
  const result = await runSync(request, trial, host, settings);
  const message = messageOf(result, ports);
  return { ...result, message, planned: await changesOf(planned, ports) };
}

function messageOf({ success, stats, message }: SyncResult, { ref }: DryRunPorts): string {
  if (stats === null) return message;
  if (!success) {
    const told = message.replace(GOES_ON, 'The next one begins anew.');
    return `Dry run, nothing was written. ${told}`;
  }
  return `Dry run of ${catalogWords(ref)}, nothing was written: a sync would come to ${figures(stats)}.`;
}

/** So that nobody takes a trial for a run. */
function trialLog(log: Log): Log {
  const dry_run = true;
  return {
    info: (event, fields) => log.info(event, { ...fields, dry_run }),
    warn: (event, fields) => log.warn(event, { ...fields, dry_run }),
    error: (event, fields) => log.error(event, { ...fields, dry_run }),
  };
}

async function changesOf(planned: PlannedWrites, ports: DryRunPorts): Promise<PlannedChanges> {
  const { created, updated, removed, rejected, held } = planned;
  return {
    created: created.map((write) => ({ id: write.id, title: titleOf(bodyOf(write), ports) })),
    updated: await inTurn(updated, (write) => updateOf(write, ports)),
    removed: await inTurn(removed, async ({ id }) => ({
      id,
      title: titleOf(await storedBody(id, ports), ports),
    })),
    held: held.slice(0, MOST_KEPT),
    in_error: rejected.map(({ key, reason }) => ({ id: key, reason })),
  };
}

type Upsert = Extract<CatalogWrite, { kind: 'upsert' }>;

async function updateOf(write: Upsert, ports: DryRunPorts) {
  const after = bodyOf(write);
  const before = await storedBody(write.id, ports);
  return { id: write.id, title: titleOf(after, ports), changes: cutChanges(before, after) };
}

function bodyOf({ json }: Upsert): JsonObject {
  const body: unknown = JSON.parse(json);
  return isJsonObject(body) ? body : {};
}

const storedBody = async (id: RecordId, { ref, reader }: DryRunPorts): Promise<JsonObject> =>
  (await reader.record(ref, id))?.body ?? {};

const titleOf = (body: JsonObject, { resource }: DryRunPorts): string => resource.titleOf(body);

/** One read after another: a dry run is in nobody's way. */
async function inTurn<From, To>(
  all: readonly From[],
  map: (one: From) => Promise<To>,
): Promise<readonly To[]> {
  const mapped: To[] = [];
  for (const one of all) mapped.push(await map(one));
  return mapped;
}
