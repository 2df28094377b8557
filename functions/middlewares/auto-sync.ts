import type { MiddlewareObj, Request } from '@middy/core';
import type { Context } from 'aws-lambda';
import type { CatalogRef, ControlRecord } from '../../shared/core/control.ts';
import type { Decision } from '../../shared/core/decide.ts';
import { softTrigger } from '../../shared/core/soft-trigger.ts';
import { catalogName } from '../../shared/core/source-names.ts';
import { createSystemClock } from '../../shared/adapters/system-clock.ts';
import { beginTtl } from '../../shared/adapters/ttl.ts';
import type { KnownSync } from '../../shared/reads/catalog.ts';
import { createLog, readServices } from '../runtime.ts';
import type { Lazy, ReadServices } from '../services.ts';

/** How long a warm function goes by its last decision before it looks again, milliseconds. */
const REMEMBERED_MS = 3_000;
const BUDGET_MS = 50;

export interface AutoSyncOptions {
  /** Names of the resources to keep fresh. */
  readonly resources: readonly string[];
  /** Names of more resources that the handler looks at: their state is read in the same request. */
  readonly alsoRead?: readonly string[];
  /** Default: this function's own, from its environment. */
  readonly services?: Lazy<TriggerServices>;
  /** How long the answer may be delayed, milliseconds; default 50. */
  readonly budgetMs?: number;
}

type TriggerServices = Pick<
  ReadServices,
  'reader' | 'gate' | 'starter' | 'clock' | 'log' | 'sources'
>;

/** The request's context, with what `autoSync` found out; it may still grow while the handler works. */
export type SyncContext = Context & { sync?: KnownSync };

/** What is found out about one request's catalogues, by `catalogName`. */
interface Findings {
  readonly decisions: Map<string, Decision>;
  readonly controls: Map<string, ControlRecord>;
}

interface Remembered {
  readonly decision: Decision;
  readonly isLive: () => boolean;
}

/**
 * Before the handler answers, starts in the background whatever is due, of every source. All of it is
 * looked at in one request to the store, not again within 3 s; what is due takes one more each, to claim its
 * start. Never throws; delays the answer by no more than its budget, then lets the work go on by itself. The
 * decisions are on the context (`sync`) and in the `Sync-Decision` header, for example
 * `products=started, categories=fresh, drinks/products=fresh`; what was not known in time is not in it, and
 * an answer without `statusCode` has none.
 */
export function autoSync(
  options: AutoSyncOptions,
): MiddlewareObj<unknown, unknown, Error, SyncContext> {
  const { resources, alsoRead = [], services = readServices, budgetMs = BUDGET_MS } = options;
  const remembered = new Map<string, Remembered>();
  let isTold = false;
  const toldOnce = (error: unknown): void => {
    // Without services there is no log either.
    if (!isTold) createLog(createSystemClock(), String).error('auto_sync_off', { error });
    isTold = true;
  };
  return {
    before: async ({ context }) => {
      const findings: Findings = { decisions: new Map(), controls: new Map() };
      Object.assign(context, { sync: findings });
      const ports = orNull(services, toldOnce);
      if (ports === null) return;
      const refsOf = (names: readonly string[]): CatalogRef[] =>
        ports.sources.flatMap((source) => names.map((resource) => ({ source, resource })));
      const asked = refsOf(resources).filter((ref) => {
        const decision = decisionKept(remembered.get(catalogName(ref)));
        if (decision !== null) findings.decisions.set(catalogName(ref), decision);
        return decision === null;
      });
      if (asked.length === 0) return;
      // All are asked for at the same time, or they would be several reads.
      const work = [
        ...asked.map((ref) => trigger(ref, ports, findings, remembered)),
        // The handler meets a fault of these where it looks at them.
        ...refsOf(alsoRead).map((ref) => look(ref, ports, findings).catch(() => {})),
      ];
      await within(budgetMs, Promise.all(work), ports);
    },
    after: addHeader,
  };
}

/** What was decided in the last 3 s: what was started then is running now. */
function decisionKept(known: Remembered | undefined): Decision | null {
  if (known?.isLive() !== true) return null;
  return known.decision === 'started' ? 'running' : known.decision;
}

async function trigger(
  ref: CatalogRef,
  ports: TriggerServices,
  findings: Findings,
  remembered: Map<string, Remembered>,
): Promise<void> {
  const name = catalogName(ref);
  try {
    const control = await look(ref, ports, findings);
    const decision = await softTrigger(ref, control, ports);
    findings.decisions.set(name, decision);
    remembered.set(name, { decision, isLive: beginTtl(REMEMBERED_MS, ports.clock) });
  } catch (error) {
    // The handler meets the same fault where it matters: this is only the chance to start a sync.
    ports.log.warn('auto_sync_failed', { ...ref, error });
  }
}

/** Reads a control record, once for the handler as well. */
async function look(
  ref: CatalogRef,
  { reader }: TriggerServices,
  { controls }: Findings,
): Promise<ControlRecord> {
  const control = await reader.control(ref);
  controls.set(catalogName(ref), control);
  return control;
}

/** Its timer runs out by itself: to cut it short would cost more. */
async function within(
  budgetMs: number,
  work: Promise<unknown>,
  { clock }: TriggerServices,
): Promise<void> {
  await Promise.race([work, clock.sleep(budgetMs)]);
}

/** A function that is not configured keeps nothing fresh, and says so once: its handler may never ask. */
function orNull(services: Lazy<TriggerServices>, tell: (error: unknown) => void) {
  try {
    return services();
  } catch (error) {
    tell(error);
    return null;
  }
}

/** Any handler may have the middleware: what it answers is its own, unless it is told to be HTTP. */
function isHttpAnswer(response: unknown): response is { readonly statusCode: number } {
  if (typeof response !== 'object' || response === null) return false;
  if (Object.getPrototypeOf(response) !== Object.prototype) return false;
  return 'statusCode' in response && typeof response.statusCode === 'number';
}

function addHeader(request: Request<unknown, unknown, Error, SyncContext>): void {
  const { response } = request;
  const decisions = [...(request.context.sync?.decisions ?? [])];
  if (!isHttpAnswer(response) || decisions.length === 0) return;
  const text = decisions.map(([name, decision]) => `${name}=${decision}`).join(', ');
  const headers =
    'headers' in response && typeof response.headers === 'object' ? response.headers : {};
  request.response = { ...response, headers: { ...headers, 'sync-decision': text } };
}
