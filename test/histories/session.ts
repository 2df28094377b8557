import { digest } from '../../shared/adapters/digest.ts';
import type { ControlRecord } from '../../shared/core/control.ts';
import { StoreUnavailableError, UpstreamError } from '../../shared/core/errors.ts';
import { noSource } from '../../shared/core/no-source.ts';
import type { CatalogSource, Clock, Log } from '../../shared/core/ports.ts';
import { runSync } from '../../shared/core/run-sync.ts';
import type { SyncRequest } from '../../shared/core/sync-request.ts';
import type { Store } from '../support/sync-bench.ts';
import { INTERVAL_MS, RESOURCES, type ResourceName } from './model.ts';
import { recorded, refOf } from './recorded-store.ts';
import { answerDetail, answerPage, wireOf, type ModelSupplier } from './supplier.ts';
import { clockOf, type World } from './world.ts';

/** What befalls a session at its n-th operation on the store or upstream, from 1. */
export interface Mishap {
  readonly atOperation: number;
  readonly kind:
    /** Dies before it, or after it took effect. */
    | 'crash_before'
    | 'crash_after'
    /** All of the session stands still from here on. */
    | 'pause'
    /** The store fails: before applying it, or with the reply lost for good. */
    | 'refuse'
    | 'lose_reply'
    /** The reply is lost, and the store's client sends it again. */
    | 'repeat';
  readonly forMs: number;
}

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
  const store = faulty(parts, options, clock, gate, (control) => (seen ??= control));
  const source = request.scope === 'removal' ? noSource : sourceOf(parts, options, gate);
  const ports = { ref: refOf(resource), resource: RESOURCES[resource], source, store, clock, log };
  const host = {
    holder: options.worker,
    shouldStop: () =>
      options.hostLeavesAfter !== null && gate.operations() >= options.hostLeavesAfter,
    isGone: () => false,
    observe: () => {},
  };
  const { configuration } = options;
  const settings = { intervalMs: INTERVAL_MS, configuration };
  const startedAtMs = clock.nowMs();
  const driven = async (): Promise<void> => {
    try {
      const { decision } = await runSync(request, { ...ports, digest }, host, settings);
      if (seen === null) return;
      const asked = { kind: 'answered', resource, session, request, decision } as const;
      world.events.push({ ...asked, nowMs: startedAtMs, control: seen });
    } catch (error) {
      // Only what the store did to it may break a run.
      if (!(error instanceof StoreUnavailableError)) throw error;
    }
  };
  await Promise.race([driven(), gate.died]);
}

interface Gate {
  /** Waits for its turn, then lets the operation happen, or what befalls it instead. */
  pass<Result>(label: string, isWrite: boolean, run: () => Promise<Result>): Promise<Result>;
  readonly isAlive: () => boolean;
  readonly died: Promise<void>;
  readonly operations: () => number;
  readonly stoodStillMs: () => number;
}

function createGate(
  { mishaps, freezes, number }: SessionOptions,
  { world, onOperation }: SessionParts,
): Gate {
  let operations = 0;
  let frozenUntilMs = 0;
  let stoodStillMs = 0;
  let isDead = false;
  const death = Promise.withResolvers<void>();
  const never = new Promise<never>(() => {});
  const die = (): Promise<never> => {
    isDead = true;
    death.resolve();
    return never;
  };
  const freeze = (forMs: number): void => {
    frozenUntilMs = Math.max(frozenUntilMs, world.nowMs + forMs);
    if (freezes) stoodStillMs += forMs;
  };
  const isAlive = () => !isDead;
  const thawed = async (): Promise<void> => {
    while (world.nowMs < frozenUntilMs) await world.until(frozenUntilMs, isAlive);
    if (isDead) await never;
  };
  const pass: Gate['pass'] = async (label, isWrite, run) => {
    await world.turn(`${number} ${label}`);
    await thawed();
    operations += 1;
    onOperation?.(label);
    const mishap = mishaps.find(({ atOperation }) => atOperation === operations);
    switch (mishap?.kind) {
      case 'crash_before':
        return die();
      case 'pause':
        freeze(mishap.forMs);
        await thawed();
        return run();
      case 'refuse':
        if (isWrite) throw new StoreUnavailableError('the store was not reached');
        return run();
      case 'lose_reply':
        if (!isWrite) return run();
        await run();
        throw new StoreUnavailableError('the reply was lost');
      case 'repeat':
        if (!isWrite) return run();
        await run();
        await world.turn(`${number} ${label} again`);
        return run();
      case 'crash_after':
        await run().catch(() => {});
        return die();
      case undefined:
        return run();
    }
  };
  return {
    pass,
    isAlive,
    died: death.promise,
    operations: () => operations,
    stoodStillMs: () => stoodStillMs,
  };
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

function sourceOf(
  { world, supplier }: SessionParts,
  { resource: name, number: session, latencyMs }: SessionOptions,
  gate: Gate,
): CatalogSource {
  const counters = { requests: 0, retries: 0 };
  const at = { resource: name, session };
  return {
    counters,
    concurrency: 2,
    cursorAfter: (_resource, cursor) => String(Number(cursor ?? 1) + 1),
    page: (resource, cursor, signal) =>
      gate.pass('page', false, async () => {
        signal.throwIfAborted();
        world.pass(latencyMs);
        counters.requests += 1;
        const { result, ...answer } = answerPage(supplier, resource, cursor);
        world.events.push({ kind: 'page', ...at, ...answer });
        if (result instanceof UpstreamError) throw result;
        return result;
      }),
    detail: (resource, id, signal) =>
      gate.pass('detail', false, async () => {
        signal.throwIfAborted();
        world.pass(latencyMs);
        counters.requests += 1;
        const { url, result } = answerDetail(supplier, resource, id);
        const isError = result instanceof UpstreamError;
        const version = isError ? null : result.version;
        const failure = isError ? result.failure : null;
        world.events.push({ kind: 'detail', ...at, url, id, version, failure });
        if (isError) throw result;
        return wireOf(result);
      }),
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
