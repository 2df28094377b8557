import type { CatalogRef, ControlRecord } from '../core/control.ts';
import type { Decision } from '../core/decide.ts';
import type { CatalogReader, Clock } from '../core/ports.ts';
import type { Published } from '../core/published.ts';
import type { Resource, Snapshot, ViewContext } from '../core/resource.ts';
import type { Pins } from './cursor.ts';
import { entityTag, validTag } from './entity-tag.ts';
import { freshnessOf, isStale, type Freshness } from './freshness.ts';

/** Everything a read needs of the outside. */
export interface ReadPorts {
  readonly reader: CatalogReader;
  readonly clock: Clock;
  /** Name of the source whose catalogue is read. */
  readonly source: string;
  /** Least time between two unforced runs of a resource, milliseconds. */
  readonly intervalMsOf: (resource: Resource) => number;
}

/** What is already known of the resources' syncs when a read begins, so that nothing is read twice. */
export interface KnownSync {
  readonly decisions: ReadonlyMap<string, Decision>;
  readonly controls: ReadonlyMap<string, ControlRecord>;
}

export const NOTHING_KNOWN: KnownSync = { decisions: new Map(), controls: new Map() };

/** What a client sends with any read. */
export interface ReadRequest {
  /** The `If-None-Match` header. */
  readonly ifNoneMatch: string | null;
  readonly sync: KnownSync;
  /** It asked to force a sync, which nobody may over HTTP yet. */
  readonly force: boolean;
}

/** One resource as a read sees it: its control records first, records only when they are asked for. */
export interface OpenCatalog {
  readonly nowMs: number;
  readonly freshness: Freshness;
  /** Start of the last successful run; null when never synced. */
  readonly lastSuccessAtMs: number | null;
  /** The published versions that are shown, for the cursors of a walk. */
  readonly pins: Pins;
  /** The client's own tag when it is still right: then nothing needs to be read. */
  readonly unchangedTag: string | null;
  readonly tagUntil: (changesAtMs: number | null) => string;
  /** The resource's live records, and what their public forms look at. */
  readonly load: () => Promise<{ snapshot: Snapshot; context: ViewContext }>;
  /** Only what public forms look at. */
  readonly context: () => Promise<ViewContext>;
}

interface OpenOptions {
  /** More resources than its joins. */
  readonly also?: readonly string[];
  /** The versions that a walk began on. */
  readonly pins?: Pins;
  /** A record is shown as it is stored, so that its tag follows the store and not what is published. */
  readonly asStored?: boolean;
}

/** Reads the control records of a resource, its joins and `also`, side by side: one read for each. */
export async function openCatalog(
  resource: Resource,
  request: ReadRequest,
  ports: ReadPorts,
  { also = [], pins = {}, asStored = false }: OpenOptions = {},
): Promise<OpenCatalog> {
  const joined = [...new Set([...resource.joins, ...also])];
  const names = [...new Set([resource.name, ...joined])];
  const controls = await readControls(names, request.sync, ports);
  const own = found(controls, resource.name);
  const nowMs = ports.clock.nowMs();
  const intervalMs = ports.intervalMsOf(resource);
  const shown = new Map(
    names.map((name) => [name, inForce(found(controls, name).published, pins[name])]),
  );
  const versions = names.map((name) => found(shown, name).version);
  if (asStored) versions[0] = own.version;
  const parts = { versions, stale: isStale(own, nowMs, intervalMs) };
  const decision = request.force
    ? 'forbidden'
    : (request.sync.decisions.get(resource.name) ?? null);
  const snapshotOf = onceEach((name) =>
    ports.reader.snapshot(refOf(name, ports), {
      ...found(controls, name),
      published: found(shown, name),
    }),
  );
  const context = () => loadContext(joined, nowMs, snapshotOf);
  return {
    nowMs,
    freshness: freshnessOf(own, decision, { nowMs, intervalMs }),
    lastSuccessAtMs: own.lastSuccessAtMs,
    pins: pinsOf(shown),
    unchangedTag: validTag(request.ifNoneMatch, parts, nowMs),
    tagUntil: (changesAtMs) => entityTag(parts, changesAtMs),
    context,
    load: async () => {
      const [snapshot, loaded] = await Promise.all([snapshotOf(resource.name), context()]);
      return { snapshot, context: loaded };
    },
  };
}

/** What a walk began on, or the newest; never what a run that is not over has changed. */
function inForce(newest: Published, pin: Pins[string]): Published {
  const isEarlier = pin !== undefined && pin.base <= newest.base && pin.version < newest.version;
  return isEarlier ? { ...newest, ...pin } : newest;
}

function pinsOf(shown: ReadonlyMap<string, Published>): Pins {
  const pins = [...shown].map(([name, { base, pages, version }]) => [
    name,
    { base, pages, version },
  ]);
  return Object.fromEntries(pins);
}

/** The catalogue of a resource in the source that is read. */
export function refOf(resource: string, { source }: { readonly source: string }): CatalogRef {
  return { source, resource };
}

async function readControls(names: readonly string[], sync: KnownSync, ports: ReadPorts) {
  const read = async (name: string): Promise<[string, ControlRecord]> => [
    name,
    sync.controls.get(name) ?? (await ports.reader.control(refOf(name, ports))),
  ];
  return new Map(await Promise.all(names.map(read)));
}

async function loadContext(
  names: readonly string[],
  nowMs: number,
  snapshotOf: (name: string) => Promise<Snapshot>,
): Promise<ViewContext> {
  const read = async (name: string): Promise<[string, Snapshot]> => [name, await snapshotOf(name)];
  const snapshots = new Map(await Promise.all(names.map(read)));
  return { nowMs, related: (name) => found(snapshots, name) };
}

/** Each name is read once, also by a resource that is joined with itself. */
function onceEach(read: (name: string) => Promise<Snapshot>) {
  const reads = new Map<string, Promise<Snapshot>>();
  return (name: string): Promise<Snapshot> => {
    const snapshot = reads.get(name) ?? read(name);
    reads.set(name, snapshot);
    return snapshot;
  };
}

function found<Value>(known: ReadonlyMap<string, Value>, name: string): Value {
  const value = known.get(name);
  if (value === undefined) throw new Error(`${name} is neither the resource nor one of its joins`);
  return value;
}
