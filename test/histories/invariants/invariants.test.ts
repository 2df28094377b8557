import { describe, expect, test } from 'vitest';
import { NEW_CONTROL, NO_STATS, type RunState } from '../../../shared/core/control.ts';
import type { CatalogWrite } from '../../../shared/core/ports.ts';
import type {
  Acquire,
  Commit,
  DetailCall,
  Finish,
  History,
  HistoryEvent,
  PageCall,
  Read,
} from '../history.ts';
import { BASE_URL, bodyOf, CANARY_KEY, DUE_AFTER_MS } from '../model.ts';
import { INVARIANTS, violationsOf } from './index.ts';

const NOW_MS = Date.parse('2026-11-22T10:00:00Z');
const REQUEST = { trigger: 'schedule', force: false, resumeOnly: false, scope: 'full' } as const;

const runOf = (change: Partial<RunState> = {}): RunState => ({
  runId: 'run-1',
  trigger: 'schedule',
  scope: 'full',
  startedAtMs: NOW_MS,
  phase: 'closing',
  cursor: null,
  chunks: 1,
  pagesRead: 1,
  pagesFailed: 0,
  doneBefore: 0,
  rowsRead: 1,
  expected: 1,
  stats: NO_STATS,
  configuration: 'v1',
  checkpointAtMs: NOW_MS,
  note: null,
  ...change,
});

const controls = (change: object = {}) => ({
  things: { ...NEW_CONTROL, ...change },
  labels: NEW_CONTROL,
});
const at = { resource: 'things', session: 1, before: controls(), after: controls() } as const;

const acquire = (fence: number, change: Partial<Acquire> = {}): Acquire => ({
  ...at,
  kind: 'acquire',
  ok: true,
  nowMs: NOW_MS,
  request: REQUEST,
  after: controls({ fence, run: runOf({ phase: 'listing', chunks: 0 }) }),
  ...change,
});
const commit = (writes: readonly CatalogWrite[], change: Partial<Commit> = {}): Commit => ({
  ...at,
  kind: 'commit',
  applied: true,
  fence: 1,
  runId: 'run-1',
  after: controls({ fence: 1, run: runOf() }),
  writes,
  seen: [],
  ...change,
});
const finish = (change: Partial<Finish> = {}): Finish => ({
  ...at,
  kind: 'finish',
  applied: true,
  fence: 1,
  runId: 'run-1',
  nowMs: NOW_MS,
  summary: {
    runId: 'run-1',
    trigger: 'schedule',
    scope: 'full',
    outcome: 'completed',
    startedAtMs: NOW_MS,
    finishedAtMs: NOW_MS,
    stats: NO_STATS,
    note: null,
  },
  held: null,
  after: controls({ fence: 1, lastSuccessAtMs: NOW_MS }),
  ...change,
});
const page = (ids: readonly string[], change: Partial<PageCall> = {}): PageCall => ({
  kind: 'page',
  resource: 'things',
  session: 1,
  url: `${BASE_URL}/b2c/things/?page=1`,
  page: 1,
  rows: ids.map((id) => ({ id, version: 1, isValid: true })),
  isLost: false,
  isGone: false,
  isLast: true,
  isPast: false,
  count: ids.length,
  ...change,
});
const detail = (id: string, change: Partial<DetailCall> = {}): DetailCall => ({
  kind: 'detail',
  resource: 'things',
  session: 1,
  url: `${BASE_URL}/b2c/things/${id}/`,
  id,
  version: 1,
  failure: null,
  ...change,
});
const read = (...versions: readonly { readonly id: string; readonly version: number }[]): Read => ({
  kind: 'read',
  resource: 'things',
  session: 0,
  records: versions.map((version) => ({ id: version.id, json: bodyOf(version) })),
});
const upsert = (id: string, version = 1): CatalogWrite => ({
  kind: 'upsert',
  id,
  isNew: version === 1,
  json: bodyOf({ id, version }),
  hash: `hash-${version}`,
  listed: { body: {}, fixed: null, search: id },
});
const tombstone = (id: string): CatalogWrite => ({ kind: 'tombstone', id });
const reject = (key: string): CatalogWrite => ({ kind: 'reject', key, reason: 'bad', payload: '' });

const historyOf = (events: readonly HistoryEvent[], change: Partial<History> = {}): History => ({
  events,
  calmFrom: 0,
  upstream: { things: [{ id: '1', version: 1 }], labels: [] },
  logged: [],
  ...change,
});

