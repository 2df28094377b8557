import type { Clock, Log } from '../shared/core/ports.ts';
import type { ScheduleDeclaration } from '../shared/deployment.ts';

export interface SchedulesOptions {
  readonly clock: Pick<Clock, 'nowMs' | 'sleep'>;
  readonly log: Log;
  /** Starts the worker with a rule's payload; a failure is logged, and the rule goes on. */
  readonly invoke: (payload: ScheduleDeclaration['payload']) => Promise<unknown>;
  /** What fires: the rules of the sources that there are. */
  readonly declarations: readonly ScheduleDeclaration[];
}

export interface Schedules {
  /** No rule fires any more once it resolves; what was started goes on by itself. */
  stop(): Promise<void>;
}

const MINUTE_MS = 60_000;

/** Fires the declared rules at their minutes by the wall clock, UTC, as EventBridge does. */
export function startSchedules({ declarations, ...ports }: SchedulesOptions): Schedules {
  const stopping = new AbortController();
  const rules = declarations.map((schedule) => fire(schedule, ports, stopping.signal));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(rules);
    },
  };
}

/** The first moment after `nowMs` at which a rule fires. */
export function nextFiringMs(
  { everyMinutes, atMinute }: ScheduleDeclaration,
  nowMs: number,
): number {
  const periodMs = everyMinutes * MINUTE_MS;
  const offsetMs = (atMinute * MINUTE_MS) % periodMs;
  return (Math.floor((nowMs - offsetMs) / periodMs) + 1) * periodMs + offsetMs;
}

async function fire(
  schedule: ScheduleDeclaration,
  { clock, log, invoke }: Omit<SchedulesOptions, 'declarations'>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const dueAtMs = nextFiringMs(schedule, clock.nowMs());
    // By minutes: a machine that slept, or whose clock was set, is at most one minute late.
    while (!signal.aborted && clock.nowMs() < dueAtMs) {
      await clock.sleep(Math.min(dueAtMs - clock.nowMs(), MINUTE_MS), signal);
    }
    if (signal.aborted) return;
    invoke(schedule.payload).catch((error: unknown) =>
      log.error('schedule failed', { schedule: schedule.name, error }),
    );
  }
}
