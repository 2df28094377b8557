import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { idOfOrderedKey, orderedKey, recordId } from '../../shared/core/record-id.ts';

const anyId = fc.oneof(
  fc.nat().map(String),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('A', 'a', '7', '07', 'n017', 's7', '#', '/', ' 7', '9007199254740993'),
);

test('two ids never share a key, and each comes back from its own', () => {
  fc.assert(
    fc.property(anyId, anyId, (a, b) => {
      const [one, other] = [recordId(a), recordId(b)];
      fc.pre(one !== null && other !== null);
      expect(idOfOrderedKey(orderedKey(one ?? ''))).toBe(one);
      expect(orderedKey(one ?? '') === orderedKey(other ?? '')).toBe(one === other);
    }),
    { numRuns: 5_000 },
  );
});
