import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createRedactor,
  upstreamText,
  withoutNeedlessEscapes,
} from '../../../shared/adapters/redaction.ts';

const KEY = 'sk/live+Zq8"7é=xY 42';
const { redact } = createRedactor([KEY]);

describe('U21: a secret is hidden by value', () => {
  it.each([
    ['as it is', KEY],
    ['URL-encoded', encodeURIComponent(KEY)],
    [
      'URL-encoded in lower case',
      encodeURIComponent(KEY).replaceAll(/%../g, (x) => x.toLowerCase()),
    ],
    ['as a form sends it', new URLSearchParams([['k', KEY]]).toString().slice(2)],
    ['in JSON', JSON.stringify(KEY).slice(1, -1)],
    ['in JSON inside JSON', JSON.stringify(JSON.stringify(KEY)).slice(3, -3)],
    ['in base64', Buffer.from(KEY).toString('base64')],
    ['in base64url', Buffer.from(KEY).toString('base64url')],
  ])('%s', (_case, form) => {
    expect(redact(`before ${form} after`)).toBe('before [redacted] after');
  });

  it('inside longer base64, wherever it starts, but for the bits it shares with its neighbours', () => {
    const inside = fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }));
    fc.assert(
      fc.property(inside, ([before, after]) => {
        const whole = Buffer.concat([before, Buffer.from(KEY), after]);
        const clean = redact(whole.toString('base64'));
        expect(clean).toContain('[redacted]');
        const left = clean.split('[redacted]').join('').replaceAll('=', '').length;
        const others = Math.ceil((before.length * 8) / 6) + Math.ceil((after.length * 8) / 6);
        expect(left).toBeLessThanOrEqual(others + 1);
      }),
    );
  });

  it('every time it occurs, and every secret', () => {
    const both = createRedactor(['first-secret']);
    both.remember('second-secret');
    both.remember('');
    expect(both.redact('first-secret second-secret first-secret.')).toBe(
      '[redacted] [redacted] [redacted].',
    );
  });

  it('a secret that another begins with leaves nothing of it', () => {
    const both = createRedactor(['shared-start', 'shared-start-and-more']);
    expect(both.redact('shared-start-and-more.')).toBe('[redacted].');
    const other = createRedactor(['shared-start-and-more', 'shared-start']);
    expect(other.redact('shared-start-and-more.')).toBe('[redacted].');
  });

  it('also a short one in its encodings, and base64 of it as URLs carry it, inside something longer', () => {
    const short = createRedactor(['key?>9']);
    expect(short.redact(`a ${encodeURIComponent('key?>9')} b`)).toBe('a [redacted] b');
    const bytes = Buffer.from([0xfb, 0xff, 0xfe, 0x3e, 0x3f, 0x7e, 0xbf]).toString('latin1');
    const odd = createRedactor([bytes]);
    const inside = Buffer.concat([Buffer.from('x'), Buffer.from(bytes), Buffer.from('y')]);
    expect(odd.redact(inside.toString('base64url'))).toContain('[redacted]');
  });

  it('and nothing else is touched', () => {
    expect(redact('Produit 12 à 1300.00 DA')).toBe('Produit 12 à 1300.00 DA');
  });
});

describe('JSON without needless escapes', () => {
  it.each([
    [String.raw`{"a":"\u0041\/b"}`, '{"a":"A/b"}'],
    // A backslash that is a text's own, and letters behind it.
    [String.raw`{"a":"\\u0041"}`, String.raw`{"a":"\\u0041"}`],
    [String.raw`{"a":"\\\u0041 \u0022 \n \u00e9"}`, String.raw`{"a":"\\A \" \n \u00e9"}`],
  ])('%s means the same', (json, expected) => {
    expect(withoutNeedlessEscapes(json)).toBe(expected);
    expect(JSON.parse(withoutNeedlessEscapes(json))).toEqual(JSON.parse(json));
  });
});

it('a long run of backslashes costs no more than its length', () => {
  const timed = (characters: number): number => {
    const json = JSON.stringify('\\'.repeat(characters));
    const startedAtMs = performance.now();
    withoutNeedlessEscapes(json);
    upstreamText(json, redact);
    return performance.now() - startedAtMs;
  };
  timed(1_000);
  // From each of them on it would be a hundred times as long, and more than a minute.
  expect(timed(500_000)).toBeLessThan(2_000);
});

describe("upstream's text", () => {
  it.each([
    ['as JSON escapes it', '\\u0073k-live-0123456789'],
    ['with an escaped slash', 'sk-live\\/0123456789'],
  ])('hides a secret that is written %s', (_case, written) => {
    const { redact: hide } = createRedactor(['sk-live-0123456789', 'sk-live/0123456789']);
    expect(upstreamText(`{"key": "${written}"}`, hide)).toBe('{"key": "[redacted]"}');
  });

  it('is cut to 200 characters', () => {
    expect(upstreamText('é'.repeat(5_000), redact)).toBe('é'.repeat(200));
  });

  it('never holds the start of a secret that the cut went through', () => {
    const text = upstreamText(`${'x'.repeat(190)}${KEY}`, redact);
    expect(text).toBe(`${'x'.repeat(190)}[redacted]`);
  });

  it('loses its control characters, and a secret does not hide behind them', () => {
    expect(upstreamText('a\u0000b\u001B[31m\u202Ec\r\n\td', redact)).toBe('ab[31mc d');
    expect(upstreamText(`${KEY.slice(0, 5)}\u0000${KEY.slice(5)}`, redact)).toBe('[redacted]');
  });

  it('ends in no half character', () => {
    expect(upstreamText(`${'x'.repeat(199)}😀`, redact).isWellFormed()).toBe(true);
  });
});
