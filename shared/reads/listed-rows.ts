import type { RunSummary } from '../core/control.ts';
import type { JsonObject } from '../core/json.ts';
import type { Reject } from '../core/ports.ts';
import { isoOf } from './freshness.ts';
import { lastRunOf } from './status-run.ts';

/** A finished run, as staff and the command line list it. */
export const runJson = (run: RunSummary): JsonObject => ({
  ...lastRunOf(run, { isStaff: true }),
  scope: run.scope,
  started_at: isoOf(run.startedAtMs),
});

/** A record in error. What the supplier sent of it may be the shop's secret, a purchase price or a field
 *  that nobody knows: it is for admins alone. */
export const rejectJson = (
  { key, reason, firstSeenAt, lastSeenAt, attempts, payload }: Reject,
  { isAdmin }: { readonly isAdmin: boolean },
): JsonObject => ({
  id: key,
  reason,
  first_seen: firstSeenAt,
  last_seen: lastSeenAt,
  attempts,
  ...(isAdmin && { payload }),
});
