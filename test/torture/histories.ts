import * as fc from 'fast-check';
import { createClient } from '../../shared/adapters/dynamodb/client.ts';
import type { BusyStore } from '../histories/busy-store.ts';
import { engineStores } from '../histories/engine-stores.ts';
import { violationsOf } from '../histories/invariants/index.ts';
import { plans, type Plan, type Step } from '../histories/plan.ts';
import { play } from '../histories/play.ts';
import type { Mishap } from '../histories/gate.ts';
import { SUPPLIER_FAULTS, type Change } from '../histories/supplier.ts';
import { newGround } from './children.ts';
import type { Outcome, Part } from './report.ts';

const HISTORIES = 2_000_000;
const SEEDS = 20;
const BATCH = 5_000;
/** How long one may wait for a line. */
const SAY_EACH_MS = 20_000;

/** A number of histories of a seed, within a time, each on a store of its own (default: in memory). */
interface Batch {
  readonly seed: number;
  readonly numRuns: number;
  readonly timeMs: number;
  readonly newStore?: (() => Promise<BusyStore>) | undefined;
}

/** Plays plans; answers how many, and what broke first, with the seed that repeats it. */
async function played(
  arbitrary: fc.Arbitrary<Plan>,
  { seed, numRuns, timeMs, newStore }: Batch,
): Promise<{ readonly played: number; readonly fault: string | null }> {
  let count = 0;
  const property = fc.asyncProperty(arbitrary, fc.scheduler(), async (plan, scheduler) => {
    const violations = violationsOf(await play(plan, scheduler, await newStore?.()));
    count += 1;
    if (violations.length > 0) throw new Error(violations.join('\n'));
  });
  const details = await fc.check(property, { seed, numRuns, interruptAfterTimeLimit: timeMs });
  const isBroken = details.failed && details.counterexample !== null;
  const fault = `${String(details.errorInstance)}\n${fc.defaultReportMessage(details) ?? ''}`;
  return { played: count, fault: isBroken ? fault : null };
}

/** Any histories, as many as the time allows. */
export const histories: Part = (timeMs, say) => playedUntil('histories', timeMs, say);

/** The same on the real engine, each with a table of its own. */
export const engineHistories: Part = async (timeMs, say) => {
  const ground = await newGround();
  const newStore = engineStores(createClient({ endpoint: ground.endpoint }));
  try {
    return await playedUntil('engine histories', timeMs, say, newStore);
  } finally {
    await ground.stop();
  }
};

async function playedUntil(
  part: string,
  forMs: number,
  say: (line: string) => void,
  newStore?: () => Promise<BusyStore>,
): Promise<Outcome> {
  const endsAtMs = performance.now() + forMs;
  const faults: string[] = [];
  let count = 0;
  for (let seed = 1; count < HISTORIES && performance.now() < endsAtMs; seed += 1) {
    const timeMs = Math.min(endsAtMs - performance.now(), SAY_EACH_MS);
    const batch = await played(plans, { seed, numRuns: BATCH, timeMs, newStore });
    count += batch.played;
    if (batch.fault !== null) faults.push(batch.fault);
    say(`${part}: ${count} played, ${faults.length} broken`);
  }
  return { part, faults, figures: { histories: count } };
}

type Trouble = { readonly name: string; readonly step: Step };

const MISHAPS: readonly Mishap['kind'][] = [
  'crash_before',
  'crash_after',
  'pause',
  'refuse',
  'lose_reply',
  'repeat',
];
const CHANGES: readonly Change[] = ['insert', 'edit', 'remove', 'remove_many', 'break', 'hide'];

const at = { gap: 3, resource: 'things' } as const;
const TROUBLES: readonly Trouble[] = [
  ...MISHAPS.map((kind): Trouble => ({ name: kind, step: startWith(kind) })),
  ...SUPPLIER_FAULTS.map((fault): Trouble => ({
    name: fault,
    step: { ...at, do: 'fault', fault, skip: 2, calls: 2 },
  })),
  ...CHANGES.map((what): Trouble => ({
    name: what,
    step: { ...at, do: 'change', what, which: 1 },
  })),
  { name: 'clock ahead', step: { ...at, do: 'skew', worker: 1, ms: 300_000 } },
  { name: 'clock behind', step: { ...at, do: 'skew', worker: 1, ms: -300_000 } },
  { name: 'deploy', step: { ...at, do: 'deploy' } },
  { name: 'discard', step: { ...at, do: 'discard' } },
];

function startWith(kind: Mishap['kind']): Step {
  const mishaps = [{ atOperation: 6, kind, forMs: 101_000 }];
  const start = { ...at, do: 'start', how: 'force', worker: 1 } as const;
  return { ...start, mishaps, latencyMs: 0, hostLeavesAfter: null };
}

/** Every pair of troubles, among others, with 20 seeds each. */
export const pairs: Part = async (timeMs, say) => {
  const endsAtMs = performance.now() + timeMs;
  const faults: string[] = [];
  let pairsDone = 0;
  let count = 0;
  const all = TROUBLES.flatMap((a, index) => TROUBLES.slice(index).map((b) => [a, b] as const));
  for (const [a, b] of all) {
    if (performance.now() >= endsAtMs) break;
    const both = fc
      .tuple(plans, fc.nat(), fc.nat())
      .map(([plan, first, second]) => withSteps(plan, [a.step, first], [b.step, second]));
    const done = await played(both, { seed: pairsDone, numRuns: SEEDS, timeMs: 60_000 });
    pairsDone += 1;
    count += done.played;
    if (done.fault !== null) faults.push(`${a.name} with ${b.name}: ${done.fault}`);
    if (pairsDone % 50 === 0) say(`pairs: ${pairsDone} of ${all.length}, ${faults.length} broken`);
  }
  return {
    part: 'pairs of faults',
    faults,
    figures: { pairs: pairsDone, of: all.length, histories: count },
  };
};

function withSteps(plan: Plan, ...added: readonly (readonly [Step, number])[]): Plan {
  const steps = [...plan.steps];
  for (const [step, place] of added) steps.splice(place % (steps.length + 1), 0, step);
  return { ...plan, steps };
}
