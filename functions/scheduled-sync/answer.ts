import type { Decision } from '../../shared/core/decide.ts';
import type { SyncResult } from '../../shared/core/run-sync.ts';

/** What the worker answers: about one resource, or about all of them and each. */
export type WorkerAnswer = SyncResult | AllResult;

export interface AllResult {
  /** True only when every one was processed. */
  readonly success: boolean;
  /** `started` when one was; else the first one's. */
  readonly decision: Decision;
  readonly message: string;
  /** Of which there are several, in `results`. */
  readonly run_id: null;
  readonly stats: null;
  readonly results: Readonly<Record<string, SyncResult>>;
}

/** The answer to an event that is not as declared; it starts nothing. */
export function refusedEvent(message: string): SyncResult {
  return { success: false, decision: 'forbidden', message, run_id: null, stats: null };
}

/** One answer about several resources. */
export function allOf(results: ReadonlyMap<string, SyncResult>): AllResult {
  const each = [...results.values()];
  const started = each.find(({ decision }) => decision === 'started') ?? each[0];
  return {
    success: each.every(({ success }) => success),
    decision: started?.decision ?? 'fresh',
    message: each.map(({ message }) => message).join(' '),
    run_id: null,
    stats: null,
    results: Object.fromEntries(results),
  };
}
