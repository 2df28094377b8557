import type { Call } from './api.ts';

/** What the supplier was asked for since it started; demo controls and pictures are not counted. */
export interface SupplierStats {
  readonly requests: number;
  readonly byCall: Readonly<Partial<Record<Call, number>>>;
  readonly byStatus: Readonly<Record<string, number>>;
  /** Requests now being answered, and the most there ever were at once. */
  readonly inFlight: number;
  readonly mostInFlight: number;
}

export interface StatsCounter {
  started(call: Call): void;
  /** `status` is null when the request ended without an answer. */
  ended(status: number | null): void;
  read(): SupplierStats;
}

export function statsCounter(): StatsCounter {
  const byCall: Partial<Record<Call, number>> = {};
  const byStatus: Record<string, number> = {};
  let requests = 0;
  let inFlight = 0;
  let mostInFlight = 0;
  return {
    started(call) {
      requests += 1;
      inFlight += 1;
      mostInFlight = Math.max(mostInFlight, inFlight);
      byCall[call] = (byCall[call] ?? 0) + 1;
    },
    ended(status) {
      inFlight -= 1;
      const name = status === null ? 'unanswered' : String(status);
      byStatus[name] = (byStatus[name] ?? 0) + 1;
    },
    read: () => ({
      requests,
      byCall: { ...byCall },
      byStatus: { ...byStatus },
      inFlight,
      mostInFlight,
    }),
  };
}