const GOOD = [acquire(1), page(['1']), detail('1'), commit([upsert('1')]), finish()];

/** A stretch of history that each rule, by its name, must find fault with. */
const BAD: Readonly<Record<string, History>> = {
  '1 fences never fall': historyOf([acquire(1), acquire(2), commit([])]),
  '2 records are versions of upstream': historyOf([
    acquire(1),
    page(['1']),
    detail('1'),
    commit([upsert('1', 2)]),
  ]),
  '3 nothing is stale': historyOf([
    ...GOOD,
    detail('1', { version: 5, session: 2 }),
    commit([], { seen: ['1'], session: 2 }),
  ]),
  '4 errors keep the last good version': historyOf([
    ...GOOD,
    commit([reject('1'), upsert('1', 2)], { runId: 'run-2' }),
  ]),
  '5 what lives was listed': historyOf([acquire(1), page(['2']), commit([upsert('1')])]),
  '5 what leaves, leaves by the rule': historyOf([
    ...GOOD,
    acquire(2, { session: 2, after: controls({ fence: 2, run: runOf({ runId: 'run-2' }) }) }),
    page(['2'], { session: 2 }),
    commit([tombstone('1')], { session: 2, runId: 'run-2', fence: 2 }),
  ]),
  '6 a success means all': historyOf([
    acquire(1),
    page(['1', '2']),
    commit([upsert('1')]),
    finish(),
  ]),
  '7 no start before it is due': historyOf([
    ...GOOD,
    acquire(2, { nowMs: NOW_MS + DUE_AFTER_MS - 1 }),
  ]),
  '7 what is due starts': historyOf([
    {
      kind: 'answered',
      resource: 'things',
      session: 1,
      request: REQUEST,
      decision: 'fresh',
      nowMs: NOW_MS + DUE_AFTER_MS,
      control: { ...NEW_CONTROL, lastSuccessAtMs: NOW_MS, lastAttemptAtMs: NOW_MS },
    },
  ]),
  '8 resources are apart': historyOf([
    commit([], { after: { ...controls(), labels: { ...NEW_CONTROL, fence: 1 } } }),
  ]),
  '9 little is fetched twice': historyOf([
    acquire(1),
    page(['1', '2']),
    commit([upsert('1'), upsert('2')]),
    acquire(2, { session: 2 }),
    detail('1', { session: 2 }),
    detail('2', { session: 2 }),
  ]),
  '9 a walk ends': historyOf([
    acquire(1),
    ...Array.from({ length: 201 }, (_, place) => page(['1'], { page: place + 1 })),
  ]),
  '10 converges without drift': historyOf([...GOOD, read({ id: '2', version: 1 })]),
  '11 nothing leaks': historyOf([page([], { url: 'https://evil.example/b2c/things/' })]),
};

