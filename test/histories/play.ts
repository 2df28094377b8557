import type { Scheduler } from 'fast-check';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createMemoryStore } from '../../shared/adapters/memory-store.ts';
import { discardHeld } from '../../shared/core/held.ts';
import { softTrigger } from '../../shared/core/soft-trigger.ts';
import type { SyncRequest } from '../../shared/core/sync-request.ts';
import type { Store } from '../support/sync-bench.ts';
import { busyStore, type BusyStore } from './busy-store.ts';
import type { History } from './history.ts';
import { RESOURCE_NAMES, type ResourceName } from './model.ts';
import type { Plan, StartKind, Step } from './plan.ts';
import { controlsOf, recorded, refOf } from './recorded-store.ts';
import { logInto, runSession, type SessionOptions } from './session.ts';
import { change, createModelSupplier, type ModelSupplier } from './supplier.ts';
import { clockOf, createWorld, type World } from './world.ts';

type StartStep = Extract<Step, { do: 'start' }>;

const FULL = { force: false, resumeOnly: false, scope: 'full' } as const;
const REQUESTS: Readonly<Record<StartKind, SyncRequest>> = {
  schedule: { ...FULL, trigger: 'schedule' },
  tick: { ...FULL, trigger: 'schedule', resumeOnly: true },
  force: { ...FULL, trigger: 'admin', force: true },
  rejects: { ...FULL, trigger: 'cli', force: true, scope: 'rejects' },
  read: { ...FULL, trigger: 'read' },
};
const REMOVAL: SyncRequest = { ...FULL, trigger: 'cli', force: true, scope: 'removal' };
/** Two that converge, and one that is to find nothing to do. */
const SETTLED_RUNS = 3;

/** Everything that a history's steps act on. */
interface Stage {
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

/** Plays a plan under a scheduler, then lets all faults stop and the catalogue settle.
 *  @param given an empty store; its own time never counts */
export async function play(
  plan: Plan,
  scheduler: Scheduler,
  given: BusyStore = busyStore(createMemoryStore()),
): Promise<History> {
  const stage = await stageOf(plan, scheduler, given);
  const stepped = playSteps(stage);
  await drained(stage, scheduler, stepped);
  const calmFrom = stage.world.events.length;
  await settled(stage);
  return historyOf(stage, calmFrom);
}

async function stageOf(
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
      things: createModelSupplier(plan, nextVersion),
      labels: createModelSupplier(plan, nextVersion),
    },
    skewsMs: [0, 0, 0],
    running: new Set(),
    ulid: () => `01RUN${String((ulids += 1)).padStart(21, '0')}`,
    sessions: 0,
    configuration: 1,
  };
}

async function playSteps(stage: Stage): Promise<void> {
  for (const step of stage.plan.steps) {
    for (let turn = 0; turn <= step.gap; turn += 1) {
      if (turn > 0 && stage.running.size === 0) break;
      await stage.world.turn('step');
    }
    playStep(stage, step);
  }
}

function playStep(stage: Stage, step: Step): void {
  const { world, suppliers, skewsMs } = stage;
  const supplier = suppliers[step.resource];
  switch (step.do) {
    case 'start':
      if (step.how === 'read') follow(stage, readAndStart(stage, step));
      else start(stage, step, REQUESTS[step.how]);
      return;
    case 'change':
      change(supplier, step.what, step.which);
      return;
    case 'fault':
      supplier.faults.push(...Array.from({ length: step.skip }, () => null));
      supplier.faults.push(...Array.from({ length: step.calls }, () => step.fault));
      return;
    case 'pass':
      world.pass(step.ms);
      return;
    case 'skew':
      skewsMs[step.worker] = step.ms;
      return;
    case 'approve':
      start(stage, calm(step.resource), REMOVAL);
      return;
    case 'discard':
      follow(stage, discard(stage, step.resource));
      return;
    case 'deploy':
      stage.configuration += 1;
  }
}

