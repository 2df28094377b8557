import type { Scheduler } from 'fast-check';
import type { SyncRequest } from '../../shared/core/sync-request.ts';
import type { Store } from '../support/sync-bench.ts';
import type { BusyStore } from './busy-store.ts';
import type { ResourceName } from './model.ts';
import type { Plan, StartKind, Step } from './plan.ts';
import { controlsOf } from './recorded-store.ts';
import { runSession, type SessionOptions } from './session.ts';
import { createModelSupplier, type ModelSupplier } from './supplier.ts';
import { createWorld, type World } from './world.ts';

export type StartStep = Extract<Step, { do: 'start' }>;

const FULL = { force: false, resumeOnly: false, scope: 'full' } as const;
export const REQUESTS: Readonly<Record<StartKind, SyncRequest>> = {
  schedule: { ...FULL, trigger: 'schedule' },
  tick: { ...FULL, trigger: 'schedule', resumeOnly: true },
  force: { ...FULL, trigger: 'admin', force: true },
  rejects: { ...FULL, trigger: 'cli', force: true, scope: 'rejects' },
  read: { ...FULL, trigger: 'read' },
};
export const REMOVAL: SyncRequest = { ...FULL, trigger: 'cli', force: true, scope: 'removal' };
/** Everything that a history's steps act on. */
export interface Stage {
  readonly plan: Plan;
  readonly world: World;
  readonly store: Store;
  readonly isBusy: () => boolean;
  readonly suppliers: Readonly<Record<ResourceName, ModelSupplier>>;
  readonly skewsMs: number[];
  readonly running: Set<Promise<void>>;
  readonly ulid: () => string;
  sessions: number;
  configuration: number;
}

export async function stageOf(
  plan: Plan,
  scheduler: Scheduler,
  { store, isBusy }: BusyStore,
): Promise<Stage> {
  let version = 0;
  let ulids = 0;
  const nextVersion = () => (version += 1);
  const world = createWorld(scheduler, await controlsOf(store));
  return {
    plan,
    world,
    store,
    isBusy,
    suppliers: {
      things: createModelSupplier(plan.records, plan.manner, nextVersion),
      labels: createModelSupplier(plan.records, plan.manner, nextVersion),
    },
    skewsMs: [0, 0, 0],
    running: new Set(),
    ulid: () => `01RUN${String((ulids += 1)).padStart(21, '0')}`,
    sessions: 0,
    configuration: 1,
  };
}

export function start(stage: Stage, step: StartStep, request: SyncRequest): void {
  const number = (stage.sessions += 1);
  const { world, store, ulid, plan, skewsMs, suppliers } = stage;
  const options: SessionOptions = {
    ...step,
    number,
    request,
    worker: `worker-${step.worker}-${number}`,
    configuration: request.scope === 'removal' ? 'removal' : `v${stage.configuration}`,
    wallMs: () => skewsMs[step.worker] ?? 0,
    freezes: plan.freezes,
  };
  const supplier = suppliers[step.resource];
  follow(stage, runSession(options, { world, store, supplier, ulid }));
}

export function follow({ running }: Stage, session: Promise<void>): void {
  running.add(session);
  const forget = () => running.delete(session);
  session.then(forget, () => {}); // a failure stays, and is thrown when the history is drained
}

export const calm = (resource: ResourceName): StartStep => ({
  do: 'start',
  gap: 0,
  resource,
  how: 'schedule',
  worker: 0,
  mishaps: [],
  latencyMs: 0,
  hostLeavesAfter: null,
});
