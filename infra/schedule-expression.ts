import { ConfigurationError } from '../shared/core/errors.ts';
import type { ScheduleDeclaration } from '../shared/deployment.ts';

type Rhythm = Pick<ScheduleDeclaration, 'everyMinutes' | 'atMinute'>;

const HOUR = 60;
const DAY = 24 * HOUR;

/** True when one cron line can say it: the minutes divide an hour, or are whole hours that divide a day. */
export function isSchedulable(everyMinutes: number): boolean {
  if (!Number.isInteger(everyMinutes) || everyMinutes < 1) return false;
  return everyMinutes <= HOUR
    ? HOUR % everyMinutes === 0
    : everyMinutes % HOUR === 0 && DAY % everyMinutes === 0;
}

/**
 * The EventBridge expression (UTC) of a rhythm: it fires whenever the minute of the day, divided by
 * `everyMinutes`, leaves the same rest as `atMinute`.
 * @throws ConfigurationError when no single cron line can say it, for example every 7 or 90 minutes.
 */
export function scheduleExpression({ everyMinutes, atMinute }: Rhythm): string {
  if (!isSchedulable(everyMinutes)) {
    throw new ConfigurationError(
      `A schedule of every ${everyMinutes} minutes is not possible: use a divisor of 60, or whole hours that divide a day.`,
    );
  }
  const first = atMinute % everyMinutes;
  const hours = steps(Math.floor(first / HOUR), everyMinutes / HOUR, 24);
  const minutes = steps(first % HOUR, everyMinutes, HOUR);
  return `cron(${minutes} ${hours} * * ? *)`;
}

/** One cron field: every value from `first` in steps, `*` for all, or a single value. */
function steps(first: number, step: number, range: number): string {
  if (step <= 1) return '*';
  return step >= range ? String(first) : `${first}/${step}`;
}
