import { UpstreamError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports.ts';
import { createRequestPace } from './request-pace.ts';

/** Waits up to this are waited; longer ones end the run's invocation, which goes on later. */
export const MAX_WAIT_MS = 20_000;

/** What all requests pass: when upstream asks one of them to wait, they all do, and come back at the
 *  pace that upstream has borne so far. */
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
  const pace = createRequestPace(clock);
  let opensAtMs = clock.monotonicMs();
  let nextTurnMs = opensAtMs;
  /** Turns given since the gate closed. */
  let turns = 0;

  const pause = (forMs: number): void => {
    const nowMs = clock.monotonicMs();
    // Those that were sent along with the first that is refused tell nothing more.
    if (nowMs >= opensAtMs && forMs > 0) {
      pace.refused(nowMs - opensAtMs, forMs);
      turns = 0;
    }
    opensAtMs = Math.max(opensAtMs, nowMs + forMs);
    nextTurnMs = Math.max(nextTurnMs, opensAtMs);
  };
  /** When this request may pass. */
  const turn = (): number => {
    const nowMs = clock.monotonicMs();
    const turnMs = Math.max(nextTurnMs, nowMs);
    nextTurnMs = turnMs + pace.spacingMs();
    turns += 1;
    return turns <= pace.atOnce() ? Math.max(opensAtMs, nowMs) : turnMs;
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
    for (let isOpen = false; !isOpen;) {
      await sleep(turn() - clock.monotonicMs(), signal);
      // When it closed meanwhile, this turn is over: all of them at once would be refused again.
      isOpen = waitLeftMs() <= 1;
    }
    await sleep(waitLeftMs(), signal);
    pace.resumed();
  };
  return { pause, served: pace.served, opened };
}

function throttled(waitMs: number): UpstreamError {
  const message = `the supplier asked to wait another ${Math.ceil(waitMs / 1000)} s`;
  return new UpstreamError('throttled', message, { retryAfterMs: waitMs });
}
