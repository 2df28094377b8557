import { UpstreamError } from '../../core/errors.ts';
import type { Clock, Log } from '../../core/ports.ts';
import type { Outcome } from './outcome.ts';
import { MAX_WAIT_MS } from './request-gate.ts';
import { retryDelayMs } from '../retry-delay.ts';

/** Requests sent and, among them, repeated. */
export interface RequestCounters {
  requests: number;
  retries: number;
}

const MAX_ATTEMPTS = 3;
/** How often a request is sent again for nothing but having been one too many: the bound on those in flight is
 *  right after fewer. */
const MOST_EXCESSES = 4;
/** Retries are at most this share of the requests sent, so that a broken supplier gets no storm. */
const RETRY_SHARE = 0.1;
const LEAST_RETRIES = 10;

/** How often a request was sent already. */
export interface Tried {
  /** That failed. */
  attempts: number;
  /** That were one too many for upstream at that moment: they say nothing against it, nor the request. */
  excesses: number;
}

export interface RetryPolicy {
  /**
   * Decides whether a failed request is sent again. Resolves when it may be, after the jitter (the wait
   * that upstream asked for is the gate's); counts it in `counters` and `tried`.
   * @throws UpstreamError why it is not
   * @throws the signal's reason when aborted
   */
  readonly beforeRetry: (
    outcome: Exclude<Outcome, { kind: 'json' }>,
    tried: Tried,
    signal: AbortSignal,
    /** Whether it was one too many at once: true comes as soon as that is known. */
    wasTooMany: false | Promise<true>,
  ) => Promise<void>;
  /** What fails beyond the budget is thrown as it is from now on, and no longer as `retry_budget`. */
  readonly takeFailures: () => void;
}

export function createRetryPolicy(parts: {
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: RequestCounters;
}): RetryPolicy {
  const { clock, log, counters } = parts;
  let unaskedRetries = 0;
  let areTaken = false;

  const spendBudget = (error: UpstreamError): void => {
    // A wait that upstream asked for, and got, adds no load: it is not what the budget is for.
    if (error.retryAfterMs) return;
    const budget = Math.max(LEAST_RETRIES, counters.requests * RETRY_SHARE);
    if (unaskedRetries + 1 > budget) throw areTaken ? error : outOfBudget(error);
    unaskedRetries += 1;
  };
  const comesWithin = async (ms: number, known: Promise<true>, signal: AbortSignal) => {
    const cut = new AbortController();
    const over = clock.sleep(ms, AbortSignal.any([signal, cut.signal])).then(() => false);
    const comes = await Promise.race([known, over]);
    cut.abort();
    return comes;
  };
  const beforeRetry: RetryPolicy['beforeRetry'] = async (outcome, tried, signal, wasTooMany) => {
    const { error } = outcome;
    if (outcome.kind === 'refused' || !outcome.retriable) throw error;
    const { retryAfterMs } = error;
    if ((retryAfterMs ?? 0) > MAX_WAIT_MS) throw throttled(error);
    const jitterMs = retryDelayMs(tried.attempts + 1, clock.random());
    const wakesAtMs = clock.monotonicMs() + jitterMs;
    const mayBeExcess = !retryAfterMs && tried.excesses < MOST_EXCESSES;
    const isExcess =
      mayBeExcess && wasTooMany !== false && (await comesWithin(jitterMs, wasTooMany, signal));
    if (isExcess) tried.excesses += 1;
    else {
      tried.attempts += 1;
      if (tried.attempts >= MAX_ATTEMPTS) throw error;
      spendBudget(error);
    }
    counters.retries += 1;
    log.warn('upstream_retry', { ...tried, retryAfterMs, error });
    if (!isExcess) await clock.sleep(Math.max(0, wakesAtMs - clock.monotonicMs()), signal);
    signal.throwIfAborted();
  };
  const takeFailures = (): void => {
    areTaken = true;
  };
  return { beforeRetry, takeFailures };
}

function throttled(error: UpstreamError): UpstreamError {
  const { message, status, retryAfterMs } = error;
  return new UpstreamError('throttled', message, { status, retryAfterMs, cause: error });
}

function outOfBudget(error: UpstreamError): UpstreamError {
  const message = `too many requests failed to try again; the last: ${error.message}`;
  const { status, retryAfterMs } = error;
  return new UpstreamError('retry_budget', message, { status, retryAfterMs, cause: error });
}
