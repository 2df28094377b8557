import type { CatalogRef } from './control.ts';
import { conditionOf, figuresOf, type Metrics } from './metrics.ts';
import type { CatalogStore, Clock, TriggerGate } from './ports.ts';

/** Samples of one figure that are kept of one invocation: what one metric line may hold. */
const MOST_SAMPLES = 100;

interface WatchParts {
  readonly metrics: Metrics;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** What the supplier answered one request with. */
export interface UpstreamAnswer {
  readonly latencyMs: number;
  /** 429 or 503: too much for it. */
  readonly isRefusal: boolean;
}

/** One run's store and upstream, measured: the run itself knows nothing of it. */
export interface WatchedRun {
  readonly store: CatalogStore;
  readonly answered: (answer: UpstreamAnswer) => void;
}

/**
 * Measures a run from outside: how the resource is, whenever its control record is read or a lease
 * ends; what the run did, once it is over; how the supplier answered, with either. Only after the store
 * has it: what could not be written is not reported.
 */
export function watchedRun(store: CatalogStore, { metrics, clock }: WatchParts): WatchedRun {
  const latencies = evenSamples(MOST_SAMPLES);
  let refusals = 0;
  return {
    answered: ({ latencyMs, isRefusal }) => {
      latencies.add(latencyMs);
      if (isRefusal) refusals += 1;
    },
    store: {
      ...store,
      control: async (ref) => {
        const control = await store.control(ref);
        metrics.record(ref, conditionOf(control, clock.nowMs()));
        return control;
      },
      finish: async (ref, hold, after, ending) => {
        await store.finish(ref, hold, after, ending);
        const { summary } = ending;
        const samples = latencies.taken();
        metrics.record(ref, {
          ...conditionOf(after, clock.nowMs()),
          ...(summary !== null && figuresOf(summary)),
          ...(samples.length > 0 && { UpstreamLatency: samples, UpstreamRefusals: refusals }),
        });
      },
    },
  };
}

/** Counts the claims that readers win: each starts the worker. */
export function watchedGate(gate: TriggerGate, metrics: Metrics): TriggerGate {
  return {
    ...gate,
    claimTrigger: async (ref: CatalogRef, nowMs, untilMs) => {
      const isOurs = await gate.claimTrigger(ref, nowMs, untilMs);
      if (isOurs) metrics.record(ref, { ReadStarts: 1 });
      return isOurs;
    },
  };
}

/** At most `most` of any number of values, evenly spread over them. */
function evenSamples(most: number) {
  let kept: number[] = [];
  let every = 1;
  let met = 0;
  return {
    add: (value: number): void => {
      if (met % every === 0) kept.push(value);
      met += 1;
      if (kept.length <= most) return;
      kept = kept.filter((_value, position) => position % 2 === 0);
      every *= 2;
    },
    taken: (): readonly number[] => kept,
  };
}
