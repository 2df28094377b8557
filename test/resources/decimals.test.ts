import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalOf, moneyText, shifted } from '../../shared/resources/decimals.ts';

describe('a number in a supplier’s answer', () => {
  test.each([
    ['1300.00', '1300'],
    ['12.000', '12'],
    ['1250.50', '1250.5'],
    ['12,5', '12.5'],
    ['1.234,56', '1234.56'],
    ['1,234.56', '1234.56'],
    ['1 234,56', '1234.56'],
    ['1\u202f234,56', '1234.56'],
    ['1,234,567', '1234567'],
    ['1.234.567,8', '1234567.8'],
    ['-2.000', '-2'],
    ['-0.00', '0'],
    ['007', '7'],
    ['.5', '0.5'],
    ['  3 ', '3'],
    [1250.5, '1250.5'],
    [0.1 + 0.2, '0.3'],
    [1e-7, '0.0000001'],
  ])('%j is read as %s', (sent, expected) => {
    expect(decimalOf(sent)).toBe(expected);
  });

  test.each(
    [
      '',
      'abc',
      '1300 FCFA',
      '12.',
      '.',
      '-',
      '1.234.56',
      '1,23,456',
      '1.2,3.4',
      '1e5',
      'NaN',
    ].concat(['9'.repeat(16), '1'.repeat(5_000_000)]),
  )('%.20j is none', (sent) => {
    expect(decimalOf(sent)).toBeUndefined();
  });

  test.each([Infinity, -Infinity, NaN, 1e21, 2 ** 53, null, true, [1], {}])(
    '%j is none',
    (sent) => {
      expect(decimalOf(sent)).toBeUndefined();
    },
  );

  test('keeps every digit of an amount that no float holds', () => {
    expect(decimalOf('123456789012345.6789012345')).toBe('123456789012345.6789012345');
  });

  test('is the same number whichever way it was written', () => {
    const cents = fc.bigInt({ min: -99_999_999_999n, max: 99_999_999_999n });
    fc.assert(
      fc.property(cents, (amount) => {
        const written = (locale: string) =>
          new Intl.NumberFormat(locale, { minimumFractionDigits: 2 }).format(Number(amount) / 100);
        const read = ['en', 'de', 'fr'].map((locale) => decimalOf(written(locale)));
        expect(new Set(read).size).toBe(1);
        expect(Math.round(Number(read[0]) * 100)).toBe(Number(amount));
      }),
    );
  });
});

describe('money', () => {
  test.each([
    ['1300', '1300'],
    ['1250.5', '1250.50'],
    ['1250.55', '1250.55'],
    ['0.0015', '0.0015'],
    ['0', '0'],
  ])('%s has the one form %s', (decimal, expected) => {
    expect(moneyText(decimal)).toBe(expected);
  });

  test('moves its decimal point exactly, there and back', () => {
    const amount = fc.tuple(fc.nat(999_999), fc.nat(999_999));
    fc.assert(
      fc.property(amount, ([whole, micros]) => {
        const decimal = decimalOf(`${whole}.${String(micros).padStart(6, '0')}`) ?? '';
        const scaled = BigInt(whole) * 1_000_000n + BigInt(micros);
        expect(shifted(decimal, 6)).toBe(String(scaled));
        expect(shifted(shifted(decimal, -3), 3)).toBe(decimal);
      }),
    );
  });
});
