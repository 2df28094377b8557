import Negotiator from 'negotiator';
import type { Bulk, Shown } from '../../shared/reads/answer.ts';
import type { HttpEvent } from './event.ts';
import { deflatedBulk, gzipOf } from './gzip.ts';
import type { HttpResult } from './result.ts';

/** Under this many characters compressing costs more than it saves. */
const LEAST_COMPRESSED = 1_024;

/** A body as it travels to the gateway. */
export interface EncodedBody {
  readonly body: string;
  readonly isBase64Encoded: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** What it weighs inside the function's answer, bytes. */
  readonly bytes: number;
}

/** Whether the client takes gzip, by its `Accept-Encoding`. */
export function takesGzip({ headers }: HttpEvent): boolean {
  const asked = { 'accept-encoding': headers['accept-encoding'] };
  return new Negotiator({ headers: asked }).encoding(['gzip', 'identity']) === 'gzip';
}

/** A body of JSON compressed as fast as possible, or as it is. What was compressed of its bulk is kept. */
export async function encodeBody(
  { before, bulk, after }: Pick<Shown, 'before' | 'bulk' | 'after'>,
  { zip }: { zip: boolean },
): Promise<EncodedBody> {
  const text = bulk?.text ?? '';
  if (!zip || before.length + text.length + after.length < LEAST_COMPRESSED) {
    const bytes = weightOf(before) + bulkWeight(bulk) + weightOf(after);
    return { body: `${before}${text}${after}`, isBase64Encoded: false, headers: {}, bytes };
  }
  const zipped = gzipOf(before, await deflatedBulk(bulk), after);
  const body = zipped.toString('base64');
  const headers = { 'content-encoding': 'gzip' };
  return { body, isBase64Encoded: true, headers, bytes: body.length };
}

/** A text answer compressed, where the client takes that and it is not compressed already. */
export async function compressed(result: HttpResult, event: HttpEvent): Promise<HttpResult> {
  if (result.isBase64Encoded || !takesGzip(event)) return result;
  const whole = { before: result.body, bulk: null, after: '' };
  const { body, isBase64Encoded, headers } = await encodeBody(whole, { zip: true });
  return { ...result, body, isBase64Encoded, headers: { ...result.headers, ...headers } };
}

const keptWeights = new WeakMap<Bulk, number>();

/** Weighed once, and kept as long as the text itself. */
function bulkWeight(bulk: Bulk | null): number {
  if (bulk === null) return 0;
  const weight = keptWeights.get(bulk) ?? weightOf(bulk.text);
  keptWeights.set(bulk, weight);
  return weight;
}

/**
 * Bytes in a JSON string, which is how Lambda carries a body. Of JSON itself, where nothing but quotes and
 * backslashes is left to escape: to write the string and measure it took ten times as long.
 */
function weightOf(json: string): number {
  let weight = Buffer.byteLength(json) + '""'.length;
  for (const escaped of ['"', '\\'])
    for (let at = json.indexOf(escaped); at !== -1; at = json.indexOf(escaped, at + 1)) weight += 1;
  return weight;
}
