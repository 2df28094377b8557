import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '../../shared/adapters/memory/store.ts';
import { digest } from '../../shared/adapters/digest.ts';
import { cutChanges } from '../../shared/core/changed-fields.ts';
import { dryRun, type DryRunResult } from '../../shared/core/dry-run.ts';
import { UpstreamError } from '../../shared/core/errors.ts';
import { hours } from '../../shared/core/resource.ts';
import type { CatalogStore } from '../../shared/core/ports.ts';
import { categories } from '../../shared/resources/categories.ts';
import { fakeSource } from '../support/fake-source.ts';
import { manualClock } from '../support/manual-clock.ts';
import { onEachStore } from '../support/stores.ts';
import { aCategory } from '../support/supplier-records.ts';
import { runSync } from '../../shared/core/run-sync.ts';
import type { Store } from '../support/sync-bench.ts';

const ref = { source: 'main', resource: 'categories' };
const host = { holder: 'test', shouldStop: () => false, isGone: () => false, observe: () => {} };
const settings = { intervalMs: hours(2), configuration: 'v1' };
const REQUEST = { trigger: 'cli', force: true, resumeOnly: false, scope: 'full' } as const;

const refuse = async (): Promise<never> => {
  throw new Error('a dry run wrote');
};

/** The same store to read; each of its writing methods fails. */
function readOnly(store: Store): Store {
  const writing: Omit<
    CatalogStore,
    'control' | 'hasRun' | 'ledger' | 'heldIds' | 'liveRecords' | 'bodies'
  > = {
    acquire: refuse,
    claimTrigger: refuse,
    shortenClaim: refuse,
    commit: refuse,
    writeManifest: refuse,
    writePage: refuse,
    finish: refuse,
    discardHeld: refuse,
  };
  return { ...store, ...writing };
}

function bench(store: Store) {
  const source = fakeSource(Array.from({ length: 12 }, (_, index) => aCategory(index + 1)));
  const events: object[] = [];
  const note = (_event: string, fields: object = {}) => void events.push(fields);
  const ports = {
    ref,
    resource: categories,
    source,
    clock: manualClock(),
    digest,
    log: { info: note, warn: note, error: note },
  };
  return {
    source,
    events,
    sync: () => runSync(REQUEST, { ...ports, store }, host, settings),
    plan: (): Promise<DryRunResult> =>
      dryRun(REQUEST, { ...ports, store: readOnly(store), reader: store }, host, settings),
  };
}

const all = async (store: Store) => {
  const control = await store.control(ref);
  return {
    control,
    records: (await store.snapshot(ref, control)).records.map(({ id, body }) => [id, body]),
  };
};

onEachStore('a dry run', (open) => {
  test('tells what would be created, updated field by field, removed and rejected, and writes nothing', async () => {
    const store = await open();
    const { source, sync, plan, events } = bench(store);
    await sync();
    const before = await all(store);
    const kept = source.rows.filter((_row, index) => index > 1);
    source.rows = [
      aCategory(20),
      { ...aCategory(3), name: 'Renamed', is_rayon: true },
      { ...aCategory(4), name: null },
      ...kept.filter((row) => ![3, 4].includes(Number(Object(row).id))),
    ];
    events.length = 0;
    const { success, stats, planned, message } = await plan();
    expect(success).toBe(true);
    expect(stats).toMatchObject({ created: 1, updated: 1, removed: 2, errors: 1 });
    expect(planned.created).toEqual([{ id: '20', title: aCategory(20)['name'] }]);
    expect(planned.updated).toMatchObject([
      { id: '3', title: 'Renamed', changes: { name: { to: 'Renamed' } } },
    ]);
    expect(planned.removed.map(({ id }) => id)).toEqual(['1', '2']);
    expect(planned.removed.every(({ title }) => title.length > 0)).toBe(true);
    expect(planned.in_error).toMatchObject([{ id: '4', reason: expect.stringContaining('name') }]);
    expect(message).toMatch(/^Dry run of categories, nothing was written: .*1 created, 1 updated/);
    expect(await all(store)).toEqual(before);
    expect(events.length).toBeGreaterThan(0);
    for (const fields of events) expect(fields).toMatchObject({ dry_run: true });
    // And that is what a sync then does.
    expect((await sync()).stats).toMatchObject({ created: 1, updated: 1, removed: 2, errors: 1 });
  });
});

test('a dry run tells of no removal that the sync will not make: an unfinished run’s marks prove nothing', async () => {
  const store = createMemoryStore();
  const { source, sync, plan } = bench(store);
  source.pageSize = 4;
  await sync();
  // Missing once, though it is there.
  source.details.set('1', aCategory(1));
  source.rows = source.rows.slice(1);
  await sync();
  source.before = ({ kind, of }) => {
    if (kind === 'page' && of === '3')
      throw new UpstreamError('unavailable', 'HTTP 503', { isOutage: true });
  };
  await sync();
  source.before = () => {};
  expect((await plan()).stats).toMatchObject({ removed: 0 });
});

describe('a dry run', () => {
  test('that is cut short says that nothing of it is kept', async () => {
    const { source, plan } = bench(createMemoryStore());
    source.pageSize = 5;
    source.before = ({ of }) => {
      if (of === '2') throw new UpstreamError('unavailable', 'HTTP 500', { isOutage: true });
    };
    const { success, message } = await plan();
    expect(success).toBe(false);
    expect(message).toMatch(/^Dry run, nothing was written\. .* The next one begins anew\.$/);
  });

  test('tells what would be held back for a person', async () => {
    const { source, sync, plan } = bench(createMemoryStore());
    await sync();
    source.rows = [];
    const { success, planned } = await plan();
    expect(success).toBe(false);
    expect(planned.held).toHaveLength(12);
    expect(planned.removed).toEqual([]);
  });

  test('keeps and tells the first 500 of each kind, and counts all', async () => {
    const { source, plan } = bench(createMemoryStore());
    source.rows = Array.from({ length: 620 }, (_, index) => aCategory(index + 1));
    const { stats, planned } = await plan();
    expect(stats).toMatchObject({ created: 620 });
    expect(planned.created).toHaveLength(500);
  });

  test('says that the supplier is the trouble, and moves none of its gates', async () => {
    const store = createMemoryStore();
    const { source, plan } = bench(store);
    source.before = () => {
      throw new UpstreamError('key_refused', 'HTTP 403');
    };
    const { success, message } = await plan();
    expect(success).toBe(false);
    expect(message).toContain('refuses the API key');
    expect((await store.control(ref)).keyRefusedAtMs).toBeNull();
  });

  test('does not ask the supplier for everything while a sync does', async () => {
    const store = createMemoryStore();
    const { source, sync, plan } = bench(store);
    await sync();
    const control = await store.control(ref);
    const leased = {
      ...control,
      fence: 2,
      leaseHolder: 'other',
      leaseExpiresAtMs: Number.MAX_SAFE_INTEGER,
    };
    await store.acquire(ref, control, leased, { nowMs: 0, goneHolder: null });
    source.calls.length = 0;
    expect(await plan()).toMatchObject({ decision: 'running', planned: { created: [] } });
    expect(source.calls).toEqual([]);
  });
});

test('fields that come, go or change are told, long values cut, equal ones not', () => {
  const before = { same: [1, { a: 1 }], price: '10.00', gone: 'x' };
  const after = { same: [1, { a: 1 }], price: '12.00', come: 'y'.repeat(300) };
  expect(cutChanges(before, after)).toEqual({
    price: { from: '10.00', to: '12.00' },
    gone: { from: 'x', to: null },
    come: { from: null, to: `${'y'.repeat(200)}…` },
  });
});
