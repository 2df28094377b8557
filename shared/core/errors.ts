/** Why upstream could not be read; each reason is handled in its own way. */
export const UPSTREAM_FAILURES = [
  /** 401 or 403, after the secret was read again and tried once more. */
  'key_refused',
  /** No key is configured, or its secret can't be read. */
  'no_credential',
  /** 429, or 503 with Retry-After, that asks for a longer wait than a lease allows. */
  'throttled',
  /** 404 or 410. */
  'not_found',
  /** 5xx, a reset, a time-out: tried at most 3 times. */
  'unavailable',
  /** A TLS certificate that does not prove who answers: nothing is sent until it does. */
  'untrusted',
  /** An answer that is not what was asked for: HTML, cut JSON, too large, a redirect, another origin. */
  'invalid',
  /** So many requests of this invocation failed that trying again would only add load. */
  'retry_budget',
] as const;
export type UpstreamFailure = (typeof UPSTREAM_FAILURES)[number];

/** A request to upstream failed for good; `message` is redacted and at most 200 characters of upstream text. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly failure: UpstreamFailure;
  /** HTTP status, when there was an answer. */
  readonly status: number | null;
  /** How long upstream asked us to wait, milliseconds; null when it did not. */
  readonly retryAfterMs: number | null;
  /** Whether nothing else was served either: the supplier is the trouble, not what was asked for. */
  readonly isOutage: boolean;
  /** Whether a run that went on from there would go on for ever. */
  readonly isEndless: boolean;

  constructor(
    failure: UpstreamFailure,
    message: string,
    details: {
      status?: number | null;
      retryAfterMs?: number | null;
      isOutage?: boolean;
      isEndless?: boolean;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: details.cause });
    this.failure = failure;
    this.status = details.status ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.isOutage = details.isOutage ?? false;
    this.isEndless = details.isEndless ?? false;
  }
}

const MAY_BE_OWN = new Set<UpstreamFailure>(['not_found', 'unavailable', 'invalid']);

/** Whether the trouble is with what was asked for, a record or a page, while others are served. Any other
 *  failure is the supplier's, and stops the run. */
export const isOwnFailure = (error: unknown): error is UpstreamError =>
  error instanceof UpstreamError && MAY_BE_OWN.has(error.failure) && !error.isOutage;

/** Whether what was asked for is not there, while others are found. */
export const isGone = (error: unknown): error is UpstreamError =>
  isOwnFailure(error) && error.failure === 'not_found';

/** Whether the trouble is the supplier's key: refused, missing, or not to be read. */
export const isKeyTrouble = (code: string | undefined): boolean =>
  code === 'key_refused' || code === 'no_credential';

/** A newer holder has the lease, or ours is over: stop at once and touch nothing. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** The store can't be read or written now; readers answer 503 with Retry-After. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

/** The worker can't be started now: what was asked for was not done. */
export class WorkerStartError extends Error {
  override readonly name = 'WorkerStartError';
}

/** The worker was told, and no answer came: it may do what was asked for. */
export class WorkerSilentError extends Error {
  override readonly name = 'WorkerSilentError';
}

/** The published version asked for is no longer kept. */
export class VersionGoneError extends Error {
  override readonly name = 'VersionGoneError';
}

/** A setting is missing or malformed; the message names it, its form and an example. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}
