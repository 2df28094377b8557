import * as z from 'zod';
import { digest } from '../../shared/adapters/digest.ts';
import type { ActiveControl, ControlRecord } from '../../shared/core/control.ts';
import type { Json, JsonObject } from '../../shared/core/json.ts';
import type { CatalogReader, CatalogStore, VerifiedDetails } from '../../shared/core/ports.ts';
import { defineResource, hours, minutes } from '../../shared/core/resource.ts';
import { runSync, type SyncResult } from '../../shared/core/run-sync.ts';
import type { SyncRequest } from '../../shared/core/sync-request.ts';
import { fakeSource, many, type FakeSource } from './fake-source.ts';
import { manualClock, type ManualClock } from './manual-clock.ts';

/** About the smallest resource there is: a name, a size, pictures; always with a detail. */
const things = defineResource({
  name: 'things',
  listPath: 'things/',
  detailPath: (id) => `things/${id}/`,
  wire: z.object({
    name: z.string(),
    size: z.number().default(0),
    image_url: z.string().nullish(),
    photo: z.string().nullish(),
  }),
  toRecord: ({ name, size, image_url, photo }) => ({
    name,
    size,
    ...((image_url || photo) && {
      pictures: { ...(image_url && { image_url }), ...(photo && { photo }) },
    }),
  }),
  interval: hours(2),
});

export const REF = { source: 'main', resource: 'things' };
const INTERVAL_MS = hours(2);

export type Store = CatalogStore & CatalogReader;

/** One store, one upstream, one clock, and the real use case between them. */
export interface SyncBench {
  readonly clock: ManualClock;
  readonly store: Store;
  source: FakeSource;
  readonly events: { readonly level: string; readonly event: string; readonly fields: object }[];
  sync(request?: Partial<SyncRequest>, host?: Partial<HostOptions>): Promise<SyncResult>;
  control(): Promise<ControlRecord>;
  /** What is stored and live: id → body. */
  live(): Promise<Record<string, Json | undefined>>;
  /** What lists show: id → body. */
  listed(): Promise<Record<string, Json | undefined>>;
  /** Lets the next unforced run be due. */
  untilDue(): void;
}

export interface HostOptions {
  readonly holder: string;
  readonly store: Store;
  readonly source: FakeSource;
  readonly configuration: string;
  readonly verified: VerifiedDetails;
  readonly shouldStop: () => boolean;
  readonly isGone: (holder: string) => boolean;
  readonly observe: (control: ActiveControl) => void;
}

const FULL: SyncRequest = { trigger: 'schedule', force: false, resumeOnly: false, scope: 'full' };

export function syncBench(store: Store, rows: JsonObject[] = many(50), ref = REF): SyncBench {
  const clock = manualClock();
  const events: SyncBench['events'] = [];
  const at =
    (level: string) =>
    (event: string, fields: object = {}) => {
      events.push({ level, event, fields });
    };
  const log = { info: at('info'), warn: at('warn'), error: at('error') };
  const bench: SyncBench = {
    clock,
    store,
    events,
    source: fakeSource(rows),
    sync: (request = {}, options = {}) => {
      const { counters } = options.source ?? bench.source;
      Object.assign(counters, { requests: 0, retries: 0 });
      return runSync(
        { ...FULL, ...request },
        {
          ref,
          clock,
          log,
          digest,
          resource: things,
          source: options.source ?? bench.source,
          store: options.store ?? store,
          ...(options.verified !== undefined && { verified: options.verified }),
        },
        {
          holder: options.holder ?? 'worker-1',
          shouldStop: options.shouldStop ?? (() => false),
          isGone: options.isGone ?? (() => false),
          observe: options.observe ?? (() => {}),
        },
        { intervalMs: INTERVAL_MS, configuration: options.configuration ?? 'v1' },
      );
    },
    control: () => store.control(ref),
    live: async () => {
      const bodies: [string, JsonObject][] = [];
      for await (const records of store.liveRecords(ref)) {
        for (const { id, body } of records) bodies.push([id, body]);
      }
      return Object.fromEntries(bodies);
    },
    listed: async () => {
      const { records } = await store.snapshot(ref, await store.control(ref));
      return Object.fromEntries(records.map(({ id, body }) => [id, body]));
    },
    untilDue: () => clock.advance(INTERVAL_MS + minutes(1)),
  };
  return bench;
}

/** Runs once, so that there is something to lose. */
export async function synced(store: Store, rows: JsonObject[] = many(50)): Promise<SyncBench> {
  const bench = syncBench(store, rows);
  const result = await bench.sync();
  if (!result.success) throw new Error(result.message);
  return bench;
}
