import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { narrowJson } from '../../shared/core/json.ts';
import { aProduct } from '../support/supplier-records.ts';

const isNarrow = (text: string): boolean => /^[\0-\xff]*$/.test(text);

test('means the same as JSON, whatever the texts and names in it', () => {
  const texts = fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(texts, (value) => {
      expect(JSON.parse(narrowJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('a French product is left without a character of more than one byte, its accents as they are', () => {
  const text = narrowJson(aProduct(1, { name: 'Thé à l’abri — 12 € 🍵', description: '' }));
  expect(isNarrow(text)).toBe(true);
  expect(text).toContain(String.raw`Thé à l\u2019abri \u2014 12 \u20ac \ud83c\udf75`);
});

test('what is written in another script is no longer for it', () => {
  const value = { name: 'Чай зелёный', note: '緑茶' };
  expect(narrowJson(value)).toBe(JSON.stringify(value));
});
