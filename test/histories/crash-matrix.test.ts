import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '../../shared/adapters/memory/store.ts';
import { LIMITS } from '../../shared/core/limits.ts';
import { onEachStore } from '../support/stores.ts';
import type { Store } from '../support/sync-bench.ts';
import { violationsOf } from './invariants/index.ts';
import { matrixStage, readBy, type MatrixStage } from './matrix.ts';

/** Two mappings in flight at most, as the model's source allows. */
const IN_FLIGHT = 2;
const KINDS = ['crash_before', 'crash_after', 'lose_reply', 'repeat'] as const;

const isUpstream = (label: string) => label === 'page' || label === 'detail';
const OPERATIONS = [
  'control',
  'acquire',
  'ledger',
  'page',
  'detail',
  'commit',
  'writeManifest',
  'finish',
];
/** What a crash may lose: a chunk being written, what was fetched ahead of it with one row on its way,
 *  and the pages: the one it was in, the one that what was fetched ahead reaches into, the one after. */
const ONE_CHUNK = LIMITS.chunkWrites + LIMITS.windowSlack + IN_FLIGHT + 1 + 3;

const countOf = (labels: readonly string[]) => labels.filter(isUpstream).length;

/** A three-page run that creates, updates, removes and rejects, disturbed at each operation in turn. */
async function everyOperation(open: () => Promise<Store>, created: number): Promise<number> {
  const undisturbed = await matrixStage(await open(), created);
  const operations = await undisturbed.sync();
  expect(new Set(operations)).toEqual(new Set(OPERATIONS));
  for (let at = 1; at <= operations.length; at += 1) {
    for (const kind of KINDS) {
      const store = await open();
      const stage = await matrixStage(store, created);
      const before = await stage.sync([{ atOperation: at, kind, forMs: 0 }]);
      const after = await recovered(stage);
      const label = `${kind} operation ${at} (${operations[at - 1]})`;
      expect(await readBy(store, stage.world), label).toEqual(stage.wanted);
      const calls = countOf([...before, ...after]);
      expect(calls, label).toBeLessThanOrEqual(countOf(operations) + ONE_CHUNK);
      const faults = violationsOf(await stage.history());
      expect(
        faults.filter((fault) => !fault.startsWith('[10')),
        label,
      ).toEqual([]);
    }
  }
  return operations.length;
}

onEachStore('a run of one transaction, disturbed before or after any operation', (open) => {
  test('after recovery every record is right, and little was fetched twice', async () => {
    expect(await everyOperation(open, 10)).toBeGreaterThan(20);
  }, 180_000);
});

describe('a run of several transactions, disturbed before or after any operation', () => {
  test('after recovery every record is right, and no more was fetched twice than one chunk', async () => {
    expect(await everyOperation(async () => createMemoryStore(), 100)).toBeGreaterThan(110);
  }, 180_000);
});

/** The next start that finds an unfinished run goes on with it; one that finds none has nothing to do. */
async function recovered(stage: MatrixStage): Promise<readonly string[]> {
  const finished = stage.world.events.filter(
    (event) => event.kind === 'finish' && event.applied && event.summary !== null,
  );
  return finished.length > 1 ? [] : await stage.sync();
}
