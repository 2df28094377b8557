import { latencyBucket, type UpstreamHealth } from '../../core/health.ts';
import type { Outcome } from './outcome.ts';

/** Counts how upstream answers, attempt by attempt. */
export interface HealthCounter {
  readonly health: UpstreamHealth;
  readonly add: (outcome: Outcome, latencyMs: number) => void;
}

export function createHealthCounter(): HealthCounter {
  const latency: Record<string, number> = {};
  const health = { requests: 0, refused: 0, overloaded: 0, failed: 0, latency };
  return {
    health,
    add: (outcome, latencyMs) => {
      health.requests += 1;
      if (outcome.kind === 'refused') health.refused += 1;
      else if (isOverload(outcome)) health.overloaded += 1;
      else if (isFailure(outcome)) health.failed += 1;
      if (!isAnswered(outcome)) return;
      const bucket = latencyBucket(latencyMs);
      latency[bucket] = (latency[bucket] ?? 0) + 1;
    },
  };
}

/** 429 or 503: upstream has too much to do. */
export const isOverload = (outcome: Outcome): boolean =>
  outcome.kind === 'failed' && [429, 503].includes(outcome.error.status ?? 0);

/** That something does not exist is a good answer. */
const isFailure = (outcome: Outcome): boolean =>
  outcome.kind === 'failed' && outcome.error.failure !== 'not_found';

/** A time-out says nothing about response times. */
const isAnswered = (outcome: Outcome): boolean =>
  outcome.kind === 'json' || outcome.error.status !== null;
