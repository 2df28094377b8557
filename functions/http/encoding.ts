import Negotiator from 'negotiator';
import type { Shown } from '../../shared/reads/answer.ts';
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

/** A body compressed as fast as possible, or as it is. What was compressed of its bulk is kept. */
export async function encodeBody(
  { before, bulk, after }: Omit<Shown, 'tag'>,
  { zip }: { zip: boolean },
): Promise<EncodedBody> {
  const text = bulk?.text ?? '';
  if (!zip || before.length + text.length + after.length < LEAST_COMPRESSED) {
    return plainBody(`${before}${text}${after}`);
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

/** Lambda carries it as a JSON string, so that quotes and line breaks weigh twice. */
function plainBody(text: string): EncodedBody {
  const bytes = Buffer.byteLength(JSON.stringify(text));
  return { body: text, isBase64Encoded: false, headers: {}, bytes };
}
