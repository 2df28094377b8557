import * as fc from 'fast-check';
import { RESOURCE_NAMES, type ResourceName } from './model.ts';
import type { Mishap } from './gate.ts';
import {
  PAST_THE_END,
  SUPPLIER_FAULTS,
  type Change,
  type ListManner,
  type SupplierFault,
} from './supplier.ts';

/** What starts a session. */
export type StartKind = 'schedule' | 'tick' | 'force' | 'rejects' | 'read';

/** One thing that happens to the world, after `gap` turns of others. */
export type Step = { readonly gap: number; readonly resource: ResourceName } & (
  | {
      readonly do: 'start';
      readonly how: StartKind;
      readonly worker: number;
      readonly mishaps: readonly Mishap[];
      readonly latencyMs: number;
      readonly hostLeavesAfter: number | null;
    }
  | { readonly do: 'change'; readonly what: Change; readonly which: number }
  | {
      readonly do: 'fault';
      readonly fault: SupplierFault;
      readonly skip: number;
      readonly calls: number;
    }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'skew'; readonly worker: number; readonly ms: number }
  | { readonly do: 'approve' }
  | { readonly do: 'discard' }
  | { readonly do: 'deploy' }
);

/** A history to be: the catalogue it starts from, and what happens. */
export interface Plan {
  readonly records: number;
  readonly manner: ListManner;
  /** Workers whose monotonic clock stands still while they are paused. */
  readonly freezes: boolean;
  readonly steps: readonly Step[];
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const mishap: fc.Arbitrary<Mishap> = fc.record({
  atOperation: fc.integer({ min: 2, max: 16 }),
  kind: fc.constantFrom(
    'crash_before',
    'crash_after',
    'pause',
    'pause',
    'pause',
    'refuse',
    'lose_reply',
    'repeat',
  ),
  forMs: fc.constantFrom(5 * SECOND, 85 * SECOND, 101 * SECOND, 125 * SECOND, 20 * MINUTE),
});

const start = fc.record({
  do: fc.constant('start'),
  how: fc.constantFrom<StartKind[]>(
    'schedule',
    'schedule',
    'tick',
    'force',
    'force',
    'rejects',
    'read',
  ),
  worker: fc.integer({ min: 0, max: 2 }),
  mishaps: fc.array(mishap, { minLength: 1, maxLength: 3 }),
  latencyMs: fc.constantFrom(0, 0, 0, 400, 6 * SECOND),
  hostLeavesAfter: fc.option(fc.integer({ min: 3, max: 20 }), { freq: 4 }),
});
const change = fc.record({
  do: fc.constant('change'),
  what: fc.constantFrom<Change[]>(
    'insert',
    'edit',
    'edit',
    'remove',
    'remove',
    'remove_many',
    'break',
    'hide',
    'heal',
  ),
  which: fc.nat(7),
});
const fault = fc.record({
  do: fc.constant('fault'),
  fault: fc.constantFrom(...SUPPLIER_FAULTS),
  /** Answers that are right before it. */
  skip: fc.integer({ min: 0, max: 4 }),
  calls: fc.integer({ min: 1, max: 4 }),
});
const pass = fc.record({
  do: fc.constant('pass'),
  ms: fc.constantFrom(SECOND, 61 * SECOND, 101 * SECOND, 101 * SECOND, 31 * MINUTE, 121 * MINUTE),
});
const skew = fc.record({
  do: fc.constant('skew'),
  worker: fc.integer({ min: 0, max: 2 }),
  ms: fc.integer({ min: -5, max: 5 }).map((minutes) => minutes * MINUTE),
});
const word = fc.record({ do: fc.constantFrom('approve', 'discard', 'deploy') });

const step: fc.Arbitrary<Step> = fc
  .tuple(
    fc.record({
      gap: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20 })),
      resource: fc.constantFrom(...RESOURCE_NAMES, 'things' as const, 'things' as const),
    }),
    fc.oneof(
      { weight: 8, arbitrary: start },
      { weight: 4, arbitrary: change },
      { weight: 3, arbitrary: fault },
      { weight: 5, arbitrary: pass },
      { weight: 1, arbitrary: skew },
      { weight: 1, arbitrary: word },
    ),
  )
  .map(([common, own]) => Object.assign(common, own));

const manner: fc.Arbitrary<ListManner> = fc.record({
  pageSize: fc.integer({ min: 1, max: 4 }),
  counts: fc.boolean(),
  namesNext: fc.boolean(),
  pastTheEnd: fc.constantFrom(...PAST_THE_END),
  isNewestFirst: fc.boolean(),
});

/** Any history of a few records, three workers and a dozen things that happen. */
export const plans: fc.Arbitrary<Plan> = fc.record({
  records: fc.integer({ min: 0, max: 8 }),
  manner,
  freezes: fc.boolean(),
  steps: fc.array(step, { minLength: 2, maxLength: 14, size: 'max' }),
});
