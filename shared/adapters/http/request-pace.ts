import type { Clock } from '../../core/ports.ts';

const MAX_SPACING_MS = 1_000;
/** A little slower than what was borne: at the very edge, jitter alone would be refused. */
const MARGIN = 1.015;
/** The pace is kept this long at first, since each refusal costs a wait: it may have been found while
 *  others used the same key. Each further refusal doubles it. */
const FIRST_HOLD_MS = 15_000;
const MOST_HOLD_MS = 60_000;
/** A first refusal sooner than this part of the wait that it asks for tells no pace: others may have used
 *  most of what there was. To find out takes no longer than that. */
const TOO_SOON = 0.25;
/** A pace that was refused is left by this much at least: what was served at it says nothing new. */
const SLOWER = 1.1;
/** What each good answer then leaves of the spacing: the pace is found again when upstream allows more. */
const EASING = 0.995;

/** How fast requests may follow each other, learned from what upstream served before it refused one. */
export interface RequestPace {
  /** Between two requests, milliseconds; 0 while nothing tells a pace. */
  readonly spacingMs: () => number;
  /** So many need not keep it, of those that are sent first after the last refusal. */
  readonly atOnce: () => number;
  /** Upstream refused a request, `openMs` after it began to serve, and asks to wait `waitMs`. Not to be
   *  told of others that were sent along with it. */
  readonly refused: (openMs: number, waitMs: number) => void;
  /** The wait is over and a request is sent: what is served from now on is counted anew. */
  readonly resumed: () => void;
  /** A request was served. */
  readonly served: () => void;
}

export function createRequestPace(clock: Pick<Clock, 'monotonicMs'>): RequestPace {
  let spacingMs = 0;
  /** No pace below this is learned. */
  let leastSpacingMs = 0;
  let atOnce = 0;
  let refusals = 0;
  let servedCount = 0;
  /** What was served in this time tells the pace, also what is served while upstream is waited for. */
  let countedMs = 0;
  let isWaiting = false;
  let holdMs = FIRST_HOLD_MS;
  let easesAtMs = 0;

  const learn = (): void => {
    const borneMs = (countedMs / Math.max(1, servedCount)) * MARGIN;
    spacingMs = Math.min(MAX_SPACING_MS, Math.max(leastSpacingMs, borneMs));
    // What was borne at once is tried at once again, once: if it was more than upstream bears in that
    // time (it began in the middle of one), the next refusal comes at the right number.
    atOnce = refusals === 1 ? servedCount : 0;
  };
  const refused = (openMs: number, waitMs: number): void => {
    const isTooSoon = refusals === 0 && openMs < waitMs * TOO_SOON;
    // So many were served in the time that upstream counts over: what it asks to wait, or longer.
    countedMs = isTooSoon ? 0 : Math.max(openMs, waitMs);
    leastSpacingMs = servedCount < atOnce ? 0 : spacingMs * SLOWER;
    refusals += 1;
    isWaiting = true;
    learn();
    if (isTooSoon) return;
    easesAtMs = clock.monotonicMs() + waitMs + holdMs;
    holdMs = Math.min(MOST_HOLD_MS, holdMs * 2);
  };
  const resumed = (): void => {
    if (isWaiting) servedCount = 0;
    isWaiting = false;
  };
  const served = (): void => {
    servedCount += 1;
    // Sent before upstream refused one: it was borne in the same time.
    if (isWaiting) learn();
    if (spacingMs === 0 || clock.monotonicMs() < easesAtMs) return;
    spacingMs = spacingMs < 1 ? 0 : spacingMs * EASING;
  };
  return { spacingMs: () => spacingMs, atOnce: () => atOnce, refused, resumed, served };
}
