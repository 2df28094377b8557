/** What a function answers to API Gateway. */
export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
  /** Whole `Set-Cookie` headers. */
  readonly cookies?: readonly string[];
}

/** A text answer of one type, in UTF-8. */
export function textResult(
  statusCode: number,
  contentType: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): HttpResult {
  const typed = { 'content-type': `${contentType}; charset=utf-8`, ...headers };
  return { statusCode, headers: typed, body, isBase64Encoded: false };
}

/** An answer in JSON that no cache keeps. */
export const jsonResult = (
  statusCode: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): HttpResult =>
  textResult(statusCode, 'application/json', JSON.stringify(body), {
    'cache-control': 'no-store',
    ...headers,
  });

/** Sends a browser on with a GET, whatever it came with. */
export const redirect = (location: string, cookies: readonly string[] = []): HttpResult => ({
  ...textResult(303, 'text/plain', '', { location, 'cache-control': 'no-store' }),
  cookies,
});
