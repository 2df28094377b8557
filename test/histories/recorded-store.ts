import { isDeepStrictEqual } from 'node:util';
import { LEASE_MARGIN_MS } from '../../shared/core/decide.ts';
import { LeaseLostError } from '../../shared/core/errors.ts';
import type { Hold } from '../../shared/core/ports.ts';
import type { SyncRequest } from '../../shared/core/sync-request.ts';
import type { Store } from '../support/sync-bench.ts';
import type { Controls, HistoryEvent } from './history.ts';
import { RESOURCE_NAMES, type ResourceName } from './model.ts';
import type { World } from './world.ts';

/** Whose operations these are. */
export interface Recorded {
  readonly session: number;
  readonly request: SyncRequest;
  /** The session's own clock, milliseconds. */
  readonly nowMs: () => number;
}

export const refOf = (resource: ResourceName) => ({ source: 'main', resource });

/** Both control records as they are stored. */
export async function controlsOf(store: Store): Promise<Controls> {
  const [things, labels] = await Promise.all(
    RESOURCE_NAMES.map((name) => store.control(refOf(name))),
  );
  if (things === undefined || labels === undefined) throw new Error('no control records');
  return { things, labels };
}

/** The store, noting what each write met and left: one write at a time, so that each is known. */
export function recorded(store: Store, world: World, who: Recorded, resource: ResourceName): Store {
  const { session, request, nowMs } = who;
  const around = async <Result>(
    run: () => Promise<Result>,
    note: (result: Result | LeaseLostError, before: Controls, after: Controls) => HistoryEvent,
  ): Promise<Result> =>
    world.alone(async () => {
      const before = world.controls;
      const result = await run().catch((error: unknown) => {
        if (error instanceof LeaseLostError) return error;
        throw error;
      });
      world.controls = await controlsOf(store);
      world.events.push(note(result, before, world.controls));
      if (result instanceof LeaseLostError) throw result;
      return result;
    });
  const at = (before: Controls, after: Controls) => ({ resource, session, before, after });
  const hasChanged = (before: Controls, after: Controls): boolean =>
    !isDeepStrictEqual(before[resource], after[resource]);
  const held = ({ fence, runId }: Hold) => ({ fence, runId });
  return {
    ...store,
    acquire: (ref, control, active, condition) =>
      around(
        () => store.acquire(ref, control, active, condition),
        (ok, before, after) => ({
          kind: 'acquire',
          ...at(before, after),
          ok: ok === true,
          nowMs: condition.nowMs + LEASE_MARGIN_MS,
          request,
        }),
      ),
    commit: (ref, hold, control, chunk) =>
      around(
        () => store.commit(ref, hold, control, chunk),
        (_, before, after) => ({
          kind: 'commit',
          ...at(before, after),
          ...held(hold),
          applied: hasChanged(before, after),
          writes: chunk.writes,
          seen: chunk.seen,
        }),
      ),
    finish: (ref, hold, control, ending) =>
      around(
        () => store.finish(ref, hold, control, ending),
        (_, before, after) => ({
          kind: 'finish',
          ...at(before, after),
          ...held(hold),
          applied: hasChanged(before, after),
          nowMs: nowMs(),
          summary: ending.summary,
          held: ending.held,
        }),
      ),
    claimTrigger: (ref, ...given) =>
      around(
        () => store.claimTrigger(ref, ...given),
        (ok, before, after) => ({
          kind: 'claim',
          ...at(before, after),
          ok: ok === true,
          nowMs: nowMs(),
        }),
      ),
    discardHeld: (ref, ...given) =>
      around(
        () => store.discardHeld(ref, ...given),
        (ok, before, after) => ({
          kind: 'discard',
          ...at(before, after),
          ok: ok === true,
          nowMs: nowMs(),
        }),
      ),
  };
}
