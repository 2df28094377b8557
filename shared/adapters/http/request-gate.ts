import { UpstreamError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports.ts';

/** Waits up to this are waited; longer ones end the run's invocation, which goes on later. */
export const MAX_WAIT_MS = 20_000;

const MAX_SPACING_MS = 1_000;
/** A little slower than what was borne: at the very edge, jitter alone would be refused. */
const MARGIN = 1.015;
/** The rate is kept this long at first, since each refusal costs a wait: it may have been found while
 *  others used the same key. Each further refusal doubles it. */
const FIRST_HOLD_MS = 15_000;
const MOST_HOLD_MS = 60_000;
/** A first refusal sooner than this part of the wait that it asks for tells no rate: others may have used
 *  most of what there was. To find out takes no longer than that. */
const TOO_SOON = 0.25;
/** A rate that was refused is left by this much at least: what was served at it says nothing new. */
const SLOWER = 1.1;
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
  let refusals = 0;
  let servedSinceOpen = 0;
  let spacingMs = 0;
  /** No pace below this is learned. */
  let leastSpacingMs = 0;
  /** The time over which what is served while the gate is closed still counts; 0 tells no rate. */
  let countedMs = 0;
  /** So many of those that pass next need not wait for their turn. */
  let atOnce = 0;
  /** Turns given since the gate closed. */
  let passed = 0;
  /** False from when the gate closes until the first request passes it again. */
  let isCounting = true;
  let nextTurnMs = opensAtMs;
  let holdMs = FIRST_HOLD_MS;
  let easesAtMs = 0;

  const learn = (): void => {
    const borneMs = (countedMs / Math.max(1, servedSinceOpen)) * MARGIN;
    spacingMs = Math.min(MAX_SPACING_MS, Math.max(leastSpacingMs, borneMs));
    // What was borne at once is tried at once again, once: if it was more than upstream bears in that
    // time (it began in the middle of one), the next refusal comes at the right number.
    atOnce = refusals === 1 ? servedSinceOpen : 0;
  };
  const pause = (forMs: number): void => {
    const nowMs = clock.monotonicMs();
    // The first refusal since the gate opened tells the rate; those sent along with it do not.
    if (nowMs >= opensAtMs && forMs > 0) {
      // So many were served in the time that upstream counts over: what it asks to wait, or longer.
      const openMs = nowMs - opensAtMs;
      const isTooSoon = refusals === 0 && openMs < forMs * TOO_SOON;
      countedMs = isTooSoon ? 0 : Math.max(openMs, forMs);
      leastSpacingMs = servedSinceOpen < atOnce ? 0 : spacingMs * SLOWER;
      refusals += 1;
      passed = 0;
      learn();
      isCounting = false;
      if (!isTooSoon) {
        easesAtMs = nowMs + forMs + holdMs;
        holdMs = Math.min(MOST_HOLD_MS, holdMs * 2);
      }
    }
    opensAtMs = Math.max(opensAtMs, nowMs + forMs);
    nextTurnMs = Math.max(nextTurnMs, opensAtMs);
  };
  const served = (): void => {
    servedSinceOpen += 1;
    const nowMs = clock.monotonicMs();
    // Sent before upstream refused one: it was borne in the same time.
    if (!isCounting) learn();
    if (spacingMs === 0 || nowMs < easesAtMs) return;
    spacingMs = spacingMs < 1 ? 0 : spacingMs * EASING;
  };
  /** When this request may pass. */
  const turn = (): number => {
    const nowMs = clock.monotonicMs();
    const turnMs = Math.max(nextTurnMs, nowMs);
    nextTurnMs = turnMs + spacingMs;
    passed += 1;
    return passed <= atOnce ? Math.max(opensAtMs, nowMs) : turnMs;
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
    if (!isCounting) servedSinceOpen = 0;
    isCounting = true;
  };
  return { pause, served, opened };
}

function throttled(waitMs: number): UpstreamError {
  const message = `the supplier asked to wait another ${Math.ceil(waitMs / 1000)} s`;
  return new UpstreamError('throttled', message, { retryAfterMs: waitMs });
}
