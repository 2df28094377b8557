import type { ControlRecord, Held, LastError } from './control.ts';

/** Since when it lasts, milliseconds since 1970. */
export const sinceMsOf = ({ atMs, sinceMs }: LastError | Held): number => sinceMs ?? atMs;

/** Since when the last error lasts, or what waits for a person where that is it; null without either.
 *  Deletions go on waiting whatever else fails meanwhile. */
export function troubleSinceMs({ lastError, held }: ControlRecord): number | null {
  const isHeld = lastError === null || lastError.code === 'held';
  const lasting = isHeld ? (held ?? lastError) : lastError;
  return lasting && sinceMsOf(lasting);
}

/** The last error from now on: the same as before lasts since then. */
export function errorAfter(
  { lastError: before }: ControlRecord,
  error: Pick<LastError, 'code' | 'message'>,
  nowMs: number,
): LastError {
  const isSame = before?.code === error.code;
  return { ...error, atMs: nowMs, sinceMs: isSame ? sinceMsOf(before) : nowMs };
}
