import type { Answer, Shown } from '../../shared/reads/answer.ts';
import type { Tagged } from '../../shared/reads/entity-tag.ts';
import { fitting } from '../../shared/reads/fit.ts';
import { FIRST_SYNC_RETRY_SECONDS, MAX_ANSWER_BYTES } from '../../shared/reads/public-limits.ts';
import { encodeBody, takesGzip, type EncodedBody } from './encoding.ts';
import { isAuthorised, type HttpEvent } from './event.ts';
import type { HttpResult } from './result.ts';

/** A read's answer as HTTP: all of it, or as many records as the platform carries, with `next`. */
export async function answerResult(answer: Answer, event: HttpEvent): Promise<HttpResult> {
  const headersOf = (tagged: Tagged) => cachingHeaders(answer, tagged, event);
  if (answer.kind === 'unchanged') return unchangedResult(headersOf(answer));
  if (isOfAny(event)) return unchangedResult(headersOf(answer.show(answer.most)));
  const zip = takesGzip(event);
  const made = await fitting(answer.most, MAX_ANSWER_BYTES, async (most) =>
    encodedAnswer(answer.show(most), zip),
  );
  // What can be cut no further is carried compressed, or not at all: every usual client reads gzip.
  const isOver = made.bytes > MAX_ANSWER_BYTES && !zip;
  const { encoded, shown } = isOver ? await encodedAnswer(answer.show(1), true) : made;
  const { body, isBase64Encoded } = encoded;
  return {
    statusCode: 200,
    headers: { ...headersOf(shown), ...TYPED, ...encoded.headers },
    body,
    isBase64Encoded,
  };
}

const TYPED = { 'content-type': 'application/json; charset=utf-8' };

/** Typed as the answer that it stands for: caches take its headers over, and the gateway fills in others. */
const unchangedResult = (caching: Readonly<Record<string, string>>): HttpResult => ({
  statusCode: 304,
  headers: { ...caching, ...TYPED },
  body: '',
  isBase64Encoded: false,
});

/** Whether the client has a copy already, whatever its version. */
const isOfAny = ({ headers }: HttpEvent): boolean => headers['if-none-match']?.trim() === '*';

async function encodedAnswer(
  shown: Shown,
  zip: boolean,
): Promise<{ readonly encoded: EncodedBody; readonly shown: Shown; readonly bytes: number }> {
  const encoded = await encodeBody(shown, { zip });
  return { encoded, shown, bytes: encoded.bytes };
}

/** Seconds for which a cache answers by itself, then while it asks again, and while we can't answer. */
const KEPT_SECONDS = { freely: 60, askingAgain: 300, inTrouble: 86_400 };

/**
 * The tag, and how long caches may keep it: a minute, then while they ask again, neither past the moment at
 * which it changes by itself (a price, say); a day while we can't answer. An answer from before the first
 * sync is kept by nobody. `Age` is 0, as the answer was made just now: the catalogue's own age there would
 * make every cache throw it away (it is in `sync.age_seconds`).
 */
function cachingHeaders(
  { lastSuccessAtMs, nowMs }: Pick<Answer, 'lastSuccessAtMs' | 'nowMs'>,
  { tag: etag, changesAtMs }: Tagged,
  event: HttpEvent,
): Record<string, string> {
  if (lastSuccessAtMs === null) {
    return { etag, 'cache-control': 'no-store', 'retry-after': String(FIRST_SYNC_RETRY_SECONDS) };
  }
  const scope = isAuthorised(event) ? 'private' : 'public';
  const leftSeconds = Math.floor(((changesAtMs ?? Infinity) - nowMs) / 1000);
  const freely = Math.min(KEPT_SECONDS.freely, leftSeconds);
  const askingAgain = Math.min(KEPT_SECONDS.askingAgain, leftSeconds - freely);
  return {
    etag,
    'cache-control': `${scope}, max-age=${freely}, stale-while-revalidate=${askingAgain}, stale-if-error=${KEPT_SECONDS.inTrouble}`,
    'last-modified': new Date(lastSuccessAtMs).toUTCString(),
    age: '0',
  };
}
