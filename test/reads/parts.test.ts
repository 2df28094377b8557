import { describe, expect, test, vi } from 'vitest';
import { createKeptTexts } from '../../shared/adapters/dynamodb/kept-texts.ts';
import { NEW_CONTROL } from '../../shared/core/control.ts';
import { cursorText, parseCursor } from '../../shared/reads/cursor.ts';
import { entityTag, validTag } from '../../shared/reads/entity-tag.ts';
import { ReadError } from '../../shared/reads/errors.ts';
import { fitting } from '../../shared/reads/fit.ts';
import { sideBySide } from '../../shared/reads/rendering.ts';
import { freshnessOf } from '../../shared/reads/freshness.ts';

const HOUR_MS = 3_600_000;

describe('an entity tag', () => {
  const parts = { versions: [12, 3], stale: [false] };

  test('is valid for the same versions until the moment at which a record changes by itself', () => {
    const tagged = entityTag(parts, 1000);
    expect(validTag(tagged.tag, parts, 999)).toEqual(tagged);
    expect(validTag(tagged.tag, parts, 1000)).toBeNull();
    const forEver = entityTag(parts, null);
    expect(validTag(forEver.tag, parts, Number.MAX_SAFE_INTEGER)).toEqual(forEver);
  });

  test('is valid for no other versions, order of versions, or staleness', () => {
    const { tag } = entityTag(parts, null);
    for (const versions of [[12, 4], [13, 3], [3, 12], [123], [12], [12, 3, 0]]) {
      expect(validTag(tag, { versions, stale: [false] }, 0)).toBeNull();
    }
    expect(validTag(tag, { ...parts, stale: [true] }, 0)).toBeNull();
  });

  test('is found among others, with or without the mark of a weak one (RFC 9110, 13.1.2), and nowhere else', () => {
    const tagged = entityTag(parts, null);
    const { tag } = tagged;
    expect(validTag(`"a", ${tag} , W/"b"`, parts, 0)).toEqual(tagged);
    expect(validTag(tag.slice(2), parts, 0)).toEqual(tagged);
    expect(validTag(tag.replaceAll('"', ''), parts, 0)).toBeNull();
    expect(validTag(null, parts, 0)).toBeNull();
  });
});

test('of unpacked pages, those that were looked at last are kept', () => {
  const texts = createKeptTexts(10);
  const unpack = vi.fn<() => string>(() => 'abcd');
  const [first, second, third] = [{}, {}, {}];
  for (const page of [first, second, first, third, first]) texts.of(page, unpack);
  expect(unpack).toHaveBeenCalledTimes(3);
  texts.of(second, unpack);
  expect(unpack).toHaveBeenCalledTimes(4);
});

const pins = { products: { base: 3, pages: 2, version: 7 } };

describe('a cursor', () => {
  test.each(['12', 'é/#?&=+ 漢字 🙂', 'x'.repeat(512)])(
    'keeps the id %j, safe in a URL',
    (after) => {
      const text = cursorText({ after, pins, filters: 'products' });
      expect(text).toMatch(/^[\w-]+$/);
      expect(parseCursor(text, 'products')).toEqual({ after, pins, filters: 'products' });
    },
  );

  test('goes on with its own filters only', () => {
    const text = cursorText({ after: '1', pins, filters: 'products' });
    expect(() => parseCursor(text, 'categories')).toThrow(ReadError);
  });

  test.each([
    { after: 1, pins, filters: 'f' },
    { after: '1', pins: { products: { base: 1, pages: 1, version: -1 } }, filters: 'f' },
    { after: '1', pins: { products: { ...pins.products, more: 1 } }, filters: 'f' },
    { after: '1', pins },
    { after: '1', pins, filters: 'f', more: true },
    null,
    [],
  ])('of another form is refused: %j', (content) => {
    const text = Buffer.from(JSON.stringify(content)).toString('base64url');
    expect(() => parseCursor(text, 'f')).toThrow(ReadError);
  });
});

test('a cursor that is longer than any of ours is refused unread', () => {
  const text = cursorText({ after: 'x'.repeat(4096), pins, filters: 'f' });
  expect(() => parseCursor(text, 'f')).toThrow(ReadError);
});

const weighing = (bytesEach: number) => {
  const tries: number[] = [];
  const attempt = async (most: number) => {
    tries.push(most);
    return { most, bytes: most * bytesEach };
  };
  return { tries, attempt };
};

describe('fitting', () => {
  test('makes what fits once', async () => {
    const { tries, attempt } = weighing(10);
    expect(await fitting(100, 1000, attempt)).toEqual({ most: 100, bytes: 1000 });
    expect(tries).toEqual([100]);
  });

  test('cuts what does not fit, in a few tries, to most of what would', async () => {
    const { tries, attempt } = weighing(10);
    const { most } = await fitting(5000, 1000, attempt);
    expect(most).toBeGreaterThan(80);
    expect(most).toBeLessThanOrEqual(100);
    expect(tries.length).toBeLessThan(4);
  });

  test('cuts also what is little over', async () => {
    const { most, bytes } = await fitting(101, 1000, weighing(10).attempt);
    expect(bytes).toBeLessThanOrEqual(1000);
    expect(most).toBeGreaterThan(80);
  });

  test('ends with one record, even one that is too large alone', async () => {
    expect(await fitting(50, 1000, weighing(5000).attempt)).toEqual({ most: 1, bytes: 5000 });
  });
});

describe('freshness', () => {
  const at = { nowMs: 10 * HOUR_MS, intervalMs: 2 * HOUR_MS };
  const syncedAt = (lastSuccessAtMs: number) => ({
    ...NEW_CONTROL,
    lastSuccessAtMs,
    nextDueAtMs: at.nowMs + 1,
  });

  test('grows stale once the last success is older than the interval', () => {
    expect(freshnessOf(syncedAt(8 * HOUR_MS), null, at)).toMatchObject({
      stale: false,
      age_seconds: 7200,
    });
    expect(freshnessOf(syncedAt(8 * HOUR_MS - 1), null, at)).toMatchObject({ stale: true });
  });

  test('of a catalogue from the future, as skewed clocks have it, is 0 seconds', () => {
    expect(freshnessOf(syncedAt(11 * HOUR_MS), null, at)).toMatchObject({
      age_seconds: 0,
      stale: false,
    });
  });

  test('without a sync is stale, has no age, and may start at once', () => {
    expect(freshnessOf(NEW_CONTROL, 'started', at)).toEqual({
      decision: 'started',
      last_sync: null,
      age_seconds: null,
      stale: true,
      next_allowed: null,
    });
  });
});

describe('texts side by side', () => {
  const [a, b, c] = [{ text: '1' }, { text: '2' }, { text: '3' }];

  test('are one text with commas, and the same object as long as they are the same', () => {
    const both = sideBySide([a, b]);
    expect(both).toEqual({ text: '1,2' });
    expect(sideBySide([a, b])).toBe(both);
    expect(sideBySide([a, c])).toEqual({ text: '1,3' });
    expect(sideBySide([a, b, c])).toEqual({ text: '1,2,3' });
  });

  test('one alone is itself; none is nothing', () => {
    expect(sideBySide([a])).toBe(a);
    expect(sideBySide([])).toBeNull();
  });
});
