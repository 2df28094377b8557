import type { CatalogRef, ControlRecord } from '../core/control.ts';
import type { Decision } from '../core/decide.ts';
import type { CatalogReader, Clock } from '../core/ports.ts';
import type { Published } from '../core/published.ts';
import type { Resource, Snapshot, ViewContext } from '../core/resource.ts';
import { catalogName } from '../core/source-names.ts';
import type { Pins } from './cursor.ts';
import { entityTag, validTag } from './entity-tag.ts';
import { freshnessOf, isStale, leastFresh, type Freshness } from './freshness.ts';
import { askedSources } from './sources.ts';

/** Everything a read needs of the outside. */
export interface ReadPorts {
  readonly reader: CatalogReader;
  readonly clock: Clock;
  /** Names of the sources, the main one first: lists show them in this order. */
  readonly sources: readonly string[];
  /** Least time between two unforced runs of a resource of a source, milliseconds. */
  readonly intervalMsOf: (resource: Resource, source: string) => number;
}

/** What is already known of the syncs when a read begins, by `catalogName`, so that nothing is read
 *  twice. */
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
  /** The one source that it is about; null: all of them. */
  readonly source: string | null;
}

/** One resource as a read sees it: its control records first, records only when they are asked for. */
export interface OpenCatalog {
  readonly nowMs: number;
  readonly freshness: Freshness;
  /** Start of the last successful run of any source; null when never synced. */
  readonly lastSuccessAtMs: number | null;
  /** The published versions that are shown, for the cursors of a walk. */
  readonly pins: Pins;
  /** The client's own tag when it is still right: then nothing needs to be read. */
  readonly unchangedTag: string | null;
  readonly tagUntil: (changesAtMs: number | null) => string;
  /** Each source that it is about, in the order of lists. */
  readonly sources: readonly [OpenSource, ...OpenSource[]];
}

/** The part of one source. */
export interface OpenSource {
  readonly source: string;
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

/**
 * Reads the control records of a resource, its joins and `also`, of each source, all at the same time.
 * @throws ReadError `bad_parameter` for a source that there is none of
 */
export async function openCatalog(
  resource: Resource,
  request: ReadRequest,
  ports: ReadPorts,
  options: OpenOptions = {},
): Promise<OpenCatalog> {
  const { pins = {}, asStored = false } = options;
  const joined = [...new Set([...resource.joins, ...(options.also ?? [])])];
  const [first, ...others] = await Promise.all(
    askedSources(request.source, ports).map((source) =>
      readControls(source, [...new Set([resource.name, ...joined])], request.sync, ports),
    ),
  );
  if (first === undefined) throw new Error('there is no source');
  const nowMs = ports.clock.nowMs();
  const shelf = (read: ReadControls) => openShelf(resource, read, { joined, pins, nowMs }, ports);
  const shelves = [shelf(first), ...others.map(shelf)] as const;
  const parts = {
    versions: shelves.flatMap(({ own, versions }) =>
      asStored ? [own.version, ...versions.slice(1)] : versions,
    ),
    stale: shelves.map(({ source, own }) =>
      isStale(own, nowMs, ports.intervalMsOf(resource, source)),
    ),
  };
  const freshness = shelves.map(({ source, own }): [string, Freshness] => {
    const name = catalogName({ source, resource: resource.name });
    const decision = request.force ? 'forbidden' : (request.sync.decisions.get(name) ?? null);
    const intervalMs = ports.intervalMsOf(resource, source);
    return [source, freshnessOf(own, decision, { nowMs, intervalMs })];
  });
  return {
    nowMs,
    freshness: leastFresh(freshness),
    lastSuccessAtMs: latest(shelves.map(({ own }) => own.lastSuccessAtMs)),
    pins: Object.fromEntries(shelves.flatMap((one) => Object.entries(one.pins))),
    unchangedTag: validTag(request.ifNoneMatch, parts, nowMs),
    tagUntil: (changesAtMs) => entityTag(parts, changesAtMs),
    sources: shelves,
  };
}

/** The latest of some moments, milliseconds; null when there is none. */
function latest(moments: readonly (number | null)[]): number | null {
  const known = moments.filter((moment) => moment !== null);
  return known.length === 0 ? null : Math.max(...known);
}

interface ReadControls {
  readonly source: string;
  /** By resource, the resource itself first. */
  readonly controls: ReadonlyMap<string, ControlRecord>;
}

interface Shelf extends OpenSource {
  readonly own: ControlRecord;
  /** Of the resource, then of what is read with it. */
  readonly versions: readonly number[];
  readonly pins: Pins;
}

function openShelf(
  resource: Resource,
  { source, controls }: ReadControls,
  about: { readonly joined: readonly string[]; readonly pins: Pins; readonly nowMs: number },
  { reader }: ReadPorts,
): Shelf {
  const { joined, pins, nowMs } = about;
  const refOf = (name: string): CatalogRef => ({ source, resource: name });
  const shown = new Map(
    [...controls].map(([name, { published }]) => [
      name,
      inForce(published, pins[catalogName(refOf(name))]),
    ]),
  );
  const snapshotOf = onceEach((name) =>
    reader.snapshot(refOf(name), { ...found(controls, name), published: found(shown, name) }),
  );
  const context = () => loadContext(joined, nowMs, snapshotOf);
  return {
    source,
    own: found(controls, resource.name),
    versions: [...shown.values()].map(({ version }) => version),
    pins: pinsOf(source, shown),
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

function pinsOf(source: string, shown: ReadonlyMap<string, Published>): Pins {
  const pins = [...shown].map(([resource, { base, pages, version }]) => [
    catalogName({ source, resource }),
    { base, pages, version },
  ]);
  return Object.fromEntries(pins);
}

async function readControls(
  source: string,
  names: readonly string[],
  sync: KnownSync,
  { reader }: ReadPorts,
): Promise<ReadControls> {
  const read = async (resource: string): Promise<[string, ControlRecord]> => {
    const ref = { source, resource };
    return [resource, sync.controls.get(catalogName(ref)) ?? (await reader.control(ref))];
  };
  return { source, controls: new Map(await Promise.all(names.map(read))) };
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
