import { UpstreamError } from '../core/errors.ts';
import type { Clock } from '../core/ports.ts';

/** Waits up to this are waited; longer ones end the run's invocation, which goes on later. */
export const MAX_WAIT_MS = 20_000;

const MAX_SPACING_MS = 1_000;
/** What each good answer leaves of the spacing: so the rate is found again when upstream allows more. */
const EASING = 0.995;

/** What all requests pass: when upstream asks one of them to wait, they all do, and come back at the
 *  rate that upstream has borne so far. */
export interface RequestGate {
  /** Closes the gate for at least this long from now. */
  readonly pause: (forMs: number) => void;
  /** A request was served. */
  readonly served: () => void;
  /** Resolves when a request may be sent.
   *  @throws UpstreamError `throttled` at once when upstream wants more than 20 s
   *  @throws the signal's reason when aborted */
  readonly opened: (signal: AbortSignal) => Promise<void>;
}

export function createRequestGate(clock: Clock): RequestGate {
  let opensAtMs = clock.monotonicMs();
  let servedSinceOpen = 0;
  let spacingMs = 0;
  let nextTurnMs = opensAtMs;

  const pause = (forMs: number): void => {
    const nowMs = clock.monotonicMs();
    // The first refusal since the gate opened tells the rate; those sent along with it do not.
    if (nowMs >= opensAtMs && forMs > 0) {
      const borneMs = (nowMs - opensAtMs + forMs) / Math.max(1, servedSinceOpen);
      spacingMs = Math.min(MAX_SPACING_MS, borneMs);
      servedSinceOpen = 0;
    }
    opensAtMs = Math.max(opensAtMs, nowMs + forMs);
    nextTurnMs = Math.max(nextTurnMs, opensAtMs);
  };
  const served = (): void => {
    servedSinceOpen += 1;
    spacingMs = spacingMs < 1 ? 0 : spacingMs * EASING;
  };
  const waitLeftMs = (): number => {
    const leftMs = Math.ceil(opensAtMs - clock.monotonicMs());
    if (leftMs > MAX_WAIT_MS) throw throttled(leftMs);
    return leftMs;
  };
  const sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
    if (ms > 0) await clock.sleep(ms, signal);
    signal.throwIfAborted();
  };
  const opened = async (signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    waitLeftMs();
    const turnMs = Math.max(nextTurnMs, clock.monotonicMs());
    nextTurnMs = turnMs + spacingMs;
    await sleep(turnMs - clock.monotonicMs(), signal);
    // It may have closed meanwhile.
    for (let leftMs = waitLeftMs(); leftMs > 0; leftMs = waitLeftMs()) await sleep(leftMs, signal);
  };
  return { pause, served, opened };
}

function throttled(waitMs: number): UpstreamError {
  const message = `the supplier asked to wait another ${Math.ceil(waitMs / 1000)} s`;
  return new UpstreamError('throttled', message, { retryAfterMs: waitMs });
}
