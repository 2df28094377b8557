import type { Scheduler } from 'fast-check';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createMemoryStore } from '../../shared/adapters/memory/store.ts';
import { busyStore, type BusyStore } from './busy-store.ts';
import type { History } from './history.ts';
import type { Plan, Step } from './plan.ts';
import { discard, readAndStart } from './readers.ts';
import { settled } from './settle.ts';
import { calm, follow, REMOVAL, REQUESTS, stageOf, start, type Stage } from './stage.ts';
import { change } from './supplier.ts';

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

function historyOf({ world, suppliers }: Stage, calmFrom: number): History {
  const { events, logged } = world;
  const upstream = { things: suppliers.things.rows, labels: suppliers.labels.rows };
  return { events, logged, calmFrom, upstream };
}
