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
/** Retries are at most this share of the requests sent, so that a broken supplier gets no storm. */
const RETRY_SHARE = 0.1;
const LEAST_RETRIES = 10;

export interface RetryPolicy {
  /**
   * Decides whether a failed request is sent again. Resolves when it may be, after the jitter (the wait
   * that upstream asked for is the gate's); counts it in `counters`.
   * @throws UpstreamError why it is not
   * @throws the signal's reason when aborted
   */
  readonly beforeRetry: (
    outcome: Exclude<Outcome, { kind: 'json' }>,
    tried: {
      readonly attempts: number;
      readonly signal: AbortSignal;
      /** Without jitter: whatever else is sent, upstream is known to bear it. */
      readonly atOnce: boolean;
    },
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
  const beforeRetry: RetryPolicy['beforeRetry'] = async (outcome, { attempts, signal, atOnce }) => {
    const { error } = outcome;
    if (outcome.kind === 'refused' || !outcome.retriable) throw error;
    if ((error.retryAfterMs ?? 0) > MAX_WAIT_MS) throw throttled(error);
    if (attempts >= MAX_ATTEMPTS) throw error;
    spendBudget(error);
    counters.retries += 1;
    const delayMs = atOnce && attempts === 1 ? 0 : retryDelayMs(attempts, clock.random());
    log.warn('upstream_retry', { attempts, delayMs, retryAfterMs: error.retryAfterMs, error });
    await clock.sleep(delayMs, signal);
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
