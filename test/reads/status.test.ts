import { describe, expect, test } from 'vitest';
import {
  NEW_CONTROL,
  NO_STATS,
  type ControlRecord,
  type FailureCode,
  type RunState,
  type RunSummary,
} from '../../shared/core/control.ts';
import { FAILURE_MESSAGES } from '../../shared/core/messages.ts';
import { stateOf, statusOf } from '../../shared/reads/status.ts';

const NOW_MS = Date.parse('2026-11-22T10:00:00Z');
const MINUTE_MS = 60_000;

const RUN: RunState = {
  runId: '01RUN',
  trigger: 'schedule',
  scope: 'full',
  startedAtMs: NOW_MS - 20_000,
  phase: 'listing',
  cursor: '5',
  chunks: 4,
  pagesRead: 4,
  pagesFailed: 0,
  doneBefore: 0,
  rowsRead: 400,
  expected: 1200,
  stats: { ...NO_STATS, total: 400 },
  configuration: 'v1',
  checkpointAtMs: NOW_MS - 4_000,
  note: null,
};
const SYNCED = { lastSuccessAtMs: NOW_MS - 30 * MINUTE_MS, nextDueAtMs: NOW_MS + MINUTE_MS };
const LEASED = { leaseHolder: 'worker', leaseExpiresAtMs: NOW_MS + 30_000 };
const failed = (code: FailureCode) => ({
  consecutiveFailures: 1,
  lastError: { code, message: 'Maintenance de 10 h à 11 h', atMs: NOW_MS },
});
const HELD = { held: { runId: '01HELD', reason: '30 of 40 gone', count: 30, atMs: NOW_MS } };

const control = (...parts: Partial<ControlRecord>[]): ControlRecord =>
  Object.assign({}, NEW_CONTROL, ...parts);

const parts = { nowMs: NOW_MS, intervalMs: 120 * MINUTE_MS, runs: [], recent: [], isStaff: false };

describe('a state is one word, and what needs a person comes before what passes by itself', () => {
  test.each<[string, Partial<ControlRecord>[]]>([
    ['never_synced', []],
    ['fresh', [SYNCED]],
    ['due', [SYNCED, { nextDueAtMs: NOW_MS }]],
    ['running', [SYNCED, LEASED, { run: RUN }]],
    ['running', [SYNCED, LEASED, { run: RUN }, failed('unavailable'), HELD]],
    ['paused', [SYNCED, { run: RUN }]],
    ['paused', [{ run: RUN }, failed('throttled')]],
    ['failing', [SYNCED, failed('invalid')]],
    ['failing', [failed('unavailable')]],
    ['held', [SYNCED, HELD, failed('held')]],
    ['held', [SYNCED, HELD, failed('unavailable')]],
    ['no_credential', [SYNCED, failed('key_refused'), { keyRefusedAtMs: NOW_MS - MINUTE_MS }]],
    ['no_credential', [failed('no_credential')]],
    ['no_credential', [{ run: RUN }, HELD, { keyRefusedAtMs: NOW_MS }]],
    ['no_credential', [{ run: RUN }, failed('key_refused'), { keyRefusedAtMs: NOW_MS }]],
    // What came after the refusal is what is said of it, too.
    ['failing', [SYNCED, failed('unavailable'), { keyRefusedAtMs: NOW_MS - MINUTE_MS }]],
    ['held', [SYNCED, HELD, failed('throttled'), { keyRefusedAtMs: NOW_MS - MINUTE_MS }]],
    ['paused', [{ run: RUN }, failed('throttled'), { keyRefusedAtMs: NOW_MS - MINUTE_MS }]],
  ])('%s', (state, changes) => {
    expect(stateOf(control(...changes), NOW_MS)).toBe(state);
  });

  test('a lease that ended without a word is no run in progress', () => {
    const ended = { leaseHolder: 'worker', leaseExpiresAtMs: NOW_MS - 11_000 };
    expect(stateOf(control(SYNCED, ended, { run: RUN }), NOW_MS)).toBe('paused');
  });
});

