/** What a function answers to API Gateway. */
export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
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
