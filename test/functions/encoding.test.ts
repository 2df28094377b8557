import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeBody } from '../../functions/http/encoding.ts';

test('a body of JSON weighs what it takes within the function’s answer, whatever is in it', async () => {
  const texts = fc.jsonValue({ stringUnit: 'binary' }).map((value) => JSON.stringify(value));
  await fc.assert(
    fc.asyncProperty(texts, texts, async (before, text) => {
      const { body, bytes } = await encodeBody(
        { before, bulk: { text }, after: '' },
        { zip: false },
      );
      // Its three parts are weighed each with its quotes.
      expect(bytes).toBe(Buffer.byteLength(JSON.stringify(body)) + 4);
    }),
  );
});
