import { plantIn } from './plant.ts';
import type { Sabotage } from './sabotages.ts';

const PROTOCOL = 'test/core/protocol.test.ts';
const DELETION = 'test/core/deletion.test.ts';
const UNCOUNTED = 'test/core/uncounted.test.ts';
const START_RULES = 'test/core/start-rules.test.ts';
const RECORDS = 'test/core/records.test.ts';
const HISTORIES = 'test/histories/histories.test.ts';
const MATRIX = 'test/histories/crash-matrix.test.ts';

const plant = plantIn('shared/core');

/** Bugs in the algorithm. */
export const CORE_SABOTAGES: readonly Sabotage[] = [
  plant(
    'sweep after an incomplete list',
    'deletion.ts',
    'if (pagesFailed > 0) return',
    'if (pagesFailed > 1_000_000) return',
    UNCOUNTED,
  ),
  plant(
    'a count that lies is believed',
    'deletion.ts',
    'if (missing.length > 0 && expected !== null && expected !== rowsRead) {',
    'if (missing.length > 1_000_000 && expected !== null) {',
    DELETION,
  ),
  plant(
    'guard by count only',
    'deletion.ts',
    'return Math.max(GUARD_RECORDS, Math.floor(live * GUARD_RATIO));',
    'return Math.max(GUARD_RECORDS * 1_000, live * 0 * GUARD_RATIO);',
    DELETION,
  ),
  plant(
    'the guard counts what came in the same run',
    'deletion.ts',
    'const before = Math.min(manifest.size - stats.created, settledCount ?? Infinity);',
    'const before = Math.max(manifest.size, settledCount ?? stats.created);',
    DELETION,
  ),
  plant(
    'the guard counts what came since the last settled run',
    'deletion.ts',
    'settledCount ?? Infinity',
    'Math.max(manifest.size, settledCount ?? 0)',
    DELETION,
  ),
  plant(
    'a 404 is believed where no detail is served',
    'gone.ts',
    'if (served.detail) return true;',
    'if (served.detail || ledger.seen.size > 0) return true;',
    'test/core/incremental.test.ts',
  ),
  plant(
    'a supplier’s wait makes a run too old',
    'decide.ts',
    'Math.max(checkpointAtMs, waitedUntilMs)',
    'Math.min(checkpointAtMs, checkpointAtMs + waitedUntilMs)',
    'test/core/patience.test.ts',
  ),
  plant(
    'who reads a few records again passes the supplier’s wait',
    'decide.ts',
    "if (request.scope === 'rejects' && nowMs < resumeAtMs) return false;",
    '',
    'test/core/patience.test.ts',
  ),
  plant(
    'guard by share only',
    'deletion.ts',
    'return Math.max(GUARD_RECORDS, Math.floor(live * GUARD_RATIO));',
    'return GUARD_RECORDS * 0 + Math.floor(live * GUARD_RATIO);',
    DELETION,
  ),
  plant(
    'an empty list is no reason to hold',
    'deletion.ts',
    '|| (missing.length > 0 && rowsRead === 0)) {',
    ') {',
    DELETION,
  ),
  plant(
    'tombstone after one scan',
    'deletion.ts',
    'again: missing.filter(wasMissing),',
    'again: missing,',
    DELETION,
  ),
  plant(
    'an untrusted scan marks what it did not see',
    'manifest.ts',
    '!ledger.seen.has(id) && (isTrusted || wasMissing)',
    '!ledger.seen.has(id) && (isTrusted || !wasMissing || wasMissing)',
    UNCOUNTED,
  ),
  plant(
    'what is back in the list stays marked as missing',
    'manifest.ts',
    'const missing = !ledger.seen.has(id) && (isTrusted || wasMissing);',
    'const missing = wasMissing || (!ledger.seen.has(id) && isTrusted);',
    DELETION,
  ),
  plant(
    'an error record is tombstoned',
    'batch.ts',
    '    batch.seen.push(row.id);',
    "    if (row.kind !== 'errors') batch.seen.push(row.id);",
    DELETION,
    RECORDS,
  ),
  plant(
    'interval measured from the end',
    'gates.ts',
    'nextDueAtMs: nextDueAfterSuccess(run.startedAtMs, intervalMs),',
    'nextDueAtMs: nextDueAfterSuccess(run.checkpointAtMs, intervalMs),',
    START_RULES,
  ),
  plant(
    'last success is the end of the run',
    'gates.ts',
    'lastSuccessAtMs: Math.max(lastSuccessAtMs ?? 0, run.startedAtMs),',
    'lastSuccessAtMs: Math.max(lastSuccessAtMs ?? 0, run.checkpointAtMs),',
    START_RULES,
    PROTOCOL,
  ),
  plant(
    'a failed attempt is not gated',
    'gates.ts',
    'Math.max(backedOffAtMs, nowMs + askedMs)',
    'Math.min(backedOffAtMs, nowMs + askedMs)',
    START_RULES,
    PROTOCOL,
  ),
  plant(
    'a crash at once is not gated',
    'acquisition.ts',
    'nextDueAtMs: isWhole ? nowMs + PROVISIONAL_GATE_MS : before.nextDueAtMs,',
    'nextDueAtMs: isWhole ? nowMs + 0 * PROVISIONAL_GATE_MS : before.nextDueAtMs,',
    PROTOCOL,
  ),
  plant(
    'a tick that goes on with a partial run moves the gate of whole ones',
    'acquisition.ts',
    "const isWhole = run.scope === 'full';",
    "const isWhole = request.scope === 'full';",
    RECORDS,
  ),
  {
    name: 'force passes the lease',
    edits: [
      {
        file: 'shared/core/decide.ts',
        find: 'if (isLeased(control, nowMs) && !context.leaseGone) return',
        replace: 'if (isLeased(control, nowMs) && !context.leaseGone && !request.force) return',
      },
      {
        file: 'shared/core/run-sync.ts',
        find: 'const condition = { nowMs: nowMs - LEASE_MARGIN_MS, goneHolder };',
        replace: 'const condition = { nowMs, goneHolder: before.leaseHolder };',
      },
    ],
    tests: [START_RULES, PROTOCOL],
  },
  plant(
    'force passes a refused key',
    'decide.ts',
    'if (isKeyBlocked(control, nowMs)) return refuse',
    'if (isKeyBlocked(control, nowMs) && !request.force) return refuse',
    START_RULES,
  ),
  plant(
    'a checkpoint of another configuration is resumed',
    'decide.ts',
    'return serves && run.configuration === configuration &&',
    'return serves && configuration !== run.runId &&',
    START_RULES,
    PROTOCOL,
  ),
  plant(
    'a checkpoint of any age is resumed',
    'decide.ts',
    'Math.max(checkpointAtMs, waitedUntilMs) + RESUMABLE_MS;',
    'Math.max(checkpointAtMs, waitedUntilMs) + RESUMABLE_MS * 1_000;',
    START_RULES,
    PROTOCOL,
  ),
  plant(
    'a holder never stops itself',
    'lease.ts',
    'if (clock.monotonicMs() < endsAtMs) return;',
    'if (clock.monotonicMs() < endsAtMs * Infinity) return;',
    PROTOCOL,
  ),
  plant(
    'no commit while the supplier is slow',
    'batch.ts',
    'const time = clock.sleep(LIMITS.flushMs, timer.signal)',
    'const time = clock.sleep(LIMITS.flushMs * 9, timer.signal)',
    PROTOCOL,
  ),
  plant(
    'a detail failure is stored as poorer data',
    'details.ts',
    "return { kind: 'bad', id, reason: `detail: ${error.message}`, payload: entry };",
    "return { kind: 'wire', id, wire: entry };",
    RECORDS,
  ),
  plant(
    'an outage is each record’s own trouble',
    'errors.ts',
    'MAY_BE_OWN.has(error.failure) && !error.isOutage',
    'MAY_BE_OWN.has(error.failure)',
    RECORDS,
  ),
  {
    name: 'the cursor is saved before the records',
    edits: [
      {
        file: 'shared/core/entries.ts',
        find: '    const rows = read.kind',
        replace: '    yield pageEnd(read);\n    const rows = read.kind',
      },
      {
        file: 'shared/core/entries.ts',
        find: '    yield pageEnd(read);\n    onResumedPage = false;',
        replace: '    onResumedPage = false;',
      },
    ],
    tests: [PROTOCOL, HISTORIES],
  },
  plant(
    'the same id twice is written twice',
    'entries.ts',
    "if (isRepeated) yield { kind: 'duplicate' };",
    "if (isRepeated && met.size === 0) yield { kind: 'duplicate' };",
    RECORDS,
  ),
  plant(
    'what a resumed run had committed is fetched again',
    'entries.ts',
    'else if (!committed.has(listed.id)) yield listed;',
    'else yield listed;',
    PROTOCOL,
  ),
  plant(
    'lost pages count as read',
    'commit.ts',
    'pagesFailed: run.pagesFailed + lost,',
    'pagesFailed: run.pagesFailed + lost * 0,',
    DELETION,
    RECORDS,
    HISTORIES,
  ),
  plant(
    'a held run counts as a success',
    'endings.ts',
    "if (outcome === 'completed') return gatesAfterSuccess",
    "if (outcome === 'completed' || outcome === 'held') return gatesAfterSuccess",
    DELETION,
    HISTORIES,
  ),
  plant(
    'one reader’s claim keeps nobody from starting',
    'soft-trigger.ts',
    "if (!(await gate.claimTrigger(ref, nowMs, nowMs + CLAIM_MS))) return 'running';",
    'await gate.claimTrigger(ref, nowMs, nowMs + CLAIM_MS);',
    'test/functions/auto-sync.test.ts',
  ),
  plant(
    'ids that look alike share a key',
    'record-id.ts',
    ': `s${id}`;',
    ': `s${id.toLowerCase()}`;',
    'test/core/record-id.test.ts',
  ),
  plant(
    'held deletions that came back are removed',
    'closing.ts',
    '.filter((id) => ledger.manifest.get(id)?.missing === true);',
    '.filter((id) => ledger.manifest.has(id));',
    DELETION,
  ),
  plant(
    'a crash after the last chunk ends the run as begun again',
    'commit.ts',
    'chunks: run.chunks + 1,',
    'chunks: run.chunks + 2,',
    MATRIX,
  ),
];
