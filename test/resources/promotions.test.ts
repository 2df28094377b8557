import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../shared/core/json.ts';
import type { Resource } from '../../shared/core/resource.ts';
import { products } from '../../shared/resources/products.ts';
import { contextOf, stored } from './catalog.ts';

const { view }: Resource = products;

const NONE = {
  discount_price: null,
  promo_price: null,
  has_promotion: false,
  discount_percent: null,
  promotion_start_date: null,
  promotion_end_date: null,
};

const product = (fields: JsonObject) =>
  stored(products, { id: 7, name: 'Riz', selling_price: '1500.00', ...fields });

const at = (time: string, fields: JsonObject) =>
  view.inList(product(fields), contextOf({}, Date.parse(time)));

describe('a reduced price', () => {
  test.each([
    [{ discount_price: '1400.00' }, '1400', '1400', true],
    [{ promotional_price: 1400 }, '1400', '1400', true],
    [{ sale_price: '1400' }, '1400', '1400', true],
    [{ discount_price: '1400', has_promotion: true, promo_price: '1300' }, '1300', '1300', true],
    [{ discount_price: '1400', has_promotion: false, promo_price: '1300' }, '1400', null, false],
    [{ discount_price: '1400', promo_price: '1300' }, '1400', '1400', true],
    [{ has_promotion: true, discount_price: '1400' }, '1400', '1400', true],
  ])('of %j is %s', (fields, discount_price, promo_price, has_promotion) => {
    expect(at('2026-11-22', fields)).toMatchObject({ discount_price, promo_price, has_promotion });
  });

  test.each([
    { has_promotion: true },
    { promo_price: '1300' },
    { discount_price: '0.00' },
    { has_promotion: true, promo_price: null, discount_percent: 10 },
  ])('is none for %j', (fields) => {
    expect(at('2026-11-22', fields)).toMatchObject(NONE);
  });

  test('has upstream’s percentage, else one worked out to two decimals', () => {
    expect(at('2026-11-22', { discount_price: '1400' })['discount_percent']).toBe(6.67);
    const given = { discount_price: '1400', discount_percent: '7.00' };
    expect(at('2026-11-22', given)['discount_percent']).toBe(7);
  });
});

describe('a promotion is judged when it is read:', () => {
  const days = { promotion_start_date: '2026-11-20', promotion_end_date: '2026-11-22' };
  const promotion = { has_promotion: true, promo_price: '1400', ...days };

  test.each(['2026-11-20T00:00:00Z', '2026-11-21T12:00:00Z', '2026-11-22T23:59:59.999Z'])(
    'a date alone includes its whole day in UTC, so it counts at %s',
    (time) => {
      expect(at(time, promotion)).toMatchObject({
        promo_price: '1400',
        has_promotion: true,
        ...days,
      });
    },
  );

  test.each(['2026-11-19T23:59:59.999Z', '2026-11-23T00:00:00Z', '2027-01-01T00:00:00Z'])(
    'it leaves no trace at %s',
    (time) => {
      expect(at(time, promotion)).toMatchObject({ ...NONE, price: '1500' });
    },
  );

  test('times with a zone are exact, and shown in UTC', () => {
    const sent = { discount_price: '1400', promotion_end_date: '2026-11-22T13:00:00+01:00' };
    expect(at('2026-11-22T11:59:59.999Z', sent)).toMatchObject({
      discount_price: '1400',
      promotion_end_date: '2026-11-22T12:00:00.000Z',
    });
    expect(at('2026-11-22T12:00:00Z', sent)).toMatchObject(NONE);
  });

  test('the next moment of change is its start, then its end, then none', () => {
    const { body } = product(promotion);
    const next = (time: string) => {
      const atMs = view.changesAtMs(body, Date.parse(time));
      return atMs === null ? null : new Date(atMs).toISOString();
    };
    expect(next('2026-11-01')).toBe('2026-11-20T00:00:00.000Z');
    expect(next('2026-11-20')).toBe('2026-11-23T00:00:00.000Z');
    expect(next('2026-11-23')).toBeNull();
  });

  test('nothing changes by itself without dates, or between dates that exclude each other', () => {
    const never = {
      promotion_start_date: '2026-12-02',
      promotion_end_date: '2026-12-01T00:00:00Z',
    };
    for (const fields of [{}, { discount_price: '1400' }, { discount_price: '1400', ...never }]) {
      expect(view.changesAtMs(product(fields).body, 0)).toBeNull();
    }
  });
});
