import type { ControlRecord } from '../core/control.ts';
import type { Decision } from '../core/decide.ts';
import type { CatalogReader, Clock } from '../core/ports.ts';
import type { Resource } from '../core/resource.ts';
import { catalogName } from '../core/source-names.ts';
import type { Pins } from './cursor.ts';
import { entityTag, validTag, type Tagged } from './entity-tag.ts';
import { freshnessOf, isStale, leastFresh, type Freshness } from './freshness.ts';
import { openSource, readControls, type OpenSource, type ReadControls } from './open-source.ts';
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
  /** It asked to force a sync, which nobody may by a read. */
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
  readonly unchanged: Tagged | null;
  readonly tagUntil: (changesAtMs: number | null) => Tagged;
  /** Each source that it is about, in the order of lists. */
  readonly sources: readonly [OpenSource, ...OpenSource[]];
}

interface OpenOptions {
  /** More resources than its joins. */
  readonly also?: readonly string[];
  /** The versions that a walk began on. */
  readonly pins?: Pins;
  /** A record is shown as it is stored, beside others as they are published: its tag follows both. */
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
      readControls(
        source,
        [...new Set([resource.name, ...joined])],
        { known: request.sync.controls, pins },
        ports,
      ),
    ),
  );
  if (first === undefined) throw new Error('there is no source');
  const nowMs = ports.clock.nowMs();
  const opened = (read: ReadControls) => openSource(resource, read, { joined, pins, nowMs }, ports);
  const sources = [opened(first), ...others.map(opened)] as const;
  const parts = {
    versions: sources.flatMap(({ own, versions }) =>
      asStored ? [own.version, ...versions] : versions,
    ),
    stale: sources.map(({ source, own }) =>
      isStale(own, nowMs, ports.intervalMsOf(resource, source)),
    ),
  };
  const freshness = sources.map(({ source, own }): [string, Freshness] => {
    const name = catalogName({ source, resource: resource.name });
    const decision = request.force ? 'forbidden' : (request.sync.decisions.get(name) ?? null);
    const intervalMs = ports.intervalMsOf(resource, source);
    return [source, freshnessOf(own, decision, { nowMs, intervalMs })];
  });
  return {
    nowMs,
    freshness: leastFresh(freshness),
    lastSuccessAtMs: latest(sources.map(({ own }) => own.lastSuccessAtMs)),
    pins: Object.fromEntries(sources.flatMap((one) => Object.entries(one.pins))),
    unchanged: validTag(request.ifNoneMatch, parts, nowMs),
    tagUntil: (changesAtMs) => entityTag(parts, changesAtMs),
    sources,
  };
}

/** The latest of some moments, milliseconds; null when there is none. */
function latest(moments: readonly (number | null)[]): number | null {
  const known = moments.filter((moment) => moment !== null);
  return known.length === 0 ? null : Math.max(...known);
}
