import { UpstreamError } from '../core/errors.ts';
import type { Clock } from '../core/ports.ts';

/** Waits up to this are waited; longer ones end the run's invocation, which goes on later. */
export const MAX_WAIT_MS = 20_000;

const MAX_SPACING_MS = 1_000;
/** A little slower than what was borne: at the very edge, jitter alone would be refused. */
const MARGIN = 1.03;
/** The rate is kept this long, since each refusal costs a wait. */
const HOLD_MS = 30_000;
/** What each good answer then leaves of the spacing: the rate is found again when upstream allows more. */
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
  let easesAtMs = 0;

  const pause = (forMs: number): void => {
    const nowMs = clock.monotonicMs();
    // The first refusal since the gate opened tells the rate; those sent along with it do not.
    if (nowMs >= opensAtMs && forMs > 0) {
      // So many were served in the time that upstream counts over: what it asks to wait, or longer.
      const borneMs = Math.max(nowMs - opensAtMs, forMs) / Math.max(1, servedSinceOpen);
      spacingMs = Math.min(MAX_SPACING_MS, borneMs * MARGIN);
      servedSinceOpen = 0;
      easesAtMs = nowMs + forMs + HOLD_MS;
    }
    opensAtMs = Math.max(opensAtMs, nowMs + forMs);
    nextTurnMs = Math.max(nextTurnMs, opensAtMs);
  };
  const served = (): void => {
    servedSinceOpen += 1;
    if (spacingMs === 0 || clock.monotonicMs() < easesAtMs) return;
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
