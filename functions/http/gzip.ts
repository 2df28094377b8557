import { promisify } from 'node:util';
import { constants, crc32, deflateRaw, deflateRawSync } from 'node:zlib';
import type { Bulk } from '../../shared/reads/answer.ts';

/** A gzip stream of one member, with nothing said of its origin (RFC 1952). */
const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);
const SPEED = { level: constants.Z_BEST_SPEED };
/** Ends at a byte and refers to nothing before it, so that blocks made apart can follow each other. */
const OPEN_END = { ...SPEED, finishFlush: constants.Z_FULL_FLUSH };

/** A text's bytes, and the same as a part of a deflate stream. */
interface Deflated {
  readonly bytes: Uint8Array;
  readonly deflated: Uint8Array;
}

const compress = promisify<Uint8Array, object, Buffer>(deflateRaw);
const EMPTY: Deflated = { bytes: new Uint8Array(), deflated: new Uint8Array() };
const keptOf = new WeakMap<Bulk, Promise<Deflated>>();

/** What many answers share, compressed once and kept as long as the text itself. */
export function deflatedBulk(bulk: Bulk | null): Promise<Deflated> {
  if (bulk === null) return Promise.resolve(EMPTY);
  const known = keptOf.get(bulk);
  if (known !== undefined) return known;
  const bytes = Buffer.from(bulk.text);
  const made = compress(bytes, OPEN_END).then((deflated): Deflated => ({ bytes, deflated }));
  keptOf.set(bulk, made);
  return made;
}

/**
 * One gzip member of three texts of which the middle one is compressed already. Members of their own
 * would be valid too, but browsers read only the first one of a body.
 */
export function gzipOf(before: string, bulk: Deflated, after: string): Buffer {
  const [first, last] = [Buffer.from(before), Buffer.from(after)];
  const checked = [first, bulk.bytes, last].reduce((crc, bytes) => crc32(bytes, crc), 0);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(checked);
  trailer.writeUInt32LE((first.length + bulk.bytes.length + last.length) % 2 ** 32, 4);
  const start = deflateRawSync(first, OPEN_END);
  return Buffer.concat([HEADER, start, bulk.deflated, deflateRawSync(last, SPEED), trailer]);
}
