import * as z from 'zod';
import { NEW_CONTROL, type ControlRecord } from '../../core/control.ts';
import { NOT_PUBLISHED } from '../../core/published.ts';
import {
  jsonText,
  storedHeld,
  storedLastError,
  storedPublished,
  storedRun,
} from '../stored-json.ts';

const count = z.number().default(0);
const numberOrNull = z.number().nullable().default(null);

const storedControl = z.object({
  fence: count,
  lease_holder: z.string().nullable().default(null),
  lease_expires_at_ms: count,
  // A run as an older version of this service wrote it can't be resumed: the next one starts anew.
  run: jsonText(storedRun).nullable().default(null).catch(null),
  last_attempt_at_ms: numberOrNull,
  last_success_at_ms: numberOrNull,
  next_due_at_ms: count,
  resume_at_ms: count,
  consecutive_failures: count,
  key_refused_at_ms: numberOrNull,
  trigger_claimed_until_ms: count,
  version: count,
  published: jsonText(storedPublished).default(NOT_PUBLISHED),
  manifest_version: count,
  live_count: count,
  settled_count: numberOrNull,
  reject_count: count,
  live_reject_count: count,
  removed_count: count,
  marks_unproven: count,
  held: jsonText(storedHeld).nullable().default(null),
  last_error: jsonText(storedLastError).nullable().default(null),
});

/** The control record of a row's plain attributes; `NEW_CONTROL` when there is no row. */
export function controlOf(
  attributes: Readonly<Record<string, unknown>> | undefined,
): ControlRecord {
  if (attributes === undefined) return NEW_CONTROL;
  const stored = storedControl.parse(attributes);
  return {
    fence: stored.fence,
    leaseHolder: stored.lease_holder,
    leaseExpiresAtMs: stored.lease_expires_at_ms,
    run: stored.run,
    lastAttemptAtMs: stored.last_attempt_at_ms,
    lastSuccessAtMs: stored.last_success_at_ms,
    nextDueAtMs: stored.next_due_at_ms,
    resumeAtMs: stored.resume_at_ms,
    consecutiveFailures: stored.consecutive_failures,
    keyRefusedAtMs: stored.key_refused_at_ms,
    triggerClaimedUntilMs: stored.trigger_claimed_until_ms,
    version: stored.version,
    published: stored.published,
    manifestVersion: stored.manifest_version,
    liveCount: stored.live_count,
    settledCount: stored.settled_count,
    rejectCount: stored.reject_count,
    liveRejectCount: stored.live_reject_count,
    removedCount: stored.removed_count,
    held: stored.held,
    marksProve: stored.marks_unproven === 0,
    lastError: stored.last_error,
  };
}

/**
 * What the holder writes of a control record; null is an attribute to remove. Never the trigger's
 * claim, which belongs to readers. `run_id`, `chunks` and `held_run_id` repeat what is inside the JSON,
 * because conditions can only look at attributes.
 */
export function controlAttributes(control: ControlRecord): Record<string, string | number | null> {
  const { run, held, lastError } = control;
  return {
    fence: control.fence,
    lease_holder: control.leaseHolder,
    lease_expires_at_ms: control.leaseExpiresAtMs,
    run_id: run?.runId ?? null,
    chunks: run?.chunks ?? null,
    run: run && JSON.stringify(run),
    last_attempt_at_ms: control.lastAttemptAtMs,
    last_success_at_ms: control.lastSuccessAtMs,
    next_due_at_ms: control.nextDueAtMs,
    resume_at_ms: control.resumeAtMs,
    consecutive_failures: control.consecutiveFailures,
    key_refused_at_ms: control.keyRefusedAtMs,
    version: control.version,
    published: JSON.stringify(control.published),
    manifest_version: control.manifestVersion,
    live_count: control.liveCount,
    settled_count: control.settledCount,
    reject_count: control.rejectCount,
    live_reject_count: control.liveRejectCount,
    removed_count: control.removedCount,
    marks_unproven: control.marksProve ? null : 1,
    held_run_id: held?.runId ?? null,
    held: held && JSON.stringify(held),
    last_error: lastError && JSON.stringify(lastError),
  };
}
