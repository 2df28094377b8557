import { isGone, isOwnFailure, UpstreamError } from '../../core/errors.ts';
import type { Page } from '../../core/ports.ts';
import type { ListBody } from './list-shapes.ts';
import { cursorAfter, parseCursor } from './page-cursor.ts';

/** What a run is told where upstream has no page. */
export const NO_PAGE: Page = { entries: [], next: null, count: null, isNotFound: true };

/** What upstream answers to a page past the end of a list that says nothing of it, besides 404 and 410. */
const PAST_THE_END = new Set([400, 416, 422]);

/** Whether a page's failure says that upstream has no such page. It always has a first one. */
export function isNoPage(error: unknown, text: string | null): boolean {
  if (text === null) return false;
  const cursor = parseCursor(text);
  const isGuess = cursor.kind === 'number' && cursor.isGuess;
  const isRefused = isOwnFailure(error) && PAST_THE_END.has(error.status ?? 0);
  return isGone(error) || (isGuess && isRefused);
}

/**
 * A list whose shape has no `next` goes on until a page is empty, is not there, or repeats what came before
 * it (`core/repeats.ts`). So a supplier that neither says `next` nor keeps to the page size is read in full.
 *
 * @param cursorOf the cursor of a `next`; an UpstreamError that it throws is the page's `nextFault`
 */
export function pageOf(
  { entries, next, count }: ListBody,
  cursor: string | null,
  cursorOf: (next: string) => string,
): Page {
  if (next === null) return { entries, count, next: null };
  if (next === undefined) {
    const guess = entries.length === 0 ? null : cursorAfter(cursor);
    return { entries, count, next: guess, isGuess: true };
  }
  try {
    return { entries, count, next: cursorOf(next) };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { entries, count, next: null, nextFault: error };
  }
}
