import type { CatalogRef, ControlRecord } from '../core/control.ts';
import type { CatalogReader } from '../core/ports.ts';
import type { Published } from '../core/published.ts';
import type { Resource, Snapshot, ViewContext } from '../core/resource.ts';
import { catalogName } from '../core/source-names.ts';
import type { Pins } from './cursor.ts';

interface Reading {
  readonly reader: CatalogReader;
}

/** One source's part of an open catalogue. */
export interface OpenSource {
  readonly source: string;
  /** The resource's live records, and what their public forms look at. */
  readonly load: () => Promise<{ snapshot: Snapshot; context: ViewContext }>;
  /** Only what public forms look at. */
  readonly context: () => Promise<ViewContext>;
}

/** The control records of one source that a read looks at. */
export interface ReadControls {
  readonly source: string;
  /** By resource, the resource itself first. */
  readonly controls: ReadonlyMap<string, ControlRecord>;
}

/** An open source, and what its tag and its cursors are made of. */
export interface OpenedSource extends OpenSource {
  /** The resource's control record, with the last success of the version that is shown. */
  readonly own: ControlRecord;
  /** Forms and versions of the resource, then of what is read with it. */
  readonly versions: readonly number[];
  readonly pins: Pins;
}

/** Opens one source of a catalogue: records are read only when they are asked for. */
export function openSource(
  resource: Resource,
  { source, controls }: ReadControls,
  about: { readonly joined: readonly string[]; readonly pins: Pins; readonly nowMs: number },
  { reader }: Reading,
): OpenedSource {
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
  const own = asShown(
    found(controls, resource.name),
    found(shown, resource.name),
    pins[catalogName(refOf(resource.name))],
  );
  return {
    source,
    own,
    // What is published in another form is another answer.
    versions: [...shown.values()].flatMap(({ form, version }) => [form, version]),
    pins: pinsOf(shown, own, refOf(resource.name)),
    context,
    load: async () => {
      const [snapshot, loaded] = await Promise.all([snapshotOf(resource.name), context()]);
      return { snapshot, context: loaded };
    },
  };
}

/** What a walk began on, or the newest; never what a run that is not over has changed. How many pages
 *  a base has is the pointer's to say: anybody can make a cursor up. */
function inForce(newest: Published, pin: Pins[string]): Published {
  if (pin === undefined || isAhead(pin, newest) || pin.version >= newest.version) return newest;
  return pin.base === newest.base ? { ...newest, version: pin.version } : { ...newest, ...pin };
}

/** A walk goes on showing what it began on, and says how old that is: who follows changes asks from there. */
function asShown(control: ControlRecord, shown: Published, pin: Pins[string]): ControlRecord {
  const { published, lastSuccessAtMs } = control;
  const isNewest = shown.base === published.base && shown.version === published.version;
  const { succeededAtMs = lastSuccessAtMs } = pin ?? {};
  return isNewest ? control : { ...control, lastSuccessAtMs: succeededAtMs };
}

const isAhead = (pin: Pins[string] | undefined, { base, version }: Published): boolean =>
  pin !== undefined && (pin.base > base || (pin.base === base && pin.version > version));

function pinsOf(
  shown: ReadonlyMap<string, Published>,
  { lastSuccessAtMs: succeededAtMs }: ControlRecord,
  listed: CatalogRef,
): Pins {
  const pins = [...shown].map(([resource, { base, pages, version }]) => [
    catalogName({ source: listed.source, resource }),
    { base, pages, version, ...(resource === listed.resource && { succeededAtMs }) },
  ]);
  return Object.fromEntries(pins);
}

/** All at the same time; what is known already is not read again, unless the walk began on a newer version:
 *  another instance may hear of one some seconds earlier. */
export async function readControls(
  source: string,
  names: readonly string[],
  { known, pins }: { readonly known: ReadonlyMap<string, ControlRecord>; readonly pins: Pins },
  { reader }: Reading,
): Promise<ReadControls> {
  const read = async (resource: string): Promise<[string, ControlRecord]> => {
    const ref = { source, resource };
    const control = known.get(catalogName(ref)) ?? (await reader.control(ref));
    const isBehind = isAhead(pins[catalogName(ref)], control.published);
    return [resource, isBehind ? await reader.control(ref, { fresh: true }) : control];
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
