import type { Answer, Shown } from '../../shared/reads/answer.ts';
import { fitting } from '../../shared/reads/fit.ts';
import { FIRST_SYNC_RETRY_SECONDS, MAX_ANSWER_BYTES } from '../../shared/reads/public-limits.ts';
import { encodeBody, takesGzip, type EncodedBody } from './encoding.ts';
import { isAuthorised, type HttpEvent } from './event.ts';
import type { HttpResult } from './result.ts';

/** A read's answer as HTTP: all of it, or as many records as the platform carries, with `next`. */
export async function answerResult(answer: Answer, event: HttpEvent): Promise<HttpResult> {
  const caching = cachingHeaders(answer.lastSuccessAtMs, event);
  if (answer.kind === 'unchanged') {
    const headers = { ...caching, etag: answer.tag };
    return { statusCode: 304, headers, body: '', isBase64Encoded: false };
  }
  const zip = takesGzip(event);
  const made = await fitting(answer.most, MAX_ANSWER_BYTES, async (most) =>
    encodedAnswer(answer.show(most), zip),
  );
  // What can be cut no further is carried compressed, or not at all: every usual client reads gzip.
  const isOver = made.bytes > MAX_ANSWER_BYTES && !zip;
  const { encoded, tag } = isOver ? await encodedAnswer(answer.show(1), true) : made;
  const { body, isBase64Encoded } = encoded;
  const typed = { 'content-type': 'application/json; charset=utf-8', etag: tag };
  return {
    statusCode: 200,
    headers: { ...caching, ...typed, ...encoded.headers },
    body,
    isBase64Encoded,
  };
}

async function encodedAnswer(
  shown: Shown,
  zip: boolean,
): Promise<{ readonly encoded: EncodedBody; readonly tag: string; readonly bytes: number }> {
  const encoded = await encodeBody(shown, { zip });
  return { encoded, tag: shown.tag, bytes: encoded.bytes };
}

/**
 * How long caches may keep it: a minute, then while they ask again; a day while we can't answer. An
 * answer from before the first sync is kept by nobody. `Age` is 0, as the answer was made just now: the
 * catalogue's own age there would make every cache throw it away (it is in `sync.age_seconds`).
 */
function cachingHeaders(lastSuccessAtMs: number | null, event: HttpEvent): Record<string, string> {
  if (lastSuccessAtMs === null) {
    return { 'cache-control': 'no-store', 'retry-after': String(FIRST_SYNC_RETRY_SECONDS) };
  }
  const scope = isAuthorised(event) ? 'private' : 'public';
  return {
    'cache-control': `${scope}, max-age=60, stale-while-revalidate=300, stale-if-error=86400`,
    'last-modified': new Date(lastSuccessAtMs).toUTCString(),
    age: '0',
  };
}
