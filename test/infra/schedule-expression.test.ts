import { describe, expect, test } from 'vitest';
import { isSchedulable, scheduleExpression } from '../../infra/schedule-expression.ts';

const DAY = 24 * 60;

/** The minutes of the day at which EventBridge would fire, read from the expression's text. */
function firings(expression: string): number[] {
  const [minutes = '', hours = '', ...rest] = expression.slice('cron('.length, -1).split(' ');
  expect(rest).toEqual(['*', '*', '?', '*']);
  return field(hours, 24).flatMap((hour) => field(minutes, 60).map((minute) => hour * 60 + minute));
}

function field(text: string, range: number): number[] {
  const [start = '', step] = text.split('/');
  const all = Array.from({ length: range }, (_, value) => value);
  if (start === '*') return all;
  if (step === undefined) return [Number(start)];
  return all.filter(
    (value) => value >= Number(start) && (value - Number(start)) % Number(step) === 0,
  );
}

const possible = Array.from({ length: DAY }, (_, index) => index + 1).filter(isSchedulable);

describe('a schedule in minutes', () => {
  test('the rhythms that one cron line can say are the divisors of an hour and of a day in hours', () => {
    const inHours = [1, 2, 3, 4, 6, 8, 12, 24].map((hours) => hours * 60);
    expect(possible).toEqual([1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, ...inHours]);
  });

  test.each(possible)('every %i minutes fires at its minutes and at no other', (everyMinutes) => {
    for (const atMinute of [0, 1, 7, 59, 60, 65, 719, 1439]) {
      const wanted = Array.from({ length: DAY }, (_, minute) => minute).filter(
        (minute) => minute % everyMinutes === atMinute % everyMinutes,
      );
      expect(firings(scheduleExpression({ everyMinutes, atMinute }))).toEqual(wanted);
    }
  });

  test.each([0, -5, 7, 45, 90, 300, 2880, 2.5, Number.NaN])(
    'every %d minutes is refused with the way out',
    (everyMinutes) => {
      expect(() => scheduleExpression({ everyMinutes, atMinute: 0 })).toThrow(/divisor of 60/);
    },
  );
});
