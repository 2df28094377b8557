import type { ControlRecord } from '../core/control.ts';
import type { JsonObject } from '../core/json.ts';
import { FAILURE_MESSAGES } from '../core/messages.ts';
import { isoOf } from './freshness.ts';

/** What is wrong with a resource's sync, in our own words (they never quote the supplier), or null. */
export function problemOf({ lastError }: ControlRecord): JsonObject | null {
  if (lastError === null) return null;
  const { code, atMs } = lastError;
  return { code, message: FAILURE_MESSAGES[code], since: isoOf(atMs) };
}
