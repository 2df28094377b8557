import { describe, expect, test } from 'vitest';
import { localEnvironment } from '../../shared/environment.ts';
import { catalogName, catalogWords, isSourceName } from '../../shared/core/source-names.ts';
import { intervalsOf, parseSource, sourcesOf, variableOf } from '../../shared/source-settings.ts';

const BOTH = {
  B2B_SOURCES: 'drinks',
  B2B_API_URL: 'https://main.example',
  B2B_API_KEY: 'k1',
  B2B_SITE_ID: '3',
  SYNC_INTERVALS: 'products=60',
  B2B_API_URL_DRINKS: 'https://drinks.example',
  B2B_API_KEY_DRINKS: 'k2',
};

describe('the sources of an environment', () => {
  test('without their setting there is the main one; with it, that one comes first', () => {
    expect(sourcesOf({})).toEqual(['main']);
    expect(sourcesOf({ B2B_SOURCES: '' })).toEqual(['main']);
    expect(sourcesOf({ B2B_SOURCES: 'drinks,cellar-2' })).toEqual(['main', 'drinks', 'cellar-2']);
  });

  test.each(['Drinks', 'main', 'drinks,drinks', 'a b', 'all', 'runs', 'a'.repeat(21), 'x-', '2nd'])(
    '%s is refused with the form',
    (B2B_SOURCES) => {
      expect(() => sourcesOf({ B2B_SOURCES })).toThrow(
        /^B2B_SOURCES is malformed: it is names of the sources beside main, at most 7/,
      );
    },
  );

  test('each has its own settings under its own spelling, and takes none of another', () => {
    expect(parseSource(localEnvironment, BOTH, 'main')).toMatchObject({
      B2B_API_URL: 'https://main.example',
      B2B_API_KEY: 'k1',
      B2B_SITE_ID: '3',
    });
    const drinks = parseSource(localEnvironment, BOTH, 'drinks');
    expect(drinks).toMatchObject({ B2B_API_URL: 'https://drinks.example', B2B_API_KEY: 'k2' });
    expect(drinks.B2B_SITE_ID).toBeUndefined();
    const intervalOf = intervalsOf(BOTH);
    expect([intervalOf('products', 'main'), intervalOf('products', 'drinks')]).toEqual([
      3_600_000,
      undefined,
    ]);
  });

  test('an interval of what is not synced is refused, since it would not be kept', () => {
    const wrong = { B2B_SOURCES: 'drinks', SYNC_INTERVALS_DRINKS: 'product=60,categories=60' };
    expect(() => intervalsOf(wrong)).toThrow(
      'SYNC_INTERVALS_DRINKS names product, which is not synced: products, categories are.',
    );
  });

  test.each(['products=0', 'products=', 'products=1h', 'products'])(
    'an interval of whole minutes only: %s is refused',
    (SYNC_INTERVALS) => {
      expect(() => intervalsOf({ SYNC_INTERVALS })).toThrow(/^SYNC_INTERVALS is malformed/);
    },
  );

  test('a wrong or missing one is named as its source spells it, never shown', () => {
    const wrong = { ...BOTH, B2B_API_URL_DRINKS: 'drinks', B2B_API_KEY_DRINKS: undefined };
    expect(() => parseSource(localEnvironment, wrong, 'drinks')).toThrow(
      /^B2B_API_URL_DRINKS is malformed: it is [^]*B2B_API_KEY_DRINKS is missing: it is /,
    );
    expect(() => parseSource(localEnvironment, wrong, 'main')).not.toThrow();
    expect(variableOf('B2B_API_KEY', 'wine-bar')).toBe('B2B_API_KEY_WINE_BAR');
  });
});

test('the main source’s catalogues keep their names; another’s say whose they are', () => {
  const [main, drinks] = [
    { source: 'main', resource: 'products' },
    { source: 'drinks', resource: 'products' },
  ];
  expect([main, drinks].map(catalogName)).toEqual(['products', 'drinks/products']);
  expect([main, drinks].map(catalogWords)).toEqual(['products', 'products of drinks']);
  expect(isSourceName('cellar-2')).toBe(true);
});
