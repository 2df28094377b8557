import type { Store } from '../support/sync-bench.ts';
import type { History, Read } from './history.ts';
import { bodyOf } from './model.ts';
import { controlsOf, refOf } from './recorded-store.ts';
import type { Mishap } from './gate.ts';
import { runSession } from './session.ts';
import { change, createModelSupplier, type ModelSupplier } from './supplier.ts';
import { createWorld, type World } from './world.ts';

const FORCED = { trigger: 'cli', force: true, resumeOnly: false, scope: 'full' } as const;
const MANNER = {
  counts: true,
  namesNext: true,
  pastTheEnd: 'not_found',
  isNewestFirst: true,
} as const;
/** Past the lease and its margin. */
const LEASE_OVER_MS = 101_000;

/** One catalogue that was synced once, and then changed: there is something to create, update, remove
 *  and reject. */
export interface MatrixStage {
  readonly world: World;
  readonly supplier: ModelSupplier;
  /** Id → the body that must be stored in the end. */
  readonly wanted: ReadonlyMap<string, string>;
  sync(mishaps?: readonly Mishap[]): Promise<readonly string[]>;
  history(): Promise<History>;
}

export async function matrixStage(store: Store, created: number): Promise<MatrixStage> {
  let versions = 0;
  let ulids = 0;
  let sessions = 0;
  const known = 5;
  const pageSize = Math.ceil((known + created - 1) / 3);
  const supplier = createModelSupplier(known, { ...MANNER, pageSize }, () => (versions += 1));
  const world = createWorld(null, await controlsOf(store));
  const none = createModelSupplier(0, { ...MANNER, pageSize }, () => 0);
  const stage: Omit<MatrixStage, 'wanted'> = {
    world,
    supplier,
    sync: async (mishaps = []) => {
      const operations: string[] = [];
      const number = (sessions += 1);
      await runSession(
        {
          number,
          worker: `worker-${number}`,
          resource: 'things',
          request: FORCED,
          mishaps,
          latencyMs: 0,
          hostLeavesAfter: null,
          configuration: 'v1',
          wallMs: () => 0,
          freezes: false,
        },
        {
          world,
          store,
          supplier,
          ulid: () => `01RUN${String((ulids += 1)).padStart(21, '0')}`,
          onOperation: (label) => operations.push(label),
        },
      );
      world.pass(LEASE_OVER_MS);
      return operations;
    },
    history: async () => {
      const upstream = { things: supplier.rows, labels: none.rows };
      return { events: world.events, logged: world.logged, calmFrom: 0, upstream };
    },
  };
  await stage.sync();
  const broken = supplier.rows.at(-1);
  change(supplier, 'break', supplier.rows.length - 1);
  for (let made = 0; made < created; made += 1) change(supplier, 'insert', 0);
  change(supplier, 'edit', supplier.rows.length - 1);
  change(supplier, 'remove', supplier.rows.length - 1);
  const good = supplier.rows.filter(({ isValid }) => isValid);
  const kept = broken === undefined ? [] : [broken];
  const wanted = new Map([...good, ...kept].map((row) => [row.id, bodyOf(row)]));
  return { ...stage, wanted };
}

/** What readers see, noted in the history. */
export async function readBy(
  store: Store,
  { events }: World,
): Promise<ReadonlyMap<string, string>> {
  const ref = refOf('things');
  const { records } = await store.snapshot(ref, await store.control(ref));
  const seen = records.map(({ id, body }) => ({ id, json: JSON.stringify(body) }));
  const read: Read = { kind: 'read', resource: 'things', session: 0, records: seen };
  events.push(read);
  return new Map(seen.map(({ id, json }) => [id, json]));
}
