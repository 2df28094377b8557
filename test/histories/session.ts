import { digest } from '../../shared/adapters/digest.ts';
import type { ControlRecord } from '../../shared/core/control.ts';
import { StoreUnavailableError } from '../../shared/core/errors.ts';
import { noSource } from '../../shared/core/no-source.ts';
import type { Clock, Log } from '../../shared/core/ports.ts';
import { runSync } from '../../shared/core/run-sync.ts';
import type { SyncRequest } from '../../shared/core/sync-request.ts';
import type { Store } from '../support/sync-bench.ts';
import { createGate, type Gate, type Mishap } from './gate.ts';
import { INTERVAL_MS, RESOURCES, type ResourceName } from './model.ts';
import { recorded, refOf } from './recorded-store.ts';
import { sourceOf } from './session-source.ts';
import type { ModelSupplier } from './supplier.ts';
import { clockOf, type World } from './world.ts';

export interface SessionOptions {
  readonly number: number;
  readonly worker: string;
  readonly resource: ResourceName;
  readonly request: SyncRequest;
  readonly mishaps: readonly Mishap[];
  /** How long each upstream answer takes. */
  readonly latencyMs: number;
  /** Its host wants out after so many operations; null is never. */
  readonly hostLeavesAfter: number | null;
  readonly configuration: string;
  readonly wallMs: () => number;
  /** Whether its monotonic clock stands still while it is paused. */
  readonly freezes: boolean;
}

export interface SessionParts {
  readonly world: World;
  readonly store: Store;
  readonly supplier: ModelSupplier;
  readonly ulid: () => string;
  /** Told of each operation, for those who count them. */
  readonly onOperation?: (label: string) => void;
}

/** Runs one session to its end or its death; never rejects for what the world does to it. */
export async function runSession(options: SessionOptions, parts: SessionParts): Promise<void> {
  const { world } = parts;
  const { resource, request, number: session } = options;
  const gate = createGate(options, parts);
  const log = logInto(world);
  const skew = { wallMs: options.wallMs, stoodStillMs: gate.stoodStillMs };
  const clock = clockOf(world, skew, gate.isAlive, parts.ulid);
  let seen: ControlRecord | null = null;
  let decidedAtMs: number | null = null;
  const store = faulty(parts, options, clock, gate, (control) => (seen ??= control));
  // A decision is judged by the time it was made at: the clock may be set back while the store answers.
  const nowMs = (): number => {
    const readMs = clock.nowMs();
    if (seen !== null) decidedAtMs ??= readMs;
    return readMs;
  };
  const source = request.scope === 'removal' ? noSource : sourceOf(parts, options, gate);
  const ports = {
    ref: refOf(resource),
    resource: RESOURCES[resource],
    source,
    store,
    clock: { ...clock, nowMs },
    log,
  };
  const host = {
    holder: options.worker,
    shouldStop: () =>
      options.hostLeavesAfter !== null && gate.operations() >= options.hostLeavesAfter,
    isGone: () => false,
    observe: () => {},
  };
  const { configuration } = options;
  const settings = { intervalMs: INTERVAL_MS, configuration };
  const driven = async (): Promise<void> => {
    try {
      const { decision } = await runSync(request, { ...ports, digest }, host, settings);
      if (seen === null || decidedAtMs === null) return;
      const asked = { kind: 'answered', resource, session, request, decision } as const;
      world.events.push({ ...asked, nowMs: decidedAtMs, control: seen });
    } catch (error) {
      // Only what the store did to it may break a run.
      if (!(error instanceof StoreUnavailableError)) throw error;
    }
  };
  await Promise.race([driven(), gate.died]);
}

/** The store as this session reaches it. */
function faulty(
  { store, world }: SessionParts,
  { resource, request, number: session }: SessionOptions,
  clock: Clock,
  gate: Gate,
  onControl: (control: ControlRecord) => void,
): Store {
  const inner = recorded(store, world, { session, request, nowMs: clock.nowMs }, resource);
  return {
    ...inner,
    control: (ref) =>
      gate.pass('control', false, async () => {
        const control = await inner.control(ref);
        onControl(control);
        return control;
      }),
    acquire: (...given) => gate.pass('acquire', true, () => inner.acquire(...given)),
    ledger: (...given) => gate.pass('ledger', false, () => inner.ledger(...given)),
    commit: (...given) => gate.pass('commit', true, () => inner.commit(...given)),
    writeManifest: (...given) =>
      gate.pass('writeManifest', true, () => inner.writeManifest(...given)),
    finish: (...given) => gate.pass('finish', true, () => inner.finish(...given)),
    heldIds: (...given) => gate.pass('heldIds', false, () => inner.heldIds(...given)),
  };
}

/** Logs as the program does: errors as their messages. */
export function logInto({ logged }: Pick<World, 'logged'>): Log {
  const note = (event: string, fields: object = {}): void => {
    const error = 'error' in fields && fields.error instanceof Error ? fields.error.message : '';
    logged.push(`${event} ${error}`);
  };
  return { info: note, warn: note, error: note };
}