function start(stage: Stage, step: StartStep, request: SyncRequest): void {
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

function follow({ running }: Stage, session: Promise<void>): void {
  running.add(session);
  const forget = () => running.delete(session);
  session.then(forget, () => {}); // a failure stays, and is thrown when the history is drained
}

/** A reader sees the catalogue, and starts the worker when it is due. */
async function readAndStart(stage: Stage, step: StartStep): Promise<void> {
  const { world, store, skewsMs } = stage;
  const { resource } = step;
  const ref = refOf(resource);
  const clock = clockOf(world, atWall(skewsMs[step.worker] ?? 0), () => true, stage.ulid);
  const who = { session: 0, request: REQUESTS.read, nowMs: clock.nowMs };
  const gate = recorded(store, world, who, resource);
  const control = await store.control(ref);
  await readStored(stage, resource);
  await world.turn('claim');
  const starter = { start: async () => start(stage, step, REQUESTS.read) };
  await softTrigger(ref, control, { gate, starter, clock, log: logInto(world) });
}

async function discard(stage: Stage, resource: ResourceName): Promise<void> {
  const { world } = stage;
  const ref = refOf(resource);
  const { held } = await stage.store.control(ref);
  const clock = clockOf(world, atWall(0), () => true, stage.ulid);
  const who = { session: 0, request: REMOVAL, nowMs: clock.nowMs };
  const store = recorded(stage.store, world, who, resource);
  await world.turn('discard');
  if (held !== null) await discardHeld(ref, held.runId, { store, clock, log: logInto(world) });
}

const atWall = (ms: number) => ({ wallMs: () => ms, stoodStillMs: () => 0 });

/** Gives turns, and time when nobody wants a turn, until all who live have ended. */
async function drained(
  { world, running, isBusy }: Stage,
  scheduler: Scheduler,
  stepped: Promise<void> = Promise.resolve(),
): Promise<void> {
  let hasStepped = false;
  stepped.then(
    () => (hasStepped = true),
    () => {},
  );
  for (;;) {
    while (scheduler.count() > 0) await scheduler.waitNext(1);
    await nextTurn();
    if (scheduler.count() > 0 || isBusy()) continue;
    if (hasStepped && running.size === 0) break;
    if (!world.passToNextWaking() && (await isStuck(scheduler))) break;
  }
  await stepped;
  await Promise.all(running);
}

async function isStuck(scheduler: Scheduler): Promise<boolean> {
  for (let turn = 0; turn < 3; turn += 1) await nextTurn();
  return scheduler.count() === 0;
}

const calm = (resource: ResourceName): StartStep => ({
  do: 'start',
  gap: 0,
  resource,
  how: 'schedule',
  worker: 0,
  mishaps: [],
  latencyMs: 0,
  hostLeavesAfter: null,
});

/** All faults stop, and what is held is approved: then due runs, the last of which is to find nothing
 *  to do. */
async function settled(stage: Stage): Promise<void> {
  const { world, suppliers, skewsMs } = stage;
  world.isCalm = true;
  skewsMs.fill(0);
  for (const resource of RESOURCE_NAMES) {
    const supplier = suppliers[resource];
    supplier.faults.length = 0;
    change(supplier, 'insert', 0);
    change(supplier, 'heal', 0);
    await settledOne(stage, resource);
    await readStored(stage, resource);
    await readListed(stage, resource);
  }
}

async function settledOne(stage: Stage, resource: ResourceName): Promise<void> {
  const { world, running, store } = stage;
  for (let run = 0; run < SETTLED_RUNS; run += 1) {
    world.pass(131 * 60_000);
    start(stage, calm(resource), REQUESTS.schedule);
    await Promise.all(running);
    const { held } = await store.control(refOf(resource));
    if (held !== null) start(stage, calm(resource), REMOVAL);
    await Promise.all(running);
  }
}

/** What single reads answer: always the newest stored version. */
async function readStored({ world, store }: Stage, resource: ResourceName): Promise<void> {
  const seen: { readonly id: string; readonly json: string }[] = [];
  for await (const records of store.liveRecords(refOf(resource))) {
    seen.push(...records.map(({ id, body }) => ({ id, json: JSON.stringify(body) })));
  }
  world.events.push({ kind: 'read', resource, session: 0, records: seen });
}

/** What lists answer: once all is settled, the same. */
async function readListed({ world, store }: Stage, resource: ResourceName): Promise<void> {
  const ref = refOf(resource);
  const { records } = await store.snapshot(ref, await store.control(ref));
  const seen = records.map(({ id, body }) => ({ id, json: JSON.stringify(body) }));
  world.events.push({ kind: 'read', resource, session: 0, records: seen });
}

function historyOf({ world, suppliers }: Stage, calmFrom: number): History {
  const { events, logged } = world;
  const upstream = { things: suppliers.things.rows, labels: suppliers.labels.rows };
  return { events, logged, calmFrom, upstream };
}
