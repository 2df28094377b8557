import { expect } from 'vitest';
import type { JsonObject } from '../../shared/core/json.ts';
import { recordId } from '../../shared/core/record-id.ts';
import { minutes } from '../../shared/core/resource.ts';
import type { SyncResult } from '../../shared/core/run-sync.ts';
import type { Laboratory } from './laboratory.ts';
import type { LabWorker } from './lab-worker.ts';

/** Syncs everything once, so that there is something to lose. */
export async function firstSync(lab: Laboratory): Promise<Readonly<Record<string, JsonObject>>> {
  expect(await lab.worker().sync()).toMatchObject({ success: true });
  return lab.live();
}

/** How many requests reached the supplier, once none is on its way any more: what a run's end cuts off
 *  may still arrive. */
export async function settledCount({ count }: { readonly count: () => number }): Promise<number> {
  for (let seen = count(); ; seen = count()) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (count() === seen) return seen;
  }
}

/** The fault cost nothing that was stored, and was no success. */
export async function expectKept(
  lab: Laboratory,
  before: Readonly<Record<string, JsonObject>>,
  result: SyncResult,
): Promise<void> {
  expect(result.success, result.message).toBe(false);
  expect(await lab.live()).toEqual(before);
}

/** Once the fault is over, the very next sync brings the copy level with the supplier: not a record
 *  lost, not one too many, and no error left. */
export async function expectHealed(lab: Laboratory, worker: LabWorker = lab.worker()) {
  worker.clock.step(minutes(2));
  const result = await worker.sync();
  expect(result, result.message).toMatchObject({ success: true, stats: { errors: 0 } });
  await expectLevel(lab);
  expect(await lab.rejects()).toEqual([]);
}

/** What readers see is what the supplier has: ids and titles. */
export async function expectLevel(lab: Laboratory): Promise<void> {
  const live = Object.entries(await lab.live()).map(([id, body]) => [id, body['title']]);
  const truth = lab.supplier.products.map(({ id, name }) => [recordId(id), name]);
  expect(Object.fromEntries(live)).toEqual(Object.fromEntries(truth));
}

/** Upstream renames everything it has, so that nothing stays unchanged. */
export function renameAll({ supplier }: Laboratory, word: string): void {
  supplier.products = supplier.products.map((row) => ({
    ...row,
    name: `${word} ${recordId(row['id'])}`,
  }));
}
