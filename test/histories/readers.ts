import { discardHeld } from '../../shared/core/held.ts';
import { softTrigger } from '../../shared/core/soft-trigger.ts';
import type { ResourceName } from './model.ts';
import { recorded, refOf } from './recorded-store.ts';
import { logInto } from './session.ts';
import { REMOVAL, REQUESTS, start, type Stage, type StartStep } from './stage.ts';
import { clockOf } from './world.ts';

/** A reader sees the catalogue, and starts the worker when it is due. */
export async function readAndStart(stage: Stage, step: StartStep): Promise<void> {
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

export async function discard(stage: Stage, resource: ResourceName): Promise<void> {
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

/** What single reads answer: always the newest stored version. */
export async function readStored({ world, store }: Stage, resource: ResourceName): Promise<void> {
  const seen: { readonly id: string; readonly json: string }[] = [];
  for await (const records of store.liveRecords(refOf(resource))) {
    seen.push(...records.map(({ id, body }) => ({ id, json: JSON.stringify(body) })));
  }
  world.events.push({ kind: 'read', resource, session: 0, records: seen });
}

/** What lists answer: once all is settled, the same. */
export async function readListed({ world, store }: Stage, resource: ResourceName): Promise<void> {
  const ref = refOf(resource);
  const { records } = await store.snapshot(ref, await store.control(ref));
  const seen = records.map(({ id, body }) => ({ id, json: JSON.stringify(body) }));
  world.events.push({ kind: 'read', resource, session: 0, records: seen });
}