test('a run in progress tells its rate up to the last commit, and what it would still take', () => {
  const { running } = statusOf(control(LEASED, { run: RUN }), parts);
  expect(running).toEqual({
    run_id: null,
    started_at: '2026-11-22T09:59:40.000Z',
    trigger: 'schedule',
    phase: 'listing',
    done: 400,
    expected: 1200,
    rate_per_second: 25,
    eta_seconds: 32,
  });
});

test('a paused run, or one of unknown length, promises no time', () => {
  const paused = statusOf(control({ run: RUN }), parts);
  expect(paused['running']).toMatchObject({ done: 400, eta_seconds: null });
  const endless = statusOf(control(LEASED, { run: { ...RUN, expected: null } }), parts);
  expect(endless['running']).toMatchObject({ eta_seconds: null });
  const early = { ...RUN, checkpointAtMs: RUN.startedAtMs };
  const started = statusOf(control(LEASED, { run: early }), parts);
  expect(started['running']).toMatchObject({ rate_per_second: 0, eta_seconds: null });
});

test('every failure is told in our own words', () => {
  for (const code of ['invalid', 'pages_lost', 'worker_failed'] as const) {
    const status = statusOf(control(failed(code)), parts);
    expect(status['problem']).toMatchObject({ code, message: FAILURE_MESSAGES[code] });
    expect(JSON.stringify(status)).not.toContain('Maintenance');
  }
});

test('run ids, reasons and the last error’s own text are for staff alone', () => {
  const summary: RunSummary = {
    runId: '01LAST',
    trigger: 'cli',
    scope: 'full',
    outcome: 'incomplete',
    startedAtMs: NOW_MS - 5400,
    finishedAtMs: NOW_MS,
    stats: NO_STATS,
    note: 'page 3: Maintenance',
  };
  const troubled = control({ run: RUN }, HELD, failed('pages_lost'));
  const told = (isStaff: boolean) => statusOf(troubled, { ...parts, runs: [summary], isStaff });
  expect(JSON.stringify(told(false))).not.toMatch(/01RUN|01HELD|01LAST|30 of 40|Maintenance/);
  expect(told(true)).toMatchObject({
    running: { run_id: '01RUN' },
    held: { run_id: '01HELD', reason: '30 of 40 gone' },
    last_error: 'Maintenance de 10 h à 11 h',
    last_run: { run_id: '01LAST', duration_ms: 5400, note: 'page 3: Maintenance' },
  });
});

test('the last run is the last one over the whole list: what was done to a few records is in the history', () => {
  const retry = { ...completed('rejects', 0), runId: 'retry' };
  const whole = { ...completed('full', 40), runId: 'whole' };
  const lastOf = (...runs: RunSummary[]) =>
    statusOf(control({ lastSuccessAtMs: NOW_MS }), { ...parts, runs, isStaff: true })['last_run'];
  expect(lastOf(retry, completed('removal', 0), whole)).toMatchObject({
    run_id: 'whole',
    stats: { total: 40 },
  });
  expect(lastOf(retry)).toMatchObject({ run_id: 'retry' });
  expect(lastOf()).toBeNull();
});

const completed = (scope: RunSummary['scope'], total: number): RunSummary => ({
  runId: 'run',
  trigger: 'schedule',
  scope,
  outcome: 'completed',
  startedAtMs: NOW_MS,
  finishedAtMs: NOW_MS,
  stats: { ...NO_STATS, total },
  note: null,
});

test('synced and errors are the total: a record in error counts once, be it stored or not', () => {
  const counts = { liveCount: 1200, rejectCount: 5, liveRejectCount: 2, removedCount: 4 };
  // What a run counted says nothing of what was stored or removed since.
  const runs = [completed('rejects', 3), completed('full', 900)];
  for (const told of [[], runs]) {
    expect(statusOf(control(counts), { ...parts, runs: told })).toMatchObject({
      total: 1203,
      synced: 1198,
      errors: 5,
      removed: 4,
    });
  }
});
