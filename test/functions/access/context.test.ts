import { expect, test } from 'vitest';
import { callerContext, contextOf } from '../../../functions/access/context.ts';
import type { Anonymous } from '../../../functions/access/identify.ts';

const refused: Anonymous = { kind: 'anonymous', refused: true, unavailable: true };

test('truth values are the same whether the gateway hands them on as they are or as texts', () => {
  const handed = contextOf(refused);
  const asTexts = Object.fromEntries(
    Object.entries(handed).map(([name, value]) => [name, String(value)]),
  );
  expect(asTexts).toEqual({ kind: 'anonymous', refused: 'true', unavailable: 'true' });
  for (const context of [handed, asTexts]) expect(callerContext.parse(context)).toEqual(refused);
  expect(callerContext.parse({ kind: 'anonymous', refused: 'false' })).toEqual({
    kind: 'anonymous',
    refused: false,
    unavailable: false,
  });
});

test.each(['', 'yes', 'True', '0', 1, null])('%j is no truth value, and an error', (value) => {
  expect(callerContext.safeParse({ kind: 'anonymous', refused: value }).success).toBe(false);
});
