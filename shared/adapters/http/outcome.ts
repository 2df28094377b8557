import { UpstreamError, type UpstreamFailure } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { HttpAnswer } from './request.ts';
import { upstreamText, withoutNeedlessEscapes } from '../redaction.ts';
import { retryAfterMs } from './retry-after.ts';
import type { TransportFailure } from './transport-failure.ts';

/** What one attempt came to. */
export type Outcome =
  | { readonly kind: 'json'; readonly json: Json }
  /** 401 or 403. */
  | { readonly kind: 'refused'; readonly error: UpstreamError }
  | { readonly kind: 'failed'; readonly error: UpstreamError; readonly retriable: boolean };

/** What judging an attempt needs besides it. */
export interface Attempt {
  /** The request in a few words, for messages: made when there is something to say. */
  readonly what: () => string;
  readonly nowMs: number;
  readonly redact: (text: string) => string;
  /** Hides the key that it was sent with in a body that echoes it; null where that is not to be done. */
  readonly withoutKey: ((body: string) => string) | null;
}

export function outcomeOf(result: HttpAnswer | TransportFailure, attempt: Attempt): Outcome {
  if (result.kind === 'transport') {
    const { failure, message, cause, retriable } = result;
    return failed(
      new UpstreamError(failure, `${attempt.what()}: ${message}`, { cause }),
      retriable,
    );
  }
  return result.status === 200 ? outcomeOfBody(result, attempt) : outcomeOfStatus(result, attempt);
}

/** The body decides, not its declared type: JSON is JSON, and a maintenance page never parses.
 *  A byte order mark is tolerated, another encoding than UTF-8 is not. */
function outcomeOfBody({ body }: HttpAnswer, attempt: Attempt): Outcome {
  const text = decodedUtf8(body);
  if (text === null) return unreadable('the body is not UTF-8', attempt);
  const { withoutKey, redact } = attempt;
  const json = parsedJson(withoutKey === null ? text : withoutKey(withoutNeedlessEscapes(text)));
  if (json !== undefined) return { kind: 'json', json };
  // What starts as JSON and does not end as such was cut, perhaps on its way.
  const cut = /^\s*[[{]/.test(text);
  const start = upstreamText(text, redact);
  return unreadable(cut ? `the JSON is cut: ${start}` : `not JSON: ${start}`, attempt, cut);
}

function outcomeOfStatus({ status, headers, body }: HttpAnswer, attempt: Attempt): Outcome {
  const error = (failure: UpstreamFailure, words: string): UpstreamError => {
    const text = upstreamText(body.toString(), attempt.redact);
    const message = `${attempt.what()}: ${words} (${status})${text && `: ${text}`}`;
    const isOverload = status === 429 || status === 503;
    const waitMs = isOverload ? retryAfterMs(headers['retry-after'], attempt.nowMs) : null;
    return new UpstreamError(failure, message, { status, retryAfterMs: waitMs });
  };
  if (status === 401 || status === 403) {
    return { kind: 'refused', error: error('key_refused', 'the supplier refused the key') };
  }
  if (status === 404 || status === 410) return failed(error('not_found', 'not found'), false);
  if (status === 429) return failed(error('throttled', 'too many requests'), true);
  if (status >= 500 || status === 408) return failed(error('unavailable', 'server error'), true);
  const words = status >= 300 && status < 400 ? 'a redirect, never followed' : 'unexpected answer';
  return failed(error('invalid', words), false);
}

function failed(error: UpstreamError, retriable: boolean): Outcome {
  return { kind: 'failed', error, retriable };
}

function unreadable(words: string, { what }: Attempt, retriable = false): Outcome {
  return failed(new UpstreamError('invalid', `${what()}: ${words}`, { status: 200 }), retriable);
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

function decodedUtf8(bytes: Uint8Array): string | null {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return null;
  }
}

/** Undefined when it does not parse. The parser's own error is dropped: it quotes the text. */
function parsedJson(text: string): Json | undefined {
  try {
    const json: Json = JSON.parse(text);
    return json;
  } catch {
    return undefined;
  }
}
