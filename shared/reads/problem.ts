import type { ControlRecord } from '../core/control.ts';
import type { JsonObject } from '../core/json.ts';
import { troubleSinceMs } from '../core/lasting.ts';
import { FAILURE_MESSAGES } from '../core/messages.ts';
import { isoOf } from './freshness.ts';

/** What is wrong with a resource's sync, in our own words (they never quote the supplier), or null. */
export function problemOf(control: ControlRecord): JsonObject | null {
  const { lastError } = control;
  if (lastError === null) return null;
  const { code } = lastError;
  return { code, message: FAILURE_MESSAGES[code], since: isoOf(troubleSinceMs(control)) };
}
