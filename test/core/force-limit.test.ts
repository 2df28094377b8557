import { expect, test } from 'vitest';
import { decideForce, type ForceMark } from '../../shared/core/force-limit.ts';

const MINUTE_MS = 60_000;

/** Forces of these people, one every minute and a bit, as far as they are allowed. */
function forced(subjects: readonly string[], stepMs = MINUTE_MS) {
  let marks: readonly ForceMark[] = [];
  return subjects.map((subject, turn) => {
    const decision = decideForce(marks, subject, turn * stepMs);
    if (decision.allowed) marks = decision.marks;
    return decision.allowed
      ? 'allowed'
      : `${decision.limit} until ${decision.retryAtMs / MINUTE_MS}`;
  });
}

test('the seventh force of one person within an hour waits until the first is an hour old', () => {
  expect(forced(Array.from({ length: 8 }, () => 'alice'))).toEqual([
    ...Array.from({ length: 6 }, () => 'allowed'),
    'hour until 60',
    'hour until 60',
  ]);
});

test('another person is not held back by it', () => {
  expect(forced(['a', 'a', 'a', 'a', 'a', 'a', 'a', 'b']).at(-1)).toBe('allowed');
});

test('of two who force in turns each has six in an hour', () => {
  const inTurns = Array.from({ length: 14 }, (_, turn) => (turn % 2 === 0 ? 'alice' : 'bob'));
  expect(forced(inTurns)).toEqual([
    ...Array.from({ length: 12 }, () => 'allowed'),
    'hour until 60',
    'hour until 61',
  ]);
});

test('within a minute nobody forces twice, whoever it is', () => {
  expect(forced(['alice', 'bob', 'bob'], MINUTE_MS / 2)).toEqual([
    'allowed',
    'minute until 1',
    'allowed',
  ]);
});

test('what is an hour old is forgotten', () => {
  const old = Array.from({ length: 6 }, (_, turn) => ({
    subject: 'alice',
    atMs: turn * MINUTE_MS,
  }));
  expect(decideForce(old, 'alice', 60 * MINUTE_MS)).toMatchObject({ allowed: true });
  const decision = decideForce(old, 'alice', 66 * MINUTE_MS);
  expect(decision).toEqual({ allowed: true, marks: [{ subject: 'alice', atMs: 66 * MINUTE_MS }] });
});
