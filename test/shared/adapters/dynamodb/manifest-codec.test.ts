import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canonicalOrder,
  decodeIds,
  encodeIds,
} from '../../../../shared/adapters/dynamodb/id-codec.ts';
import {
  packHashes,
  packIds,
  packManifest,
  unpackBasePart,
  unpackHashes,
} from '../../../../shared/adapters/dynamodb/manifest-codec.ts';
import { recordId } from '../../../../shared/core/record-id.ts';

const MAX_ROW_BYTES = 400_000;

/** Whatever the core accepts as an id: numbers of every size, and texts that only look like them. */
const anyId = fc
  .oneof(
    fc.maxSafeNat(),
    fc.nat(200),
    fc.constantFrom('0', '00', '-1', '1.0', '1e3', '9007199254740992', '#', '\u0000', '😀', 'n011'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  )
  .map(recordId)
  .filter((id) => id !== null);
const anyHash = fc
  .uint8Array({ minLength: 12, maxLength: 12 })
  .map((bytes) => Buffer.from(bytes).toString('base64url'));
const anyManifest = fc
  .array(fc.tuple(anyId, fc.record({ hash: anyHash, missing: fc.boolean() })), { maxLength: 60 })
  .map((entries) => new Map(entries));

describe('a set of ids', () => {
  test('comes back as it was, each id once', () => {
    fc.assert(
      fc.property(fc.array(anyId, { maxLength: 80 }), (ids) => {
        const back = decodeIds(encodeIds(ids));
        expect(back).toHaveLength(new Set(ids).size);
        expect(new Set(back)).toEqual(new Set(ids));
      }),
    );
  });

  test('is the same bytes in whatever order its ids come', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyId, { maxLength: 40 }), (ids) => {
        expect(encodeIds(ids.toReversed())).toEqual(encodeIds(ids));
        expect(decodeIds(encodeIds(ids))).toEqual(canonicalOrder(ids));
      }),
    );
  });

  test('takes one byte for each of many neighbouring ids', () => {
    const ids = Array.from({ length: 10_000 }, (_, at) => `${5_000_000_000 + at * 100}`);
    expect(encodeIds(ids).length).toBeLessThan(10_020);
  });

  test('knows the extremes of numeric ids from texts beside them', () => {
    const ids = ['0', '9007199254740991', '9007199254740992', '007'];
    expect(new Set(decodeIds(encodeIds(ids)))).toEqual(new Set(ids));
  });
});

describe('a manifest', () => {
  test('comes back with its hashes and missing marks', () => {
    fc.assert(
      fc.property(anyManifest, (manifest) => {
        const back = new Map(packManifest(manifest).flatMap(unpackBasePart));
        expect(back).toEqual(manifest);
      }),
    );
  });

  test('keeps each hash with its own id', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyId, anyHash), { maxLength: 40 }), (entries) => {
        const hashes = new Map(entries);
        expect(new Map(unpackHashes(packHashes(hashes)))).toEqual(hashes);
      }),
    );
  });

  test('splits into parts that each fit a row, down to ids of 512 bytes', () => {
    const hash = 'AAAAAAAAAAAAAAAA';
    const long = Array.from({ length: 3_000 }, (_, at) => `${at}-`.padEnd(512, 'x'));
    const short = Array.from({ length: 100_000 }, (_, at) => `${at * 1_000_003}`);
    const ids = [...long, ...short];
    const manifest = new Map(ids.map((id) => [id, { hash, missing: true }]));
    const parts = packManifest(manifest);
    for (const part of parts) {
      const bytes = part.ids.length + part.hashes.length + part.missing.length;
      expect(bytes).toBeLessThan(MAX_ROW_BYTES - 1_000);
    }
    expect(new Map(parts.flatMap(unpackBasePart)).size).toBe(103_000);
    for (const part of packIds(ids)) expect(part.length).toBeLessThan(MAX_ROW_BYTES - 1_000);
  });

  test('without records is one empty part', () => {
    expect(packManifest(new Map()).flatMap(unpackBasePart)).toEqual([]);
    expect(packManifest(new Map())).toHaveLength(1);
  });

  test.each(['', 'short', 'AAAAAAAAAAAAAAA=', 'AAAAAAAAAAAAAAAAAAAA', '----------------!'])(
    'refuses %j as a hash rather than change it',
    (hash) => {
      expect(() => packHashes(new Map([['1', hash]]))).toThrow(RangeError);
    },
  );
});