describe('the rules that histories are checked by', () => {
  test('each has a bad history of its own', () => {
    expect(Object.keys(BAD)).toEqual(Object.keys(INVARIANTS));
  });

  test.each(Object.entries(BAD))('%s: finds fault with a bad history', (name, history) => {
    expect(INVARIANTS[name]?.(history)).not.toEqual([]);
  });

  test('a history of one good run breaks none but the last, which wants it settled', () => {
    const faults = violationsOf(historyOf([...GOOD, read({ id: '1', version: 1 })]));
    expect(faults.filter((fault) => !fault.startsWith('[10'))).toEqual([]);
  });

  test('a run that closes may ask for three that the list has, until one is served, before it asks for what is missing', () => {
    const ids = ['1', '2', '3', '4'];
    const listed = [acquire(1), page(ids), commit(ids.map((id) => upsert(id)))];
    const closing = acquire(2, { session: 2, after: controls({ fence: 2, run: runOf() }) });
    const served = (id: string) => detail(id, { session: 2 });
    const failed = (id: string) =>
      detail(id, { session: 2, version: null, failure: 'unavailable' });
    const found = (...events: readonly HistoryEvent[]) =>
      INVARIANTS['9 little is fetched twice']?.(historyOf([...listed, ...events])).join();
    expect(found(closing, served('1'), served('9'))).toBe('');
    expect(found(closing, failed('1'), failed('2'), served('3'), served('9'))).toBe('');
    expect(found(closing, served('1'), served('2'))).toContain('2 was fetched again');
    expect(found(closing, ...ids.map(failed))).toContain('4 was fetched again');
    expect(found(acquire(2, { session: 2 }), failed('1'))).toContain('1 was fetched again');
  });

  test('two scans that miss a record prove nothing where the list moved while it was read', () => {
    const rule = INVARIANTS['5 what leaves, leaves by the rule'];
    const scan = (session: number, ids: readonly string[], writes: readonly CatalogWrite[]) => {
      const of = { session, fence: session, runId: `run-${session}` };
      const run = runOf({ runId: of.runId, rowsRead: ids.length });
      const after = controls({ fence: session, run });
      const { summary } = finish();
      return [
        acquire(session, { session, after }),
        page(ids, { session }),
        commit(writes, { ...of, after, seen: ids }),
        finish({ ...of, summary: summary === null ? null : { ...summary, runId: of.runId } }),
      ];
    };
    const missed = [...GOOD, ...scan(2, ['2'], [upsert('2')])];
    const gone = [tombstone('1')];
    expect(rule?.(historyOf([...missed, ...scan(3, ['2'], gone)]))).toEqual([]);
    expect(rule?.(historyOf([...missed, ...scan(3, ['2', '2'], gone)])).join()).toContain('moved');
  });

  test('a record that falls back to an older version is stale', () => {
    const history = historyOf([commit([upsert('1', 3)]), commit([upsert('1', 2)])]);
    expect(INVARIANTS['3 nothing is stale']?.(history).join()).toContain(
      'fell from version 3 to 2',
    );
  });

  test('a success with a page never read, and one that goes back, are none', () => {
    const rule = INVARIANTS['6 a success means all'];
    const lost = [acquire(1), page(['1'], { page: 2 }), commit([upsert('1')]), finish()];
    expect(rule?.(historyOf(lost)).join()).toContain('without the whole list');
    const back = finish({ before: controls({ lastSuccessAtMs: NOW_MS + 1 }) });
    expect(rule?.(historyOf([back])).join()).toContain('went back');
  });

  test('a partial run makes no whole one due, and no tick makes a whole one of it', () => {
    const rule = INVARIANTS['7 no start before it is due'];
    const nextDueAtMs = NOW_MS + DUE_AFTER_MS;
    const partial = runOf({ runId: 'run-2', scope: 'rejects' });
    const atOnce = { nowMs: NOW_MS + 600_000 };
    const retry = acquire(2, {
      ...atOnce,
      request: { ...REQUEST, force: true, scope: 'rejects' },
      before: controls({ nextDueAtMs }),
      after: controls({ nextDueAtMs, run: partial }),
    });
    const { summary } = finish();
    const retried = finish({ ...atOnce, summary: summary && { ...summary, scope: 'rejects' } });
    const next = acquire(3, { ...atOnce, before: controls() });
    expect(rule?.(historyOf([...GOOD, retry, retried]))).toEqual([]);
    expect(rule?.(historyOf([...GOOD, retry, retried, next]))).toHaveLength(1);
    const tick = { ...atOnce, request: { ...REQUEST, resumeOnly: true } };
    const before = controls({ nextDueAtMs, run: partial });
    const goesOn = acquire(3, { ...tick, before, after: before });
    expect(rule?.(historyOf([...GOOD, retry, goesOn]))).toEqual([]);
    expect(rule?.(historyOf([...GOOD, retry, acquire(3, { ...tick, before })]))).toHaveLength(1);
  });

  test('a retry whose key is refused makes the next start due in a minute, also where its end’s reply was lost', () => {
    const endedAtMs = NOW_MS + 600_000;
    const nextDueAtMs = endedAtMs + 60_000;
    const { summary } = finish();
    const refused = finish({
      nowMs: endedAtMs + 12_000,
      summary: summary && { ...summary, scope: 'rejects', finishedAtMs: endedAtMs },
      after: controls({
        nextDueAtMs,
        lastError: { code: 'key_refused', message: 'refused', atMs: endedAtMs },
      }),
    });
    const next = acquire(3, { nowMs: nextDueAtMs, before: controls({ nextDueAtMs }) });
    const rule = INVARIANTS['7 no start before it is due'];
    expect(rule?.(historyOf([...GOOD, refused, next]))).toEqual([]);
  });

  test('the key in a log line, or in what is stored, is a leak', () => {
    const rule = INVARIANTS['11 nothing leaks'];
    expect(rule?.(historyOf([], { logged: [`run_ended ${CANARY_KEY}`] }))).toHaveLength(1);
    const row = { ...reject('1'), payload: CANARY_KEY };
    expect(rule?.(historyOf([commit([row])]))).toHaveLength(1);
  });
});
